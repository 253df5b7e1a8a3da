import { TimedOut } from "../sdk/failure.ts";

/**
 * The promise's result, or a TimedOut that names `what` after so many milliseconds, or the signal's reason when it
 * aborts. The promise itself is not ended by that.
 */
export async function within<T>(
  promise: Promise<T>,
  what: string,
  milliseconds: number,
  signal: AbortSignal,
): Promise<T> {
  const { promise: limit, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  const timer = setTimeout(() => reject(new TimedOut(what, milliseconds)), milliseconds);
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}
