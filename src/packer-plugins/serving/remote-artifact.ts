import type { Artifact } from "../../sdk/artifact.ts";
import { Failure } from "../../sdk/failure.ts";
import type { Json } from "../../sdk/json.ts";
import type { Broker } from "../rpc/broker.ts";
import type { Wire } from "../rpc/message-pack.ts";
import { isMap, textOfWire, textsOfWire } from "../rpc/read-wire.ts";
import { RpcClient } from "../rpc/rpc-client.ts";

/** What others ask artifacts for. */
const STATES = ["generated_data", "par.artifact.metadata"];

/**
 * An artifact that a plugin serves under that number. What it says of itself is read at once: only `destroy` needs the
 * plugin's process to be there still. `outside`: from a file's path to where it is.
 */
export async function readRemoteArtifact(broker: Broker, id: number, signal: AbortSignal): Promise<Artifact> {
  const client = new RpcClient(await broker.dial(id, signal));
  const ask = async (method: string, argument: Wire = null): Promise<Wire> =>
    await client.call(`Artifact.${method}`, argument, signal);
  const state: Record<string, Json> = {};
  for (const name of STATES) {
    const value = jsonOfWire(await ask("State", name));
    if (value !== null) state[name] = value;
  }
  return {
    builderId: textOfWire(await ask("BuilderId")),
    id: textOfWire(await ask("Id")),
    description: textOfWire(await ask("String")),
    files: textsOfWire(await ask("Files")).map((path) => ({ path, root: "cwd" })),
    state,
    async destroy(_, destroySignal) {
      // Go answers its error as the result, where there should be none.
      const answer = await client.call("Artifact.Destroy", null, destroySignal);
      if (isMap(answer)) throw new Failure(textOfWire(answer.Message) || "The artifact could not be destroyed");
    },
  };
}

/** Bytes become text; whole numbers too large for JSON lose digits. */
export function jsonOfWire(wire: Wire): Json {
  if (typeof wire === "bigint") return Number(wire);
  if (wire instanceof Uint8Array) return Buffer.from(wire).toString("utf8");
  if (wire instanceof Date) return wire.toISOString();
  if (Array.isArray(wire)) return wire.map(jsonOfWire);
  if (isMap(wire)) return Object.fromEntries(Object.entries(wire).map(([key, item]) => [key, jsonOfWire(item)]));
  return wire as null | boolean | number | string; // Nothing else is left.
}
