import type { Value } from "../../hcl/values/value.ts";
import { Failure } from "../../sdk/failure.ts";
import { mapOfWire } from "../rpc/read-wire.ts";
import { readCtyMessagePack } from "../values/read-cty-message-pack.ts";
import { readGobValue } from "../values/read-gob-value.ts";
import { type ComponentProcess, remoteError } from "./component-process.ts";

/**
 * What a configured data source of a plugin yields. When the signal aborts, its process is ended: a data source cannot
 * be cancelled otherwise.
 */
export async function readPluginDataSource(process: ComponentProcess, signal: AbortSignal): Promise<Value> {
  const { process: running } = process.connection;
  const onAbort = (): void => void running.kill();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    const reply = mapOfWire(await process.call("Execute", null, signal));
    const fault = remoteError(reply.Error);
    if (fault !== undefined) throw new Failure(fault);
    return valueIn(reply.Value, process);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

function valueIn(bytes: unknown, process: ComponentProcess): Value {
  try {
    if (!(bytes instanceof Uint8Array)) throw new Error("there are no bytes in the answer");
    return process.protobuf ? readCtyMessagePack(bytes) : readGobValue(bytes);
  } catch (error) {
    throw new Failure(`What ${process.label} yields cannot be understood`, { cause: error });
  }
}
