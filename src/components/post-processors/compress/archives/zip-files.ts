import { PassThrough, type Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ZipFile } from "yazl";
import { Failure } from "../../../../sdk/failure.ts";
import type { Host } from "../../../../sdk/host.ts";
import { pathInArchive } from "./name-in-archive.ts";

/** The earliest time that the format knows. */
const NO_TIME = new Date(1980, 0, 1);

/** Writes the files into an open file, and ends it, as a zip archive, by their paths and without times: the same files give the same bytes. */
export async function zipFiles(
  paths: readonly string[],
  target: Writable,
  host: Host,
  signal: AbortSignal,
): Promise<void> {
  const zip = new ZipFile();
  const between = new PassThrough();
  zip.on("error", (error: Error) => between.destroy(new Failure(`Zipping failed: ${error.message}`, { cause: error })));
  for (const path of paths) {
    const stat = await host.files.stat(path);
    if (stat === undefined) throw new Failure(`Cannot put ${path} into an archive: there is no such file`);
    if (stat.kind === "folder") throw new Failure(`Cannot put ${path} into an archive: it is a folder`);
    const options = { size: stat.size, mode: 0o100000 | (stat.mode & 0o777), mtime: NO_TIME, forceDosTimestamp: true };
    zip.addReadStreamLazy(pathInArchive(path), options, (done) => done(undefined, opened(path, host, between)));
  }
  zip.outputStream.pipe(between);
  zip.end();
  await pipeline(between, target, { signal });
}

/** A fault of reading ends the whole archive. */
function opened(path: string, host: Host, output: PassThrough): Readable {
  const reader = host.files.reader(path);
  reader.once("error", (error) => output.destroy(error));
  output.once("close", () => reader.destroy());
  return reader;
}
