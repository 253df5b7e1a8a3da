import type { Diagnostic } from "../../hcl/source/diagnostic.ts";
import type { Range } from "../../hcl/source/source.ts";
import type { Happening } from "../../sdk/events.ts";
import type { Json } from "../../sdk/json.ts";

/** A diagnostic as an event: the text for people without source lines, the place as data. */
export function diagnosticEvent(diagnostic: Diagnostic): Extract<Happening, { type: "diagnostic" }> {
  const { severity, code, summary, detail, subject, values } = diagnostic;
  const data: Json = {
    code,
    summary,
    detail,
    ...(subject && { subject: placeOf(subject) }),
    ...(values && { values }),
  };
  return { type: "diagnostic", severity, text: diagnosticText(diagnostic), data };
}

/** `Error: summary`, the place, the detail: as blocks of lines. */
export function diagnosticText({ severity, summary, detail, subject }: Diagnostic): string {
  const blocks = [`${severity === "error" ? "Error" : "Warning"}: ${summary}`];
  if (subject) blocks.push(`  on ${subject.source.name} line ${placeOf(subject).line}`);
  if (detail !== "") blocks.push(detail);
  return blocks.join("\n\n");
}

/** One line: `file:line: summary: detail`. */
export function diagnosticLine({ summary, detail, subject }: Diagnostic): string {
  const place = subject ? `${subject.source.name}:${placeOf(subject).line}: ` : "";
  return `${place}${summary}${detail === "" ? "" : `: ${detail}`}`;
}

/** Lines and columns count from 1, columns in UTF-16 code units. */
function placeOf({ source, start }: Range): { file: string; line: number; column: number } {
  const before = source.text.slice(0, start);
  const line = before.split("\n").length;
  return { file: source.name, line, column: start - before.lastIndexOf("\n") };
}
