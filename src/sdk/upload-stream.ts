import { Readable } from "node:stream";
import type { Communicator, UploadOptions } from "./communicator.ts";

/** Uploads, and closes the stream whatever happens: a communicator that refuses does not read it, nor hears its faults. */
export async function uploadStream(
  communicator: Communicator,
  content: Readable | Uint8Array,
  path: string,
  options: UploadOptions,
  signal: AbortSignal,
): Promise<void> {
  if (!(content instanceof Readable)) return await communicator.upload(content, path, options, signal);
  content.on("error", () => {});
  try {
    await communicator.upload(content, path, options, signal);
  } finally {
    content.destroy();
  }
}
