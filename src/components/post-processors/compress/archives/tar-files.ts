import type { Readable } from "node:stream";
import { Failure } from "../../../../sdk/failure.ts";
import type { Host } from "../../../../sdk/host.ts";
import { type TarEntry, writeTar } from "../../../../sdk/tar/write-tar.ts";
import { namesInArchive } from "./name-in-archive.ts";

/**
 * The files as a tar archive, by their names alone where these differ, of nobody and without times: the same files give the same bytes.
 * Links are followed.
 */
export function tarFiles(paths: readonly string[], host: Host): Readable {
  return writeTar(entriesOf(paths, host));
}

async function* entriesOf(paths: readonly string[], host: Host): AsyncGenerator<TarEntry> {
  const names = namesInArchive(paths);
  for (const [index, path] of paths.entries()) {
    const stat = await host.files.stat(path);
    if (stat === undefined) throw new Failure(`Cannot put ${path} into an archive: there is no such file`);
    if (stat.kind === "folder") throw new Failure(`Cannot put ${path} into an archive: it is a folder`);
    yield {
      header: {
        path: names[index] ?? path,
        kind: "file",
        size: stat.size,
        mode: stat.mode & 0o7777,
        uid: 0,
        gid: 0,
        modified: 0,
      },
      content: lazily(() => host.files.reader(path)),
    };
  }
}

/** A reader opens its file at once. */
async function* lazily(open: () => Readable): AsyncGenerator<Buffer> {
  yield* open();
}
