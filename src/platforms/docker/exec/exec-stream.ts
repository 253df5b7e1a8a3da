import type { Duplex, Readable } from "node:stream";

const HEADER = 8;
const STDERR = 2;

export interface OutputListener {
  /** One raw stream instead of framed ones. */
  readonly tty: boolean;
  readonly onStdout?: ((chunk: Buffer) => void) | undefined;
  readonly onStderr?: ((chunk: Buffer) => void) | undefined;
}

/** Reads an attached stream to its end and hands its output on in order. Frames: type, three zeros, 32-bit length, bytes. */
export async function readOutput(socket: AsyncIterable<Buffer>, listener: OutputListener): Promise<void> {
  const header = Buffer.alloc(HEADER);
  let headerBytes = 0;
  let left = 0;
  for await (const chunk of socket) {
    if (listener.tty) {
      listener.onStdout?.(chunk);
      continue;
    }
    let at = 0;
    while (at < chunk.length) {
      if (left === 0) {
        const taken = chunk.copy(header, headerBytes, at, at + HEADER - headerBytes);
        headerBytes += taken;
        at += taken;
        if (headerBytes < HEADER) break;
        left = header.readUInt32BE(4);
        headerBytes = 0;
        continue;
      }
      const piece = chunk.subarray(at, at + left);
      at += piece.length;
      left -= piece.length;
      if (header[0] === STDERR) listener.onStderr?.(piece);
      else listener.onStdout?.(piece);
    }
  }
}

/**
 * Writes all input and then says that there is no more. A command that ends without reading it is no fault; input that
 * cannot be read is.
 */
export async function writeInput(socket: Duplex, input: Readable): Promise<void> {
  const closed = new Promise<void>((resolve) => socket.once("close", resolve));
  socket.on("error", () => {});
  for await (const chunk of input) {
    if (!socket.writable) return;
    if (!socket.write(chunk)) await Promise.race([closed, new Promise((resolve) => socket.once("drain", resolve))]);
  }
  if (socket.writable) socket.end();
}
