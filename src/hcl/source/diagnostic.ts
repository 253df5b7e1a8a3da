import type { Range } from "./source.ts";

export type Severity = "error" | "warning";

/**
 * A fault that the author of a template can mend. A value, never thrown.
 * `summary`: what is wrong, no full stop. `detail`: what to do, full sentences. `subject`: the tight place.
 * `context`: a wider range worth showing around it. `code`: stable kebab-case id, one row each in docs/diagnostics.md.
 * `values`: what expressions in the subject evaluated to, already free of secrets ("var.x is 5").
 */
export interface Diagnostic {
  readonly severity: Severity;
  readonly code: string;
  readonly summary: string;
  readonly detail: string;
  readonly subject?: Range;
  readonly context?: Range;
  readonly values?: readonly string[];
}

export interface DiagnosticText {
  readonly code: string;
  readonly summary: string;
  readonly detail?: string;
  readonly subject?: Range | undefined;
  readonly context?: Range | undefined;
  readonly values?: readonly string[] | undefined;
}

/** Collects the faults of one stage. Passed to everything that may find one. */
export class Diagnostics {
  readonly all: Diagnostic[] = [];

  error(text: DiagnosticText): void {
    this.add("error", text);
  }

  warning(text: DiagnosticText): void {
    this.add("warning", text);
  }

  append(others: Iterable<Diagnostic>): void {
    for (const other of others) this.all.push(other);
  }

  get hasErrors(): boolean {
    return this.all.some((diagnostic) => diagnostic.severity === "error");
  }

  private add(severity: Severity, text: DiagnosticText): void {
    this.all.push({
      severity,
      code: text.code,
      summary: text.summary,
      detail: text.detail ?? "",
      ...(text.subject && { subject: text.subject }),
      ...(text.context && { context: text.context }),
      ...(text.values && { values: text.values }),
    });
  }
}
