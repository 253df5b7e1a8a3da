import { randomUUID } from "node:crypto";
import type { Happening, Outcome } from "../sdk/events.ts";
import type { Plan } from "../template/plan.ts";
import { type BuildToRun, configureBuilds } from "./configuration/configure-builds.ts";
import { diagnosticEvent } from "./configuration/diagnostic-event.ts";
import { eventStream } from "./events/event-stream.ts";
import { maskedFailure } from "./events/masked-event.ts";
import { maskedBuildResult } from "./events/masked-result.ts";
import { failureText } from "./failure-text.ts";
import type { Journal } from "./journal/journal.ts";
import { openJournal } from "./journal/open-journal.ts";
import { stateFolder } from "./journal/state-folder.ts";
import { openMasker } from "./masking/masker.ts";
import { sanitizeForTerminal } from "./masking/sanitize-for-terminal.ts";
import { openLedger } from "./ownership/ledger.ts";
import type { RunOptions } from "./run-options.ts";
import type { BuildResult, RunResult } from "./run-result.ts";
import { semaphore } from "./semaphore.ts";
import { type RunContext, startBuild } from "./start-build.ts";
import { reasonOf, stopSignals } from "./stop-signals.ts";
import { atWork } from "./work/component-context.ts";
import type { RunSignals, World } from "./world.ts";

/**
 * Runs the builds of a plan, isolated from each other's faults, and says what became of each. Throws a Failure only
 * where nothing could be started at all: the journal cannot be written.
 */
export async function runPlan(plan: Plan, options: RunOptions, world: World): Promise<RunResult> {
  const signals = stopSignals(world.signals);
  const masker = openMasker(plan.secrets);
  // Sanitized first: an escape sequence within a secret would hide it.
  const mask = (text: string) => masker.mask(sanitizeForTerminal(text));
  const started = performance.now();
  try {
    // Nothing is changed by that, so it needs no journal; and what cannot be configured leaves none behind.
    const builds = await configureBuilds(plan.builds, { host: world.host, secret: masker.add }, signals.orderly);
    const runnable = builds.filter(({ config }) => config !== undefined);
    const journal = runnable.length > 0 ? await journalOfRun(options, world, signals) : undefined;
    const stream = eventStream({
      clock: () => world.host.now(),
      mask,
      journal,
      show: world.emit,
    });
    const faults: unknown[] = [];
    const context: RunContext = {
      plan,
      options,
      world,
      signals,
      stream,
      masker,
      uuid: options.uuid ?? randomUUID(),
      startTime: world.host.now(),
      kindOf: async (name) => (Object.hasOwn(world.ownedKinds, name) ? world.ownedKinds[name]?.() : undefined),
      faults,
    };
    const { results, outcome } = await runAll(context, builds, journal);
    await journal?.close().catch((fault: unknown) => faults.push(fault));
    const text = (fault: unknown) => maskedFailure(failureText(fault), mask);
    return {
      ...(journal && { runId: journal.runId }),
      uuid: context.uuid,
      outcome,
      milliseconds: Math.round(performance.now() - started),
      builds: results.map((result) => maskedBuildResult(result, mask)),
      counts: {
        succeeded: results.filter((result) => result.outcome === "succeeded").length,
        failed: results.filter((result) => result.outcome === "failed").length,
        cancelled: results.filter((result) => result.outcome === "cancelled").length,
      },
      faults: [...faults, ...stream.faults].map(text),
    };
  } finally {
    signals.release();
  }
}

function journalOfRun(options: RunOptions, world: World, signals: RunSignals): Promise<Journal> {
  const { host } = world;
  const now = () => host.now();
  return openJournal({ stateFolder: stateFolder(host), ingot: options.ingot, now, signal: signals.now });
}

async function runAll(
  context: RunContext,
  builds: readonly BuildToRun[],
  journal: Journal | undefined,
): Promise<{ results: BuildResult[]; outcome: Outcome }> {
  const { plan, options, stream, signals } = context;
  const started = performance.now();
  if (journal) {
    stream.emit({
      type: "run-started",
      runId: journal.runId,
      ingot: options.ingot,
      template: plan.templatePath,
      builds: builds.filter(({ config }) => config !== undefined).map(({ name }) => name),
      arguments: options.arguments,
    });
  }
  for (const { name, diagnostics } of builds) {
    for (const diagnostic of diagnostics) stream.emit({ ...diagnosticEvent(diagnostic), build: name });
  }
  const stopListening = listen(context);
  try {
    const place = semaphore(options.debug ? 1 : options.parallelBuilds);
    const scope = openLedger({
      host: context.world.host,
      kind: context.kindOf,
      record: stream.record,
      emit: stream.emit,
      signal: signals.now,
    });
    const results = await Promise.all(builds.map((build) => place(() => startBuild(context, scope, build))));
    const outcome = outcomeOf(results, signals.orderly);
    const milliseconds = Math.round(performance.now() - started);
    if (journal && journal.dropped > 0) stream.emit(incomplete(journal.dropped));
    if (journal) stream.emit({ type: "run-finished", outcome, milliseconds });
    stream.close();
    return { results, outcome };
  } finally {
    stopListening();
  }
}

/** Said in the run and in its replay; as a diagnostic, since a full disk takes no more lines of output. */
function incomplete(dropped: number): Happening {
  const text =
    "Warning: The disk that holds the run's journal was full: what was owned is written down, but " +
    `${dropped} lines of output are not, and \`ingot runs show\` will not have them.`;
  return { type: "diagnostic", severity: "warning", text, data: { code: "journal-incomplete", dropped } };
}

/** Says that the run is being stopped, and finds the build that an uncaught error belongs to. */
function listen({ signals, stream, world, faults }: RunContext): () => void {
  const released = new AbortController();
  const on = (signal: AbortSignal, work: () => void) => {
    if (signal.aborted) work();
    else signal.addEventListener("abort", work, { once: true, signal: released.signal });
  };
  on(signals.orderly, () => stream.emit({ type: "cancelling", reason: reasonOf(signals.orderly) }));
  on(signals.now, () => {
    const text = "Stopped again: clean-up ends here, and what is left is listed. `ingot gc` removes it.";
    stream.emit({ type: "line", level: "warning", text });
  });
  const unlisten = world.uncaught?.((fault) => {
    const component = atWork();
    if (component) component.fail(fault);
    else faults.push(fault);
  });
  return () => {
    released.abort();
    unlisten?.();
  };
}

function outcomeOf(results: readonly BuildResult[], orderly: AbortSignal): Outcome {
  if (results.some(({ outcome }) => outcome === "failed")) return "failed";
  return orderly.aborted || results.some(({ outcome }) => outcome === "cancelled") ? "cancelled" : "succeeded";
}
