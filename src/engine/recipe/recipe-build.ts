import type { Build, MachineFactsForTemplates } from "../../sdk/component.ts";
import { temporaryPath } from "../../sdk/temporary-path.ts";
import type { BuildRun } from "../build-run.ts";
import { provisionMachine } from "../provisioning/provision-machine.ts";
import { atWork } from "../work/component-context.ts";
import { componentWork } from "../work/component-work.ts";
import { runStep } from "./run-step.ts";

/** What a builder works with. */
export interface RecipeBuild {
  readonly build: Build;
  /** `build.*` of the machine that was provisioned last; undefined: none was. */
  machineFacts(): MachineFactsForTemplates | undefined;
  /** Ends unfinished lines. */
  close(): void;
}

export function recipeBuild(run: BuildRun): RecipeBuild {
  const work = componentWork(run, { signal: run.signal });
  let folder: Promise<string> | undefined;
  let facts: MachineFactsForTemplates | undefined;
  // A step within a step owns within it, so that running the outer one again undoes both.
  const scopeHere = () => atWork()?.scope ?? run.recipeScope;
  const build: Build = {
    ...work,
    facts: run.facts,
    interaction: run.interaction,
    runFolder() {
      // Of the build, not of the recipe: post-processors may read what lies there.
      folder ??= makeRunFolder(run);
      return folder;
    },
    step: (id, title, stepWork) =>
      runStep(run, {
        id,
        title,
        kind: "step",
        scope: scopeHere(),
        pause: `Pausing before step '${title}'. Press enter to continue.`,
        named: true,
        run: (attempt) => attempt(stepWork),
      }),
    provision: (machine) =>
      provisionMachine(run, scopeHere(), machine, (known) => {
        facts = known;
      }),
  };
  return { build, machineFacts: () => facts, close: () => work.close() };
}

async function makeRunFolder(run: BuildRun): Promise<string> {
  const { path } = await temporaryPath(run.host, run.lastScope);
  await run.host.files.makeFolder(path);
  return path;
}
