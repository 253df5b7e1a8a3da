import type { Artifact } from "../sdk/artifact.ts";
import type { MachineFactsForTemplates } from "../sdk/component.ts";
import type { Outcome } from "../sdk/events.ts";
import { artifactText } from "./artifacts/artifact-text.ts";
import { withGeneratedData } from "./artifacts/generated-data.ts";
import type { BuildRun } from "./build-run.ts";
import { errorList } from "./error-list.ts";
import { failureText, isCancel, isOnlyCancel, isOnlyTheAbort } from "./failure-text.ts";
import { type PostProcessedBuild, postProcess } from "./post-processing/post-process.ts";
import { unknownMachine } from "./provisioning/machine-facts.ts";
import { afterFailure } from "./recipe/after-failure.ts";
import { endScope } from "./recipe/end-scope.ts";
import { recipeBuild } from "./recipe/recipe-build.ts";
import type { BuildResult, LeftThing } from "./run-result.ts";
import { bounded } from "./work/bounded.ts";
import { asComponent } from "./work/component-context.ts";

/** Runs one configured build to its end: recipe, undo, post-processors. Never throws. */
export async function runBuild(run: BuildRun, config: never): Promise<BuildResult> {
  const started = performance.now();
  run.emit({ type: "build-started", builder: run.planned.builder.type });
  const recipe = await runRecipe(run, config);
  const processed = await postProcessed(run, recipe);
  const fault = recipe.fault ?? listOf(processed) ?? escaped(run);
  const after = fault === undefined ? "cleanup" : await afterFailure(run, run.name, fault, { canRetry: false });
  // What the recipe's own end has left is not tried again: it was told, and `gc` has more patience.
  const left = recipe.left
    ? [...recipe.left, ...(await endScope(run, run.lastScope, after))]
    : await endScope(run, run.scope, after);

  const outcome: Outcome = isCancel(run.signal) ? "cancelled" : fault === undefined ? "succeeded" : "failed";
  const error = fault === undefined || isOnlyCancel(fault, run.signal) ? undefined : failureText(fault);
  const milliseconds = Math.round(performance.now() - started);
  const artifacts = await announceArtifacts(run, processed.artifacts);
  run.emit({ type: "build-finished", outcome, milliseconds, ...(error && { error }) });
  run.state.ended = true;
  return {
    name: run.name,
    builder: run.planned.builder.type,
    outcome,
    reached: recipe.fault !== undefined ? "build" : outcome === "succeeded" ? "end" : "post-process",
    milliseconds,
    artifacts,
    ...(error && { error }),
    steps: run.state.steps,
    left,
  };
}

interface RecipeEnd {
  readonly artifact?: Artifact | undefined;
  readonly facts: MachineFactsForTemplates;
  readonly fault?: unknown;
  /** What it owned and is still there; undefined: its end has still to come, since it failed. */
  readonly left?: readonly LeftThing[];
}

async function runRecipe(run: BuildRun, config: never): Promise<RecipeEnd> {
  const { planned, state } = run;
  const recipe = recipeBuild(run);
  const limits = { ...run.limits, busy: () => state.activeSteps > 0 };
  const what = `builder "${planned.builder.type}"`;
  const facts = () => recipe.machineFacts() ?? unknownMachine(run.facts.runId);
  try {
    const artifact = await bounded(what, run.signal, limits, () =>
      asComponent({ build: run.name, what, scope: run.recipeScope, fail: run.fail }, () =>
        planned.builder.component.run(config, recipe.build),
      ),
    );
    const left = await endScope(run, run.recipeScope, "cleanup");
    return { artifact: artifact && withGeneratedData(artifact, facts()), facts: facts(), left };
  } catch (thrown) {
    const fault = isOnlyTheAbort(thrown, run.signal) ? run.signal.reason : thrown;
    return { facts: facts(), fault };
  } finally {
    recipe.close();
  }
}

/** A cancelled build keeps what its builder made, and runs no post-processors. */
async function postProcessed(run: BuildRun, recipe: RecipeEnd): Promise<PostProcessedBuild> {
  if (recipe.fault !== undefined || !recipe.artifact) return { artifacts: [], faults: [] };
  if (run.signal.aborted) return { artifacts: [recipe.artifact], faults: [] };
  return postProcess(run, recipe.artifact, recipe.facts);
}

function listOf({ faults }: PostProcessedBuild): Error | undefined {
  return faults.length > 0 ? errorList(faults) : undefined;
}

/** The run was cancelled, or an error escaped, while nothing noticed. */
function escaped(run: BuildRun): unknown {
  return run.signal.aborted ? run.signal.reason : undefined;
}

async function announceArtifacts(run: BuildRun, artifacts: readonly Artifact[]): Promise<BuildResult["artifacts"]> {
  const roots = { template: run.facts.templateFolder };
  const texts = await Promise.all(artifacts.map((artifact) => artifactText(artifact, run.host, roots)));
  for (const [index, artifact] of texts.entries()) run.emit({ type: "artifact", index, artifact });
  return texts;
}
