import { Failure } from "../../sdk/failure.ts";

/** What a component may do with its time once it was told to stop. */
export interface StopLimits {
  /** Milliseconds it may go on after its signal aborted. */
  readonly grace: number;
  /** The second Ctrl-C: nothing is waited for much longer. */
  readonly now: AbortSignal;
  /** While true, the wait goes on: something within has limits of its own. */
  readonly busy?: () => boolean;
}

/** A component went on after it was told to stop. It may still be at work: what it makes from here on is nobody's. */
export class DidNotStop extends Failure {
  constructor(what: string, milliseconds: number, cause: unknown) {
    super(`${what} did not stop within ${milliseconds / 1000} s of being told to; going on without it`, { cause });
    this.name = "DidNotStop";
  }
}

/** Milliseconds that are left to a component after the second Ctrl-C; the undo needs the rest of its two seconds. */
const AFTER_NOW = 500;
const BUSY_INTERVAL = 20;

/**
 * Waits for `work`; once `signal` is aborted only for the grace. A component that ignores its signal cannot hold up
 * the run. What it throws later is dropped.
 */
export async function bounded<T>(
  what: string,
  signal: AbortSignal,
  limits: StopLimits,
  work: () => Promise<T>,
): Promise<T> {
  const done = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    const expireIn = (milliseconds: number, granted = milliseconds) => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (limits.busy?.()) expireIn(BUSY_INTERVAL, granted);
        else reject(new DidNotStop(what, granted, signal.reason));
      }, milliseconds);
    };
    const hurry = () => expireIn(Math.min(AFTER_NOW, limits.grace));
    const stopped = () => {
      if (limits.now.aborted) hurry();
      else {
        expireIn(limits.grace);
        limits.now.addEventListener("abort", hurry, { once: true, signal: done.signal });
      }
    };
    if (signal.aborted) stopped();
    else signal.addEventListener("abort", stopped, { once: true, signal: done.signal });
  });
  try {
    return await Promise.race([work(), tooLate]);
  } finally {
    done.abort();
    clearTimeout(timer);
  }
}
