import { Cancelled } from "../sdk/failure.ts";
import type { RunSignals } from "./world.ts";

/** The signals of the run with a `Cancelled` as their reason, whatever the world gave: what components throw on is ours. */
export function stopSignals(signals: RunSignals): RunSignals & { release(): void } {
  const orderly = new AbortController();
  const now = new AbortController();
  const released = new AbortController();
  const follow = (from: AbortSignal, to: readonly AbortController[]) => {
    const stop = () => {
      for (const controller of to) controller.abort(new Cancelled(reasonOf(from)));
    };
    if (from.aborted) stop();
    else from.addEventListener("abort", stop, { once: true, signal: released.signal });
  };
  follow(signals.orderly, [orderly]);
  // "now" first: what waits for the build's signal then already sees that there is no time.
  follow(signals.now, [now, orderly]);
  return { orderly: orderly.signal, now: now.signal, release: () => released.abort() };
}

/** "interrupt". */
export function reasonOf(signal: AbortSignal): string {
  const reason: unknown = signal.reason;
  if (typeof reason === "string") return reason;
  return reason instanceof Error && reason.message !== "" ? reason.message : "cancelled";
}
