import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { SFTPWrapper, Stats } from "ssh2";
import { Failure } from "../../../sdk/failure.ts";
import { asking, sftpAnswer, sftpPath } from "./sftp.ts";

const PIECE = 128 * 1024;
const AT_ONCE = 32;

/** Reads one file, many requests at once. */
export async function sftpDownload(
  sftp: SFTPWrapper,
  path: string,
  into: Writable,
  signal: AbortSignal,
): Promise<void> {
  const source = sftpPath(path);
  const failed = (why: string, cause?: unknown): Failure =>
    new Failure(`Could not download ${path} from the machine: ${why}`, { cause });
  signal.throwIfAborted();
  let handle: Buffer;
  let size: number;
  try {
    const stat = await asking<Stats>((done) => sftp.stat(source, done));
    if (stat.isDirectory()) throw failed("it is a folder");
    size = stat.size;
    handle = await asking<Buffer>((done) => sftp.open(source, "r", done));
  } catch (error) {
    throw error instanceof Failure ? error : failed(sftpAnswer(error), error);
  }
  let fault: unknown;
  const content = async function* (): AsyncGenerator<Buffer> {
    try {
      yield* pieces(sftp, handle, size);
    } catch (error) {
      fault = failed(sftpAnswer(error), error);
      throw fault;
    }
  };
  try {
    await pipeline(Readable.from(content(), { objectMode: false }), into, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw fault ?? error;
  } finally {
    await asking((done) => sftp.close(handle, done)).catch(() => {});
  }
}

/** `size` bytes in order, or, where the size is not told (/proc), all until the end. */
async function* pieces(sftp: SFTPWrapper, handle: Buffer, size: number): AsyncGenerator<Buffer> {
  if (size === 0) {
    for (let at = 0; ; ) {
      const piece = await readPiece(sftp, handle, at, PIECE);
      if (piece.length === 0) return;
      at += piece.length;
      yield piece;
    }
  }
  const ahead: Promise<Buffer>[] = [];
  let next = 0;
  while (next < size || ahead.length > 0) {
    while (next < size && ahead.length < AT_ONCE) {
      const piece = readPiece(sftp, handle, next, Math.min(PIECE, size - next));
      // It may fail before its turn comes to be waited for.
      piece.catch(() => {});
      ahead.push(piece);
      next += PIECE;
    }
    const piece = await ahead.shift();
    if (piece !== undefined) yield piece;
  }
}

/** Shorter only at the end of the file. */
async function readPiece(sftp: SFTPWrapper, handle: Buffer, at: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let read = 0;
  while (read < length) {
    const more = await asking<number>((done) =>
      sftp.read(handle, buffer, read, length - read, at + read, (error, count) => done(atEnd(error), count)),
    );
    if (!more) break;
    read += more;
  }
  return buffer.subarray(0, read);
}

/** SSH_FX_EOF is no fault. */
function atEnd(error: Error | undefined): Error | undefined {
  return error !== undefined && "code" in error && error.code === 1 ? undefined : error;
}
