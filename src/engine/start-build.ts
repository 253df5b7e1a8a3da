import type { Happening } from "../sdk/events.ts";
import type { OwnedKind } from "../sdk/owned.ts";
import type { Plan } from "../template/plan.ts";
import { type BuildRun, freshState } from "./build-run.ts";
import type { BuildToRun } from "./configuration/configure-builds.ts";
import { diagnosticLine } from "./configuration/diagnostic-event.ts";
import type { EventStream } from "./events/event-stream.ts";
import { failureText, messageOf } from "./failure-text.ts";
import type { Masker } from "./masking/masker.ts";
import type { Scope } from "./ownership/ledger.ts";
import { leftThing } from "./recipe/left-thing.ts";
import { runBuild } from "./run-build.ts";
import type { RunOptions } from "./run-options.ts";
import type { BuildResult } from "./run-result.ts";
import type { RunSignals, World } from "./world.ts";

/** What the builds of one run share. */
export interface RunContext {
  readonly plan: Plan;
  readonly options: RunOptions;
  readonly world: World;
  readonly signals: RunSignals;
  readonly stream: EventStream;
  readonly masker: Masker;
  /** PACKER_RUN_UUID. */
  readonly uuid: string;
  readonly startTime: Date;
  readonly kindOf: (name: string) => Promise<OwnedKind | undefined>;
  /** What went wrong and belongs to no build. */
  readonly faults: unknown[];
}

const GRACE = 30_000;
const UNDO_LIMIT = 10 * 60_000;

/** Runs one build if it can be run and nobody has cancelled the run meanwhile. Never throws. */
export async function startBuild(context: RunContext, scope: Scope, build: BuildToRun): Promise<BuildResult> {
  const { name, planned, config } = build;
  const never = { name, builder: planned.builder.type, milliseconds: 0, artifacts: [], steps: [], left: [] };
  if (config === undefined) {
    const failed = build.diagnostics.some(({ severity }) => severity === "error");
    if (!failed) return { ...never, outcome: "cancelled", reached: "configure" };
    return { ...never, outcome: "failed", reached: "configure", error: { message: faultsOf(build) } };
  }
  if (context.signals.orderly.aborted) return { ...never, outcome: "cancelled", reached: "waiting" };
  try {
    return await runBuild(buildRun(context, scope, build), config.value);
  } catch (fault) {
    // Only a bug of the engine comes here; the other builds go on.
    const error = failureText(fault);
    context.stream.emit({ type: "build-finished", build: name, outcome: "failed", milliseconds: 0, error });
    return { ...never, outcome: "failed", reached: "build", error };
  }
}

function buildRun(context: RunContext, scope: Scope, { name, planned, shownWarnings }: BuildToRun): BuildRun {
  const { options, world, signals, stream } = context;
  const buildScope = scope.within(name);
  const controller = new AbortController();
  const state = freshState(shownWarnings);
  const emit = (happening: Happening) => {
    if (!state.ended) stream.emit({ ...happening, build: name });
  };
  return {
    name,
    planned,
    options,
    host: world.host,
    interaction: world.interaction,
    startTime: context.startTime,
    facts: {
      name,
      sourceName: planned.sourceName,
      builderType: planned.builder.type,
      runId: context.uuid,
      templateFolder: context.plan.templateFolder,
      force: options.force,
      debug: options.debug,
    },
    signal: AbortSignal.any([signals.orderly, controller.signal]),
    limits: { grace: options.grace ?? GRACE, now: signals.now },
    undoLimit: options.undoLimit ?? UNDO_LIMIT,
    scope: buildScope,
    recipeScope: buildScope.within(),
    lastScope: buildScope.within(),
    lateScope: scope.within(name),
    emit,
    masker: context.masker,
    fail(fault) {
      if (state.ended) context.faults.push(fault);
      if (state.ended || controller.signal.aborted) return;
      emit({ type: "line", level: "error", text: `An error that nothing waited for: ${messageOf(fault)}` });
      controller.abort(fault);
    },
    describe: (owned) => leftThing(context.kindOf, owned),
    state,
  };
}

function faultsOf({ diagnostics }: BuildToRun): string {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  return `${errors.length} error(s) occurred:\n\n${errors.map((error) => `* ${diagnosticLine(error)}`).join("\n")}`;
}
