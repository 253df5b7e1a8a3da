import type { Readable } from "node:stream";
import type { SFTPWrapper } from "ssh2";
import type { UploadOptions } from "../../../sdk/communicator.ts";
import { Failure } from "../../../sdk/failure.ts";
import { asking, sftpAnswer, sftpPath } from "./sftp.ts";

/** Bytes of one request, and of all that are on their way at a time. */
const PIECE = 128 * 1024;
const ON_THE_WAY = 4 * 1024 * 1024;

/** Writes one file. Many requests are on their way at once; a few MiB in memory, however large the file. */
export async function sftpUpload(
  sftp: SFTPWrapper,
  content: Readable | Uint8Array,
  path: string,
  { mode = 0o644, onProgress }: UploadOptions,
  signal: AbortSignal,
): Promise<void> {
  const target = sftpPath(path);
  const what = `Could not upload to ${path} in the machine`;
  signal.throwIfAborted();
  const handle = await asking<Buffer>((done) => sftp.open(target, "w", 0o600, done)).catch(async (error) => {
    const stat = await asking<{ isDirectory(): boolean }>((done) => sftp.stat(target, done)).catch(() => undefined);
    throw new Failure(`${what}: ${stat?.isDirectory() ? "it is a folder" : sftpAnswer(error)}`, { cause: error });
  });
  const writing = new Set<Promise<void>>();
  let fault: { readonly error: unknown } | undefined;
  let position = 0;
  let waiting = 0;
  let written = 0;
  const write = (piece: Buffer): void => {
    const at = position;
    position += piece.length;
    waiting += piece.length;
    const request = asking((done) => sftp.write(handle, piece, 0, piece.length, at, done)).then(
      () => {
        written += piece.length;
        onProgress?.(written);
      },
      (error: unknown) => {
        fault ??= { error };
      },
    );
    const noted = request.finally(() => {
      waiting -= piece.length;
      writing.delete(noted);
    });
    writing.add(noted);
  };
  try {
    for await (const chunk of content instanceof Uint8Array ? [content] : content) {
      const bytes: Buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
      for (let at = 0; at < bytes.length; at += PIECE) {
        write(bytes.subarray(at, at + PIECE));
        while (waiting >= ON_THE_WAY && fault === undefined) await Promise.race(writing);
        signal.throwIfAborted();
        if (fault !== undefined) break;
      }
      if (fault !== undefined) break;
    }
    const modeSet = asking((done) => sftp.fchmod(handle, mode, done)).catch((error: unknown) => {
      fault ??= { error };
    });
    await Promise.all([...writing, modeSet]);
    signal.throwIfAborted();
  } finally {
    await asking((done) => sftp.close(handle, done)).catch((error: unknown) => {
      fault ??= { error };
    });
  }
  if (fault !== undefined) throw new Failure(`${what}: ${sftpAnswer(fault.error)}`, { cause: fault.error });
}
