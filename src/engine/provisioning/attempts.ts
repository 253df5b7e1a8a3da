import { Disconnected } from "../../sdk/communicator.ts";
import { Failure, TimedOut } from "../../sdk/failure.ts";
import { formatGoDuration } from "../../spec/duration.ts";
import type { PlannedProvisioner } from "../../template/plan.ts";
import type { BuildRun } from "../build-run.ts";
import { isBug, messageOf } from "../failure-text.ts";

/**
 * The meta-arguments of a provisioner around its work, inside out: `timeout`, `pause_before`, `max_retries`. So the
 * pause comes again before each retry, and the limit is one of each attempt, not of the pause.
 */
export async function withMetaArguments(
  run: BuildRun,
  planned: PlannedProvisioner,
  signal: AbortSignal,
  attempt: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  await retried(run, planned.maxRetries, signal, async () => {
    await pauseBefore(run, planned.pauseBefore, signal);
    await limited(run, planned.timeout, signal, attempt);
  });
}

async function retried(
  run: BuildRun,
  retries: number,
  signal: AbortSignal,
  attempt: () => Promise<void>,
): Promise<void> {
  for (let left = retries; ; left--) {
    try {
      return await attempt();
    } catch (fault) {
      if (signal.aborted || retries === 0) throw fault;
      if (left <= 0) {
        say(run, "retry limit reached.");
        throw lastOf(retries + 1, fault);
      }
      say(run, `Provisioner failed with ${JSON.stringify(messageOf(fault))}, retrying with ${left} trie(s) left`);
    }
  }
}

/** The last fault rather than the first, as Packer has it: the first is often gone by then. */
function lastOf(attempts: number, fault: unknown): unknown {
  if (isBug(fault)) return fault;
  const options = fault instanceof Error ? { cause: fault.cause } : {};
  const hint = fault instanceof Failure ? fault.hint : undefined;
  const message = `${messageOf(fault)} (the last of ${attempts} attempts)`;
  return fault instanceof Disconnected ? new Disconnected(message, fault) : new Failure(message, { ...options, hint });
}

async function pauseBefore(run: BuildRun, milliseconds: number | undefined, signal: AbortSignal): Promise<void> {
  if (!milliseconds) return;
  say(run, `Pausing ${formatGoDuration(milliseconds)} before the next provisioner...`);
  await run.host.sleep(milliseconds, signal);
}

async function limited(
  run: BuildRun,
  milliseconds: number | undefined,
  signal: AbortSignal,
  attempt: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  if (!milliseconds) return attempt(signal);
  say(run, `Setting a ${formatGoDuration(milliseconds)} timeout for the next provisioner...`);
  const limit = new AbortController();
  const reached = new TimedOut("The provisioner", milliseconds, {
    hint: 'Its "timeout" says how long one attempt may take.',
  });
  const timer = setTimeout(
    () => {
      say(run, "Cancelling provisioner after a timeout...");
      limit.abort(reached);
    },
    Math.min(milliseconds, LONGEST_TIMER),
  );
  try {
    await attempt(AbortSignal.any([signal, limit.signal]));
  } finally {
    clearTimeout(timer);
  }
}

/** A timer that is set for longer fires at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

function say(run: BuildRun, text: string): void {
  run.emit({ type: "line", level: "say", text });
}
