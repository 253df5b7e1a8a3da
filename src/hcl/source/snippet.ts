import { lineMap } from "./line-map.ts";
import type { Range } from "./source.ts";

/**
 * The lines of the subject, each with a line of marks under it, and the first line of the context; numbered as Packer
 * numbers them. Long pieces are shortened.
 */
export function snippetLines(
  subject: Range,
  context: Range | undefined,
  { paint, plain }: { paint: string; plain: string },
): string[] {
  const map = lineMap(subject.source);
  const first = map.position(subject.start).line;
  const last = Math.max(first, map.position(Math.max(subject.start, subject.end - 1)).line);
  const around = context?.source === subject.source ? map.position(context.start).line : first;
  const lines: string[] = [];
  const add = (line: number, marked: boolean) => {
    const text = map.lineText(line) ?? "";
    const number = `${String(line).padStart(4)}: `;
    lines.push(`${number}${visible(text)}`.trimEnd());
    if (!marked) return;
    const start = Math.max(0, subject.start - map.lineStart(line));
    const end = Math.min(text.length, subject.end - map.lineStart(line));
    const blanks = line === first ? 0 : text.length - text.trimStart().length;
    const from = Math.max(start, blanks);
    const marks = "^".repeat(Math.max(1, displayWidth(text.slice(from, end))));
    if (from <= end || line === first)
      lines.push(`${" ".repeat(number.length)}${padding(text.slice(0, from))}${paint}${marks}${plain}`);
  };
  if (around < first) {
    add(around, false);
    if (around < first - 1) lines.push("      …");
  }
  for (let line = first; line <= last; line++) {
    if (line === first + MOST_LINES && line < last) {
      lines.push("      …");
      line = last;
    }
    add(line, last - first < MOST_LINES || line === first);
  }
  return lines;
}

/** Of a subject over more lines than this, only the first of them are shown, and the last. */
const MOST_LINES = 4;

/** Blanks as wide as the text; tabs stay tabs, whatever their width is. */
function padding(text: string): string {
  return text.replace(/[^\t]+/g, (piece) => " ".repeat(displayWidth(piece)));
}

function visible(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "\ufffd");
}

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** In columns of a terminal: East Asian wide characters and emoji take two. */
function displayWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += WIDE.test(segment) ? 2 : 1;
  return width;
}

const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|^\p{Emoji_Presentation}/u;
