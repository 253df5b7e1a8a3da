import { basename, posix } from "node:path";
import type { FolderOptions } from "../../../sdk/communicator.ts";
import { Failure } from "../../../sdk/failure.ts";
import { excluder } from "../../../sdk/tar/excluder.ts";
import { joined, packFolder } from "../../../sdk/tar/pack-folder.ts";
import { readTar } from "../../../sdk/tar/read-tar.ts";
import { unpackFolder } from "../../../sdk/tar/unpack-folder.ts";
import { type TarEntry, writeTar } from "../../../sdk/tar/write-tar.ts";
import { getArchive, putArchive, statPath } from "../containers/archive.ts";
import type { DockerEngine } from "../engine/engine.ts";
import type { Owner } from "./owner.ts";

interface Place {
  readonly engine: DockerEngine;
  readonly container: string;
}

/**
 * `from/` copies what is in the folder into `to`; `from` the folder itself into `to`, or, where `to` does not exist
 * yet, as `to` (as `cp -r`, `scp -r` and `docker cp` do). Missing parents of `to` are made; the mode of a `to` that
 * exists is left alone.
 */
export async function uploadFolder(
  { engine, container }: Place,
  transfer: { from: string; to: string; owner: Owner } & FolderOptions,
  signal: AbortSignal,
): Promise<void> {
  const { from, to, owner } = transfer;
  const { host } = engine;
  const what = `Could not upload ${from} to ${to} in the container`;
  const source = await host.files.stat(from);
  if (source?.kind !== "folder")
    throw new Failure(`${what}: ${source === undefined ? "there is no such folder" : "it is no folder"}`);
  const { base, missing } = await deepestFolder({ engine, container }, to, what, signal);
  const itself = !/[/\\]$/.test(from) && missing === "";
  const prefix = itself ? basename(host.files.resolve(from)) : missing;
  const excluded = excluder(transfer.exclude);

  async function* entries(): AsyncGenerator<TarEntry> {
    const modified = Math.floor((source?.modified.getTime() ?? 0) / 1000);
    const parts = prefix === "" ? [] : prefix.split("/");
    for (const [index, _] of parts.entries()) {
      const isFolderItself = index === parts.length - 1;
      const mode = isFolderItself ? (source?.mode ?? 0o755) : 0o755;
      yield {
        header: { path: parts.slice(0, index + 1).join("/"), kind: "folder", mode, modified, size: 0, ...owner },
      };
    }
    yield* packFolder(host, from, { prefix, owner, excluded, onProgress: transfer.onProgress });
  }
  await putArchive(engine, container, { folder: base, archive: writeTar(entries()), what }, signal);
}

/**
 * The same rule for the slash: `from/` downloads what is in the folder, `from` the folder itself, as `to` where that
 * does not exist yet.
 */
export async function downloadFolder(
  { engine, container }: Place,
  transfer: { from: string; to: string } & FolderOptions,
  signal: AbortSignal,
): Promise<void> {
  const { from, to } = transfer;
  const { host } = engine;
  const what = `Could not download ${from} from the container to ${to}`;
  const path = from.replace(/(.)\/+$/, "$1");
  const { archive, stat, name } = await getArchive(engine, container, path, what, signal);
  try {
    if (stat.kind !== "folder") throw new Failure(`${what}: it is no folder`);
    const existing = await host.files.stat(to);
    const itself = !from.endsWith("/") && existing !== undefined;
    const target = itself ? host.files.resolve(to, posix.basename(path)) : host.files.resolve(to);
    await unpackFolder(host, {
      entries: readTar(what, archive),
      root: name === "/" ? "" : name,
      into: target,
      what,
      excluded: excluder(transfer.exclude),
      onProgress: transfer.onProgress,
    });
  } catch (fault) {
    if (signal.aborted) throw signal.reason;
    throw fault;
  } finally {
    archive.destroy();
  }
}

/** The nearest folder at or above `to` that exists, and the path from there to it: archives can only be put into folders. */
async function deepestFolder(
  { engine, container }: Place,
  to: string,
  what: string,
  signal: AbortSignal,
): Promise<{ base: string; missing: string }> {
  let base = posix.resolve("/", to);
  let missing = "";
  for (;;) {
    const stat = await statPath(engine, container, base, signal);
    if (stat?.kind === "folder") return { base, missing };
    if (stat?.kind === "file") throw new Failure(`${what}: ${base} is a file there`);
    if (stat?.kind === "link" && stat.linkTarget !== base) {
      base = posix.resolve(posix.dirname(base), stat.linkTarget);
      continue;
    }
    if (base === "/") throw new Failure(`${what}: the container has no file system`);
    missing = joined(posix.basename(base), missing);
    base = posix.dirname(base);
  }
}
