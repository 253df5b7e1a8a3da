import type { Readable } from "node:stream";

/** Takes that many bytes off the stream and leaves the rest in it. Rejects when it ends before. */
export async function readExactly(stream: Readable, size: number): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const onReadable = (): void => {
    const bytes: unknown = stream.read(size);
    if (!Buffer.isBuffer(bytes)) return;
    if (bytes.length === size) resolve(bytes);
    else reject(new Error("the stream ended too early"));
  };
  const onEnd = (): void => reject(new Error("the stream ended too early"));
  stream.on("readable", onReadable).once("end", onEnd).once("close", onEnd).once("error", reject);
  onReadable();
  try {
    return await promise;
  } finally {
    stream.off("readable", onReadable).off("end", onEnd).off("close", onEnd).off("error", reject);
  }
}
