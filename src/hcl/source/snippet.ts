import { displayWidth } from "./display-width.ts";
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
    const start = Math.max(0, subject.start - map.lineStart(line));
    const end = Math.min(text.length, subject.end - map.lineStart(line));
    const from = line === first ? start : Math.max(start, text.length - text.trimStart().length);
    const shown = windowOf(text, marked ? from : 0);
    const number = `${String(line).padStart(4)}: `;
    lines.push(`${number}${visible(shown.text)}`.trimEnd());
    if (!marked || (from > end && line !== first)) return;
    const place = from - shown.offset;
    const width = displayWidth(shown.text.slice(place, end - shown.offset));
    const before = `${" ".repeat(number.length)}${padding(shown.text.slice(0, place))}`;
    lines.push(`${before}${paint}${"^".repeat(Math.max(1, width))}${plain}`);
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

/** Of a line longer than this, only a piece around the subject is shown. */
const MOST_CHARACTERS = 240;

/** The piece of a line that is shown. `offset`: how much further left its characters are than in the line. */
function windowOf(text: string, place: number): { text: string; offset: number } {
  if (text.length <= MOST_CHARACTERS) return { text, offset: 0 };
  const start = place < MOST_CHARACTERS / 2 ? 0 : place - 80;
  const piece = text.slice(start, start + MOST_CHARACTERS);
  const ends = start + MOST_CHARACTERS < text.length ? "…" : "";
  return start === 0 ? { text: piece + ends, offset: 0 } : { text: `…${piece}${ends}`, offset: start - 1 };
}

/** Blanks as wide as the text; tabs stay tabs, whatever their width is. */
function padding(text: string): string {
  return text.replace(/[^\t]+/g, (piece) => " ".repeat(displayWidth(piece)));
}

function visible(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "\ufffd");
}
