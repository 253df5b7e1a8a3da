import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Host } from "../../../sdk/host.ts";

/** Content whose length is known. */
export interface Measured extends AsyncDisposable {
  readonly size: number;
  readonly bytes: Uint8Array | AsyncIterable<Uint8Array>;
}

/** What is longer waits in a temporary file rather than in memory. */
const MOST_IN_MEMORY = 8 * 1024 * 1024;

/** Archives tell the length of a file before its content: a stream of unknown length is read to its end first. */
export async function measured(
  host: Host,
  content: Readable | Uint8Array,
  size: number | undefined,
): Promise<Measured> {
  const keep = async () => {};
  if (content instanceof Uint8Array) return { size: content.length, bytes: content, [Symbol.asyncDispose]: keep };
  if (size !== undefined) return { size, bytes: content, [Symbol.asyncDispose]: keep };
  const chunks: Buffer[] = [];
  let length = 0;
  const rest = content[Symbol.asyncIterator]();
  for (let next = await rest.next(); !next.done; next = await rest.next()) {
    const chunk = Buffer.from(next.value);
    chunks.push(chunk);
    length += chunk.length;
    if (length > MOST_IN_MEMORY) return await spooled(host, chunks, rest);
  }
  return { size: length, bytes: Buffer.concat(chunks), [Symbol.asyncDispose]: keep };
}

async function spooled(host: Host, first: readonly Buffer[], rest: AsyncIterator<Uint8Array>): Promise<Measured> {
  const folder = await host.files.makeTemporaryFolder("ingot-upload-");
  const remove = () => host.files.remove(folder);
  try {
    const path = host.files.resolve(folder, "content");
    let size = 0;
    async function* all(): AsyncGenerator<Uint8Array> {
      for (const chunk of first) {
        size += chunk.length;
        yield chunk;
      }
      for (let next = await rest.next(); !next.done; next = await rest.next()) {
        size += next.value.length;
        yield next.value;
      }
    }
    await pipeline(Readable.from(all(), { objectMode: false }), host.files.writer(path, { mode: 0o600 }));
    return { size, bytes: host.files.reader(path), [Symbol.asyncDispose]: remove };
  } catch (fault) {
    await remove();
    throw fault;
  }
}
