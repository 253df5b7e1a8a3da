import { enclosingBlock } from "../syntax/enclosing-block.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { lineMap } from "./line-map.ts";
import { snippetLines } from "./snippet.ts";
import { wrapText } from "./wrap-text.ts";

/**
 * A diagnostic as Packer shapes it, with the place marked under the line: title, place, lines, values, detail, each
 * followed by an empty line. `width` is where the detail is wrapped, in columns.
 */
export function renderDiagnostic(
  diagnostic: Diagnostic,
  { color = false, width = 80 }: { color?: boolean; width?: number } = {},
): string {
  const { severity, summary, detail, subject, values = [] } = diagnostic;
  const paint = color ? (severity === "error" ? RED : YELLOW) : "";
  const plain = color ? PLAIN : "";
  const lines = [`${paint}${severity === "error" ? "Error" : "Warning"}${plain}: ${shown(summary)}`, ""];
  if (subject) {
    const block = enclosingBlock(subject);
    const { line } = lineMap(subject.source).position(subject.start);
    lines.push(`  on ${shown(subject.source.name)} line ${line}${block === undefined ? "" : `, in ${shown(block)}`}:`);
    lines.push(...snippetLines(subject, diagnostic.context, { paint, plain }), "");
  }
  if (values.length > 0) {
    lines.push(`where ${values.map(shown).join(",\n      ")}.`, "");
  }
  if (detail !== "") lines.push(wrapText(shown(detail), width), "");
  return `${lines.join("\n")}\n`;
}

const RED = "\u001b[31m";
const YELLOW = "\u001b[33m";
const PLAIN = "\u001b[0m";

/** What comes from a template must not steer the terminal. */
function shown(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "\ufffd");
}
