import type { Duplex } from "node:stream";

/**
 * Reads from a stream until `enough` says how many bytes the answer has (undefined: not known yet); what comes after them
 * stays in the stream.
 */
export function readBytes(
  stream: Duplex,
  enough: (heard: Buffer) => number | undefined,
  signal: AbortSignal,
): Promise<Buffer> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  let heard = Buffer.alloc(0);
  const listen = (chunk: Buffer): void => {
    heard = Buffer.concat([heard, chunk]);
    const length = enough(heard);
    if (length === undefined || heard.length < length) return;
    stream.pause();
    stream.off("data", listen);
    if (heard.length > length) stream.unshift(heard.subarray(length));
    resolve(heard.subarray(0, length));
  };
  const ended = (): void => reject(new Error("it closed the connection"));
  const stop = (): void => reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  stream.on("data", listen).once("error", reject).once("end", ended).once("close", ended);
  stream.resume();
  return promise.finally(() => {
    signal.removeEventListener("abort", stop);
    stream.off("data", listen).off("error", reject).off("end", ended).off("close", ended);
  });
}
