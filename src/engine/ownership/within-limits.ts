import { Cancelled, TimedOut } from "../../sdk/failure.ts";

export interface Limits {
  /** The second Ctrl-C. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds; default 60 000. */
  readonly timeLimit?: number | undefined;
}

/**
 * Runs the end of one thing within its time. It is told to stop by its signal, and half a second later nobody waits
 * for it any more, heeding it or not. `what` names the deed: "Removing container x".
 */
export async function withinLimits<T>(
  what: string,
  limits: Limits,
  deed: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { signal, timeLimit = 60_000 } = limits;
  if (signal?.aborted) throw new Cancelled(`${what} was not tried: there was no time left`);
  const stop = new AbortController();
  const { promise: givenUp, reject: giveUp } = Promise.withResolvers<never>();
  let grace: NodeJS.Timeout | undefined;
  const stopFor = (reason: Error): void => {
    if (stop.signal.aborted) return;
    stop.abort(reason);
    grace = setTimeout(() => giveUp(reason), GRACE);
  };
  const onAbort = (): void => stopFor(new Cancelled(`${what} was cut short`));
  const timer = setTimeout(() => stopFor(new TimedOut(what, timeLimit)), timeLimit);
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([deed(stop.signal), givenUp]);
  } catch (error) {
    // What it throws once it was told to stop is only the echo of that.
    throw stop.signal.aborted ? stop.signal.reason : error;
  } finally {
    clearTimeout(timer);
    clearTimeout(grace);
    signal?.removeEventListener("abort", onAbort);
  }
}

/** Milliseconds. */
const GRACE = 500;
