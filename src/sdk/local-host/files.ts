import * as callbacks from "node:fs";
import { createReadStream, createWriteStream } from "node:fs";
import {
  access,
  appendFile,
  chmod,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  utimes,
} from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Readable, Writable } from "node:stream";
import { promisify } from "node:util";
import type { FileStat, Files } from "../host.ts";
import { makeFolders } from "./make-folders.ts";
import { failureOf } from "./system-failure.ts";
import { fileStat, inByteOrder, statOfEntry, walk } from "./walk.ts";
import { writeWhole } from "./write-whole.ts";

export interface FilesOptions {
  readonly cwd: string;
  readonly temporaryFolder: string;
  /** Told whom a lock is waited for. */
  readonly onWait: (text: string) => void;
}

/** The files of this machine. Every fault becomes a Failure that names the deed and the path as it was given. */
export function localFiles({ cwd, temporaryFolder, onWait }: FilesOptions): Files {
  const at = (path: string): string => resolve(cwd, path);
  return {
    resolve: (...parts) => resolve(cwd, ...parts),
    exists: async (path) =>
      await access(at(path)).then(
        () => true,
        () => false,
      ),
    stat: (path, { follow } = { follow: true }) =>
      trying("look at", path, () => (follow ? statOf(at(path)) : statOfEntry(at(path)))),
    read: (path) => trying("read", path, () => readWhole(at(path))),
    readText: (path) => trying("read", path, () => readFile(at(path), "utf8")),
    list: (path) => trying("list", path, async () => (await readdir(at(path))).sort(inByteOrder)),
    walk: (path) => walking(path, at(path)),
    write: (path, content, options) => trying("write", path, () => writeWhole(at(path), content, options?.mode)),
    append: (path, content) => trying("append to", path, () => appendFile(at(path), content)),
    makeFolder: (path, options) => trying("make the folder", path, () => makeFolder(at(path), options?.mode)),
    makeTemporaryFolder: (prefix) =>
      trying("make a folder in", temporaryFolder, async () => {
        await makeFolders(temporaryFolder);
        return await mkdtemp(join(temporaryFolder, prefix));
      }),
    remove: (path) => trying("remove", path, () => rm(at(path), { recursive: true, force: true, maxRetries: 3 })),
    rename: (from, to) => trying(`rename ${from} to`, to, () => rename(at(from), at(to))),
    makeLink: (path, target) => trying("make the link", path, () => symlink(target, at(path))),
    setAttributes: (path, { mode, modified }) =>
      trying("set mode and time of", path, async () => {
        await chmod(at(path), mode);
        await utimes(at(path), modified, modified);
      }),
    reader: (path) => reader(path, at(path)),
    writer: (path, options) => writer(path, at(path), options?.mode),
    glob: (pattern) => trying("search for", pattern, async () => (await import("./glob.ts")).glob(pattern, cwd)),
    withLock: async (path, signal, work) =>
      (await import("./with-lock.ts")).withLock(at(path), { signal, onWait }, work),
  };
}

/** Half the work of the promise version: it opens no FileHandle. It shows with folders of many small files. */
const readWhole = promisify(callbacks.readFile);

async function trying<T>(deed: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw failureOf(error, deed, path);
  }
}

async function makeFolder(path: string, mode: number | undefined): Promise<void> {
  // With `recursive`, a mode would be that of the parents too.
  if (mode !== undefined) await makeFolders(dirname(path));
  await makeFolders(path, mode);
}

async function statOf(path: string): Promise<FileStat | undefined> {
  return await stat(path).then(fileStat, () => statOfEntry(path));
}

async function* walking(path: string, absolute: string): AsyncGenerator<{ path: string; stat: FileStat }> {
  try {
    yield* walk(absolute);
  } catch (error) {
    throw failureOf(error, "list", path);
  }
}

/** Bytes read at a time: a gigabyte takes half as long as with Node's 64 KiB. */
const CHUNK = 512 * 1024;

function reader(path: string, absolute: string): Readable {
  return withFailures(createReadStream(absolute, { highWaterMark: CHUNK }), "read", path);
}

function writer(path: string, absolute: string, mode: number | undefined): Writable {
  const { write, writev, close } = callbacks;
  const fs = { write, writev, close, open: openInNewFolder };
  return withFailures(createWriteStream(absolute, { mode: mode ?? 0o666, fs }), "write", path);
}

type Opened = (error: NodeJS.ErrnoException | null, descriptor: number) => void;

function openInNewFolder(path: string, flags: string, mode: number, done: Opened): void {
  callbacks.open(path, flags, mode, (error, descriptor) => {
    if (error?.code !== "ENOENT") return done(error, descriptor);
    makeFolders(dirname(path)).then(
      () => callbacks.open(path, flags, mode, done),
      (fault) => done(fault, -1),
    );
  });
}

/** A stream reports its fault through `_destroy`: the one place where it can be put into words. */
function withFailures<S extends Readable | Writable>(stream: S, deed: string, path: string): S {
  const destroy = stream._destroy.bind(stream);
  stream._destroy = (error, callback) =>
    destroy(error, (fault) => callback(fault ? (failureOf(fault, deed, path) as Error) : (fault ?? null)));
  return stream;
}
