import type { Readable } from "node:stream";
import { Failure } from "../../../sdk/failure.ts";

/** No message of QEMU comes near it. */
const LONGEST = 64 * 1024 * 1024;

/** Hands over each line as the value that it holds; the caller vouches for its shape. Stops at the first that is no JSON. */
export function jsonLines<T>(stream: Readable, take: (value: T) => void, onFault: (fault: Failure) => void): void {
  let pending: Buffer[] = [];
  let length = 0;
  let stopped = false;
  const fail = (fault: Failure): void => {
    stopped = true;
    onFault(fault);
  };
  stream.on("data", (chunk: Buffer) => {
    let rest = chunk;
    for (let at = rest.indexOf(10); at >= 0 && !stopped; at = rest.indexOf(10)) {
      const line = Buffer.concat([...pending, rest.subarray(0, at)]).toString("utf8");
      pending = [];
      length = 0;
      rest = rest.subarray(at + 1);
      if (line.trim() === "") continue;
      let value: T;
      try {
        value = JSON.parse(line) as T;
      } catch (error) {
        return fail(new Failure(`QEMU sent what is no JSON: ${line.slice(0, 200)}`, { cause: error }));
      }
      take(value);
    }
    length += rest.length;
    if (length > LONGEST) fail(new Failure("QEMU sent a line without an end"));
    else pending.push(rest);
  });
}
