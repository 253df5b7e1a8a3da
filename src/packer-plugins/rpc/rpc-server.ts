import type { Duplex } from "node:stream";
import { decodeWires, encodeWire, type Wire } from "./message-pack.ts";
import { countOfWire, isMap } from "./read-wire.ts";

/** Answers one method. What it throws is answered as an error; the signal aborts when the caller is gone. */
export type Handler = (argument: Wire, signal: AbortSignal) => Promise<Wire> | Wire;

/** By "Service.Method". May change while it is served. */
export type Handlers = Map<string, Handler>;

/** Calls that are worked on at a time; the next is read when one is done. */
const MOST_CALLS = 256;

/**
 * Answers calls on the stream, each as soon as it can, until the other side ends its half or the stream is lost; then
 * ends ours. Never rejects. `onCall` learns of each call before it is answered.
 */
export async function serveRpc(stream: Duplex, handlers: Handlers, onCall: () => void = () => {}): Promise<void> {
  const gone = new AbortController();
  const working = new Set<Promise<void>>();
  stream.once("close", () => gone.abort(new Error("the caller is gone")));
  try {
    const values = decodeWires(stream);
    for (;;) {
      const header = await values.next();
      if (header.done) break;
      const body = await values.next();
      if (body.done || !isMap(header.value)) throw new Error("a call ended after its header");
      const { ServiceMethod: method, Seq } = header.value;
      if (typeof method !== "string") throw new Error("a call without a method came");
      onCall();
      const work = answer(stream, handlers, method, countOfWire(Seq), body.value, gone.signal);
      working.add(work);
      void work.finally(() => working.delete(work));
      if (working.size >= MOST_CALLS) await Promise.race(working);
    }
    await Promise.all(working);
    stream.end();
  } catch (error) {
    // What follows cannot be understood any more.
    stream.destroy(error instanceof Error ? error : undefined);
  }
  gone.abort(new Error("the caller is gone"));
}

async function answer(
  stream: Duplex,
  handlers: Handlers,
  method: string,
  sequence: number,
  argument: Wire,
  signal: AbortSignal,
): Promise<void> {
  let fault = "";
  let result: Wire = {};
  const handler = handlers.get(method);
  try {
    if (handler) result = await handler(argument, signal);
    else fault = missing(handlers, method);
  } catch (error) {
    // An empty text would be no error.
    fault = (error instanceof Error ? error.message : String(error)) || "failed";
  }
  if (stream.destroyed || stream.writableEnded) return;
  const header = encodeWire({ ServiceMethod: method, Seq: sequence, Error: fault });
  stream.write(Buffer.concat([header, encodeWire(fault === "" ? result : {})]));
}

/** The name of a service may hold dots. */
function missing(handlers: Handlers, method: string): string {
  const dot = method.lastIndexOf(".");
  if (dot === -1) return `rpc: service/method request ill-formed: ${method}`;
  const service = method.slice(0, dot + 1);
  const known = [...handlers.keys()].some((each) => each.startsWith(service));
  return `rpc: can't find ${known ? "method" : "service"} ${method}`;
}
