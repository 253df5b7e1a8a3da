import { Diagnostics } from "../../hcl/source/diagnostic.ts";
import type { Artifact } from "../../sdk/artifact.ts";
import type { MachineFactsForTemplates } from "../../sdk/component.ts";
import { Failure } from "../../sdk/failure.ts";
import type { ConfigureContext, Planned } from "../../template/plan.ts";
import type { BuildRun } from "../build-run.ts";
import { diagnosticEvent, diagnosticLine } from "./diagnostic-event.ts";

/** Configures a component right before it runs, with the values of the build. A fault of the template is a Failure by now. */
export async function configureAgain<C>(
  run: BuildRun,
  planned: Planned<C>,
  known: { readonly facts: MachineFactsForTemplates; readonly artifact?: Artifact },
): Promise<never> {
  const diagnostics = new Diagnostics();
  const context: ConfigureContext = { host: run.host, secret: run.masker.add, ...known };
  const configured = await planned.configure(context, diagnostics);
  const errors = diagnostics.all.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new Failure(errors.map(diagnosticLine).join("\n"));
  for (const warning of diagnostics.all) {
    const line = diagnosticLine(warning);
    if (run.state.shownWarnings.has(line)) continue;
    run.state.shownWarnings.add(line);
    run.emit(diagnosticEvent(warning));
  }
  if (!configured) throw new Error(`configuring "${planned.type}" gave neither a configuration nor an error`);
  if (!configured.complete) throw incomplete(planned.type);
  return configured.config;
}

export function incomplete(type: string): Failure {
  return new Failure(`The configuration of "${type}" holds values that are still unknown`, {
    hint: "They come from a data source that was not read, or from a value that this build does not have.",
  });
}
