import type { FailureText } from "../../sdk/events.ts";
import type { Owned } from "../../sdk/owned.ts";
import type { AfterFailure, BuildRun } from "../build-run.ts";
import { failureText } from "../failure-text.ts";
import type { Scope } from "../ownership/ledger.ts";
import type { LeftThing } from "../run-result.ts";
import { DidNotStop } from "../work/bounded.ts";
import { pauseForDebug } from "./run-step.ts";

/**
 * The end of what a part of the build owns: undone, or left and listed where `-on-error` says so. Gives what is left.
 * Shielded from the build's signal; never throws.
 */
export async function endScope(run: BuildRun, scope: Scope, after: AfterFailure): Promise<readonly LeftThing[]> {
  if (scope.holds.length === 0) {
    // So that what did not stop owns nothing any more.
    await scope.undo({ signal: run.limits.now });
    return [];
  }
  if (after === "abort" || after === "run-cleanup-provisioner") return leave(run, scope);
  // A person who pauses here wants to look at what is about to go.
  await pauseForDebug(run, "Pausing before clean-up. Press enter to continue.", run.signal).catch(() => undefined);
  return undo(run, scope);
}

async function undo(run: BuildRun, scope: Scope): Promise<LeftThing[]> {
  const atRisk = run.state.abandoned.flatMap((abandoned) => abandoned.holds);
  run.state.abandoned.length = 0;
  run.emit({ type: "step-started", step: "undo", title: "Clean up", kind: "undo" });
  const started = performance.now();
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), run.undoLimit);
  const { left } = await scope.undo({ signal: AbortSignal.any([run.limits.now, limit.signal]) });
  clearTimeout(timer);
  const late = await ownAgain(
    run,
    atRisk.filter((owned) => !left.some((other) => isSame(other.owned, owned))),
  );
  const outcome = left.length > 0 ? "failed" : "succeeded";
  const milliseconds = Math.round(performance.now() - started);
  run.state.steps.push({ step: "undo", title: "Clean up", kind: "undo", outcome, milliseconds, attempts: 1 });
  run.emit({ type: "step-finished", step: "undo", outcome, milliseconds, attempts: 1 });
  return [...left.map(({ owned, what, byHand }) => ({ kind: owned.kind, id: owned.id, what, byHand })), ...late];
}

/** Nothing is destroyed; everything is said. The journal still owns it, so that `gc` can remove it later. */
async function leave(run: BuildRun, scope: Scope): Promise<LeftThing[]> {
  const why = run.options.onError === "ask" ? "as was asked for" : `as -on-error=${run.options.onError} says`;
  run.emit({ type: "line", level: "say", text: `Nothing is cleaned up, ${why}.` });
  return list(run, scope.holds, () => ({ message: `left in place, ${why}` }), true);
}

/**
 * What a step owned that did not stop may come to be after it was destroyed. It is owned once more, by nobody who
 * undoes it, so that `gc` looks for it.
 */
async function ownAgain(run: BuildRun, owned: readonly Owned[]): Promise<LeftThing[]> {
  for (const one of owned) await run.lateScope.own(one).catch(() => undefined);
  const { grace } = run.limits;
  return list(run, owned, ({ what }) => failureText(new DidNotStop(`The step that makes ${what}`, grace, undefined)));
}

async function list(
  run: BuildRun,
  owned: readonly Owned[],
  why: (thing: LeftThing) => FailureText,
  wanted?: true,
): Promise<LeftThing[]> {
  const things: LeftThing[] = [];
  for (const one of owned) {
    const thing = await run.describe(one);
    things.push(thing);
    const { what, byHand } = thing;
    run.emit({ type: "undo-failed", owned: one, what, byHand, error: why(thing), ...(wanted && { wanted }) });
  }
  return things;
}

function isSame(a: Owned, b: Owned): boolean {
  return a.kind === b.kind && a.id === b.id;
}
