import type { Readable } from "node:stream";
import { Failure } from "../../../sdk/failure.ts";

/** Takes exactly as many bytes as are asked for, in order. One asks at a time. */
export interface ByteReader {
  /** Rejects with a Failure when the stream ends first. */
  take(length: number): Promise<Buffer>;
  /** Fails who waits and all who ask later. */
  fail(fault: unknown): void;
}

export function byteReader(stream: Readable, what: string): ByteReader {
  let chunks: Buffer[] = [];
  let length = 0;
  let ended: { readonly fault: unknown } | undefined;
  let asked: { readonly length: number; resolve(bytes: Buffer): void; reject(fault: unknown): void } | undefined;

  const serve = (): void => {
    if (asked && length >= asked.length) {
      const all = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
      const rest = all.subarray(asked.length);
      chunks = rest.length === 0 ? [] : [rest];
      length = rest.length;
      const { resolve, length: wanted } = asked;
      asked = undefined;
      resolve(all.subarray(0, wanted));
    } else if (asked && ended) {
      asked.reject(ended.fault);
      asked = undefined;
    }
  };
  const fail = (fault: unknown): void => {
    ended ??= { fault };
    serve();
  };
  stream.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    length += chunk.length;
    serve();
  });
  stream.on("error", (cause) => fail(new Failure(`The connection to ${what} was lost`, { cause })));
  stream.once("close", () => fail(new Failure(`${what} closed the connection`)));
  return {
    take(wanted) {
      const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
      asked = { length: wanted, resolve, reject };
      serve();
      return promise;
    },
    fail,
  };
}
