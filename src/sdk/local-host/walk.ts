import type { Stats } from "node:fs";
import { lstat, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import type { FileStat } from "../host.ts";
import { errorCode } from "./system-failure.ts";

/** Everything below a folder, each folder before what is in it, names in byte order; links are not followed. */
export async function* walk(folder: string): AsyncGenerator<{ path: string; stat: FileStat }> {
  yield* below(folder, "");
}

async function* below(root: string, folder: string): AsyncGenerator<{ path: string; stat: FileStat }> {
  for (const name of (await readdir(join(root, folder))).sort(inByteOrder)) {
    const path = folder === "" ? name : `${folder}/${name}`;
    const stat = await statOfEntry(join(root, path));
    if (stat === undefined) continue; // Removed meanwhile.
    yield { path, stat };
    if (stat.kind === "folder") yield* below(root, path);
  }
}

/** Of the entry itself: a link is a link. undefined: there is none. */
export async function statOfEntry(path: string): Promise<FileStat | undefined> {
  try {
    const stats = await lstat(path);
    const stat = fileStat(stats);
    return stat.kind === "link" ? { ...stat, linkTarget: await readlink(path) } : stat;
  } catch (error) {
    const code = errorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

export function fileStat(stats: Stats): FileStat {
  const kind = stats.isFile() ? "file" : stats.isDirectory() ? "folder" : stats.isSymbolicLink() ? "link" : "other";
  return { kind, size: stats.size, mode: stats.mode & 0o7777, modified: stats.mtime };
}

/** As Go and `LC_ALL=C sort` order names: by the bytes of their UTF-8. */
export function inByteOrder(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
}
