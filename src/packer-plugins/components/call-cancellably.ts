import type { Wire } from "../rpc/message-pack.ts";
import type { OfferedServices } from "../serving/offer-services.ts";
import type { ComponentProcess } from "./component-process.ts";

/** Milliseconds that a plugin gets, once cancelled, to end its own steps; then it is killed. */
const CANCEL_LIMIT = 10 * 60_000;

const NEVER = new AbortController().signal;

/**
 * Calls the method that does a component's work. When the signal aborts, the plugin is told, and what it cleans up is
 * waited for; then the signal's reason is thrown. A Go plugin that is told before it is ready for that dies of it.
 */
export async function callCancellably(
  process: ComponentProcess,
  method: string,
  argument: Wire,
  services: OfferedServices,
  signal: AbortSignal,
): Promise<Wire> {
  signal.throwIfAborted();
  let limit: NodeJS.Timeout | undefined;
  const onAbort = async (): Promise<void> => {
    limit = setTimeout(() => void process.connection.process.kill(), CANCEL_LIMIT);
    await Promise.race([services.ready, process.connection.process.ended]);
    await process.call("Cancel", null, NEVER).catch(() => {}); // What becomes of it, the work's own end tells.
  };
  const listener = (): void => void onAbort();
  signal.addEventListener("abort", listener, { once: true });
  try {
    const result = await process.call(method, argument, NEVER);
    signal.throwIfAborted();
    return result;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(limit);
    signal.removeEventListener("abort", listener);
    services.withdraw();
  }
}
