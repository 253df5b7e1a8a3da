/** Milliseconds that a deed may take after the build was cancelled. */
const GRACE = 5_000;

/**
 * Runs a deed that makes something in the engine, and lets it end though the signal aborts meanwhile: an engine makes
 * what it was asked for even when nobody listens any more, maybe after the undo has looked for it. Then throws the
 * signal's reason. A deed that takes longer than the grace is aborted itself.
 */
export async function shielded<T>(signal: AbortSignal, deed: (signal: AbortSignal) => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const own = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const expire = () => {
    timer = setTimeout(() => own.abort(signal.reason), GRACE);
  };
  signal.addEventListener("abort", expire, { once: true });
  try {
    const result = await deed(own.signal);
    signal.throwIfAborted();
    return result;
  } catch (fault) {
    if (signal.aborted) throw signal.reason;
    throw fault;
  } finally {
    signal.removeEventListener("abort", expire);
    clearTimeout(timer);
  }
}
