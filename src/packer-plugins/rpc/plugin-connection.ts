import type { Host } from "../../sdk/host.ts";
import { type PluginCommand, type PluginProcess, startPlugin } from "../process/plugin-process.ts";
import { YamuxSession } from "../yamux/session.ts";
import { Broker } from "./broker.ts";
import type { Wire } from "./message-pack.ts";
import { RemoteFailure, RpcClient } from "./rpc-client.ts";

/** A plugin that runs, and the component that it serves. */
export interface PluginConnection {
  readonly process: PluginProcess;
  readonly broker: Broker;
  /**
   * Calls a method of the component. Throws a Failure that names the plugin, with the plugin's own text, or with its
   * last words when it died; or the signal's reason.
   */
  call(method: string, argument: Wire, signal: AbortSignal): Promise<Wire>;
  /** The plugin's process is gone after it. Idempotent. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Milliseconds in which a plugin whose connection broke is seen to have died, and its last words arrive. */
const DEATH_LIMIT = 2000;

export async function connectPlugin(
  host: Host,
  command: PluginCommand,
  signal: AbortSignal,
): Promise<PluginConnection> {
  const process = await startPlugin(host, command, signal);
  try {
    let broker: Broker | undefined;
    const session = new YamuxSession(process.socket, {
      role: "client",
      onStream: (stream) => void broker?.take(stream),
    });
    broker = new Broker(session);
    const client = new RpcClient(await broker.dial(0, signal));
    const close = async (): Promise<void> => {
      client.close();
      session.close();
      await process.close();
    };
    const call = async (method: string, argument: Wire, callSignal: AbortSignal): Promise<Wire> => {
      try {
        return await client.call(method, argument, callSignal);
      } catch (error) {
        callSignal.throwIfAborted();
        if (error instanceof RemoteFailure) throw error;
        throw await lossOf(process, method, error);
      }
    };
    return { process, broker, call, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await process.kill();
    throw signal.aborted || process.lastWords.length === 0 ? error : process.failure("cannot be spoken to", error);
  }
}

async function lossOf(process: PluginProcess, method: string, cause: unknown): Promise<Error> {
  let timer: NodeJS.Timeout | undefined;
  const waited = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, DEATH_LIMIT, undefined);
  });
  const end = await Promise.race([process.ended, waited]);
  clearTimeout(timer);
  const why = end ?? (cause instanceof Error ? cause.message : String(cause));
  return process.failure(`did not finish ${method}: ${why}`, cause);
}
