import { enclosingBlock } from "../syntax/enclosing-block.ts";
import { describeRange, type RangeDescription } from "./describe-range.ts";
import type { Diagnostic, Severity } from "./diagnostic.ts";
import { lineMap } from "./line-map.ts";

/** A diagnostic as plain data, for programs. `snippet`: the whole line on which the range starts. */
export interface DiagnosticJson {
  readonly severity: Severity;
  readonly code: string;
  readonly summary: string;
  readonly detail: string;
  readonly range?: RangeDescription;
  readonly context?: RangeDescription;
  readonly block?: string;
  readonly snippet?: string;
  readonly values?: readonly string[];
}

export function diagnosticJson(diagnostic: Diagnostic): DiagnosticJson {
  const { severity, code, summary, detail, subject, context, values } = diagnostic;
  const range = subject && describeRange(subject);
  const block = subject && enclosingBlock(subject);
  const snippet = subject && range && lineMap(subject.source).lineText(range.start.line);
  return {
    severity,
    code,
    summary,
    detail,
    ...(range && { range }),
    ...(context && { context: describeRange(context) }),
    ...(block !== undefined && { block }),
    ...(snippet !== undefined && { snippet }),
    ...(values && { values }),
  };
}
