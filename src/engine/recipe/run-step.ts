import type { Step } from "../../sdk/component.ts";
import type { Outcome } from "../../sdk/events.ts";
import type { Json } from "../../sdk/json.ts";
import type { BuildRun } from "../build-run.ts";
import { addStepTitle, failureText, isCancel, isOnlyCancel, isOnlyTheAbort } from "../failure-text.ts";
import type { Scope } from "../ownership/ledger.ts";
import type { StepResult } from "../run-result.ts";
import { bounded, DidNotStop } from "../work/bounded.ts";
import { asComponent } from "../work/component-context.ts";
import { componentWork } from "../work/component-work.ts";
import { afterFailure } from "./after-failure.ts";

export interface StepToRun<T> {
  readonly id: string;
  readonly title: string;
  readonly kind: StepResult["kind"];
  readonly component?: string;
  /** Who speaks in its lines, where it is not the build itself. */
  readonly target?: string;
  /** Its attempts open their own scopes within this one. */
  readonly scope: Scope;
  /** Instead of the build's. */
  readonly signal?: AbortSignal;
  /** What `-debug` shows before it starts. */
  readonly pause?: string;
  /** Whether `-on-error=ask` asks about it. Default true. */
  readonly askable?: boolean;
  /** Whether faults get its title on the way up. Default false. */
  readonly named?: boolean;
  /** The work, in as many attempts as it likes. */
  readonly run: (attempt: Attempt) => Promise<T>;
}

/** Runs a component's code once; what an earlier attempt owned is undone first. */
export type Attempt = <R>(work: (step: Step) => Promise<R>, signal?: AbortSignal) => Promise<R>;

/** Runs one step with its events, its ownership, and the choice of a person to run it again. */
export async function runStep<T>(run: BuildRun, step: StepToRun<T>): Promise<T> {
  const signal = step.signal ?? run.signal;
  signal.throwIfAborted();
  if (step.pause !== undefined) await pauseForDebug(run, step.pause, signal);
  const { attempt, attempts } = attemptsOf(run, step, signal);
  const { id, title, kind, component } = step;
  run.emit({ type: "step-started", step: id, title, kind, ...(component !== undefined && { component }) });
  const started = performance.now();
  run.state.activeSteps++;
  const finish = (outcome: Outcome, fault?: unknown, result?: unknown) => {
    run.state.activeSteps--;
    const milliseconds = Math.round(performance.now() - started);
    run.state.steps.push({ step: id, title, kind, outcome, milliseconds, attempts: attempts() });
    run.emit({
      type: "step-finished",
      step: id,
      outcome,
      milliseconds,
      attempts: attempts(),
      ...(fault !== undefined && !isOnlyCancel(fault, signal) && { error: failureText(fault) }),
      ...(isJson(result) && { result }),
    });
  };
  for (;;) {
    try {
      const result = await step.run(attempt);
      finish("succeeded", undefined, kind === "step" ? result : undefined);
      return result;
    } catch (fault) {
      const canAsk = (step.askable ?? true) && !signal.aborted;
      if (canAsk && (await afterFailure(run, title, fault, { canRetry: true })) === "retry") continue;
      finish(isCancel(signal) ? "cancelled" : "failed", fault);
      if (step.named) addStepTitle(fault, title);
      throw fault;
    }
  }
}

/** `-debug`: waits for Enter, where there is somebody to press it. */
export async function pauseForDebug(run: BuildRun, message: string, signal: AbortSignal): Promise<void> {
  if (run.options.debug && run.interaction.available) await run.interaction.pause(`${run.name}: ${message}`, signal);
}

function attemptsOf<T>(
  run: BuildRun,
  step: StepToRun<T>,
  stepSignal: AbortSignal,
): { attempt: Attempt; attempts: () => number } {
  let count = 0;
  let scope: Scope | undefined;
  const attempt: Attempt = async (work, signal = stepSignal) => {
    if (scope) await scope.undo({ signal: run.limits.now });
    signal.throwIfAborted();
    count++;
    const own = step.scope.within();
    scope = own;
    const atWork = componentWork(run, { signal, target: step.target });
    const what = `${step.kind} "${step.title}"`;
    try {
      return await bounded(what, signal, run.limits, () =>
        asComponent({ build: run.name, what, scope: own, fail: run.fail }, () =>
          work({ ...atWork, own: (owned) => own.own(owned) }),
        ),
      );
    } catch (fault) {
      if (fault instanceof DidNotStop) run.state.abandoned.push(own);
      throw isOnlyTheAbort(fault, signal) ? signal.reason : fault;
    } finally {
      atWork.close();
    }
  };
  return { attempt, attempts: () => Math.max(1, count) };
}

/** Whether JSON keeps it whole; `undefined` is no result. */
function isJson(value: unknown, depth = 0): value is Json {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || depth > 16) return false;
  if (Array.isArray(value)) return value.every((item) => isJson(item, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return Object.values(value).every((item) => isJson(item, depth + 1));
}
