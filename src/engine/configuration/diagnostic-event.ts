import { describeRange } from "../../hcl/source/describe-range.ts";
import type { Diagnostic } from "../../hcl/source/diagnostic.ts";
import { type DiagnosticJson, diagnosticJson } from "../../hcl/source/diagnostic-json.ts";
import { renderDiagnostic } from "../../hcl/source/render-diagnostic.ts";
import type { Happening } from "../../sdk/events.ts";
import type { Json } from "../../sdk/json.ts";

/** A diagnostic as an event: the text as it is shown, and the same as data. */
export function diagnosticEvent(diagnostic: Diagnostic): Extract<Happening, { type: "diagnostic" }> {
  const text = renderDiagnostic(diagnostic).trimEnd();
  return { type: "diagnostic", severity: diagnostic.severity, text, data: asJson(diagnosticJson(diagnostic)) };
}

/** One line: `file:line: summary: detail`. */
export function diagnosticLine({ summary, detail, subject }: Diagnostic): string {
  const range = subject && describeRange(subject);
  const place = range ? `${range.file}:${range.start.line}: ` : "";
  return `${place}${summary}${detail === "" ? "" : `: ${detail}`}`;
}

/** An interface is no index signature to the compiler, though it is plain data. */
function asJson(json: DiagnosticJson): Json {
  return JSON.parse(JSON.stringify(json));
}
