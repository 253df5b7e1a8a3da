import { createConnection, type Socket } from "node:net";
import { Failure } from "../../sdk/failure.ts";
import { within } from "../within.ts";
import type { PluginAddress } from "./handshake.ts";

/** In milliseconds. It listens already: this passes only when the machine is in trouble. */
const CONNECT_LIMIT = 10_000;

/** Connects to a plugin that said where it listens. `label` names it in the Failure. */
export async function connectToPlugin(address: PluginAddress, label: string, signal: AbortSignal): Promise<Socket> {
  const socket = createConnection(
    address.network === "unix"
      ? { path: address.path }
      : { host: address.host, port: address.port, keepAlive: true, noDelay: true },
  );
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  socket.once("connect", () => resolve(socket));
  socket.once("error", reject);
  try {
    return await within(promise, `Connecting to ${label}`, CONNECT_LIMIT, signal);
  } catch (error) {
    socket.destroy();
    signal.throwIfAborted();
    if (error instanceof Failure) throw error;
    const at = address.network === "unix" ? address.path : `${address.host}:${address.port}`;
    throw new Failure(`Cannot connect to ${label} at ${at}`, { cause: error });
  }
}
