import type { Artifact } from "../../sdk/artifact.ts";
import type { MachineFactsForTemplates, PostProcessed } from "../../sdk/component.ts";
import type { PlannedPostProcessor } from "../../template/plan.ts";
import { generatedData } from "../artifacts/generated-data.ts";
import type { BuildRun } from "../build-run.ts";
import { configureAgain } from "../configuration/configure-again.ts";
import { laterTemplates } from "../provisioning/later-templates.ts";
import { runStep } from "../recipe/run-step.ts";

/** Runs one post-processor, configured with the values of the build and of its input. What it owns is undone with the build. */
export function runPostProcessor(
  run: BuildRun,
  planned: PlannedPostProcessor,
  id: string,
  input: Artifact,
  facts: MachineFactsForTemplates,
): Promise<PostProcessed> {
  const title = planned.name ?? planned.type;
  const machine = { ...facts, ...generatedData(input) };
  const templates = laterTemplates(run, machine);
  // To the letter as Packer writes it, the empty name of an unnamed one included.
  const named = planned.name === planned.type ? planned.type : `${planned.name ?? ""} (type ${planned.type})`;
  run.emit({ type: "line", level: "say", text: `Running post-processor: ${named}` });
  return runStep(run, {
    id,
    title,
    kind: "post-processor",
    component: planned.type,
    target: `${run.name} (${planned.type})`,
    scope: run.lastScope,
    pause: `Pausing before post-processor '${title}'. Press enter to continue.`,
    run: (attempt) =>
      attempt(async (step) => {
        const config = await configureAgain(run, planned, { facts: machine, artifact: input });
        return planned.component.run(config, input, { ...step, ...templates, facts: run.facts, machine });
      }),
  });
}
