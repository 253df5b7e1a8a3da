import { diagnosticEvent } from "../../engine/configuration/diagnostic-event.ts";
import { maskedHappening } from "../../engine/events/masked-event.ts";
import type { Diagnostic } from "../../hcl/source/diagnostic.ts";
import { renderDiagnostic } from "../../hcl/source/render-diagnostic.ts";
import type { Console } from "./console.ts";

/** Shows the faults of a template, all at once, in the order of its text; `mask` takes secrets out. */
export function showDiagnostics(
  console: Console,
  diagnostics: readonly Diagnostic[],
  options: { readonly color: boolean; readonly mask?: (text: string) => string },
): void {
  const mask = options.mask ?? asIs;
  for (const diagnostic of inFileOrder(diagnostics)) {
    if (console.emit?.(maskedHappening(diagnosticEvent(diagnostic), mask))) continue;
    const text = mask(renderDiagnostic(diagnostic, { color: options.color }));
    if (diagnostic.severity === "error") console.error(text);
    else console.say(text);
  }
}

/** Files in the order in which they first appear, faults by place within each; what has no place comes last. */
export function inFileOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const files = new Map<unknown, number>();
  for (const { subject } of diagnostics) {
    if (subject && !files.has(subject.source)) files.set(subject.source, files.size);
  }
  const place = ({ subject }: Diagnostic) =>
    subject ? ([files.get(subject.source) ?? 0, subject.start] as const) : ([files.size, 0] as const);
  return diagnostics
    .map((diagnostic, index) => ({ diagnostic, index, place: place(diagnostic) }))
    .sort((a, b) => a.place[0] - b.place[0] || a.place[1] - b.place[1] || a.index - b.index)
    .map(({ diagnostic }) => diagnostic);
}

function asIs(text: string): string {
  return text;
}
