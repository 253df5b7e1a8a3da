import { basename, posix } from "node:path";
import { PassThrough, pipeline } from "node:stream";
import { createGunzip, createGzip } from "node:zlib";
import type { FolderOptions } from "../../../sdk/communicator.ts";
import { Failure } from "../../../sdk/failure.ts";
import type { FileStat, Host } from "../../../sdk/host.ts";
import { excluder } from "../../../sdk/tar/excluder.ts";
import { packFolder } from "../../../sdk/tar/pack-folder.ts";
import { type ReadEntry, readTar } from "../../../sdk/tar/read-tar.ts";
import { unpackFolder } from "../../../sdk/tar/unpack-folder.ts";
import { writeTar } from "../../../sdk/tar/write-tar.ts";
import { type Run, runAndHear } from "./shell-copy.ts";
import { shellPath } from "./shell-path.ts";

export interface FolderCopy extends FolderOptions {
  readonly from: string;
  readonly to: string;
  /** The way is slow: packing is faster than sending. */
  readonly compressed: boolean;
}

/** The guest has no tar (or no gzip): nothing was done. */
export class NoTar extends Error {}

/** Exit codes of the lines below; other ones are tar's. */
const NO_TAR = 86;
const NO_FOLDER = 87;
const NO_TARGET = 88;

/** Copies a folder into the guest as one archive, unpacked there. Throws NoTar where the guest cannot. */
export async function tarUpload(
  host: Host,
  run: Run,
  { from, to, compressed, exclude, onProgress }: FolderCopy,
  signal: AbortSignal,
): Promise<void> {
  const what = `Could not upload ${from} to ${to} in the machine`;
  const source = await sourceFolder(host, from, what);
  const itself = /[/\\]$/.test(from) ? "" : basename(host.files.resolve(from));
  const owner = { uid: 0, gid: 0 };
  const entries = packFolder(host, from, { prefix: "", owner, excluded: excluder(exclude), onProgress });
  const archive = writeTar(entries);
  const fault: { error?: unknown } = {};
  archive.once("error", (error) => {
    fault.error = error;
  });
  const line = unpackLine(to, itself, source, compressed);
  const stdin = compressed ? pipeline(archive, createGzip({ level: 1 }), () => {}) : archive;
  let ended: Awaited<ReturnType<typeof runAndHear>>;
  try {
    ended = await runAndHear(run, line, signal, { stdin });
  } catch (error) {
    // An archive that broke off is why the command was ended, not its consequence.
    throw fault.error instanceof Failure && !signal.aborted
      ? new Failure(`${what}: ${fault.error.message}`, { cause: fault.error, hint: fault.error.hint })
      : error;
  } finally {
    archive.destroy();
  }
  const { exitCode, errors } = ended;
  if (exitCode === NO_TAR) throw new NoTar();
  if (exitCode === NO_TARGET) throw new Failure(`${what}: ${errors || "the folder cannot be made there"}`);
  if (exitCode !== 0) throw new Failure(`${what}: ${errors || `tar ended with exit code ${exitCode}`}`);
}

/** Copies a folder of the guest, packed there as one archive. Throws NoTar where the guest cannot. */
export async function tarDownload(
  host: Host,
  run: Run,
  { from, to, compressed, exclude, onProgress }: FolderCopy,
  signal: AbortSignal,
): Promise<void> {
  const what = `Could not download ${from} from the machine to ${to}`;
  const existing = await host.files.stat(to);
  const itself = !from.endsWith("/") && existing !== undefined;
  const into = itself ? host.files.resolve(to, posix.basename(from)) : host.files.resolve(to);
  const folder = shellPath(from.replace(/(.)\/+$/, "$1"));
  const line =
    `cd ${folder} || exit ${NO_FOLDER}; ${needs(compressed)}` +
    `tar -cf - . ${compressed ? "| gzip -1" : ""}`.trimEnd();
  const packed = new PassThrough();
  const archive = compressed ? pipeline(packed, createGunzip(), () => {}) : packed;
  const stop = new AbortController();
  const running = runAndHear(run, line, AbortSignal.any([signal, stop.signal]), { into: packed });
  // A command that was lost sends no more; whoever waits below hears why.
  running.catch(() => packed.end());
  const check = async (): Promise<void> => {
    const { exitCode, errors } = await running;
    if (exitCode === NO_TAR) throw new NoTar();
    if (exitCode !== 0) throw new Failure(`${what}: ${errors || `tar ended with exit code ${exitCode}`}`);
  };
  try {
    const entries = readTar(what, archive);
    const first = await entries.next();
    // A command that could not begin sends no archive: nothing is made here for it.
    if (first.done) return await check();
    await unpackFolder(host, {
      entries: withFirst(first.value, entries),
      root: "",
      into,
      what,
      excluded: excluder(exclude),
      onProgress,
    });
    await check();
  } catch (fault) {
    signal.throwIfAborted();
    // An archive that broke off is the consequence of what happened to the command.
    const lost = await Promise.race([
      running.then(
        () => undefined,
        (reason: unknown) => ({ reason }),
      ),
      undefined,
    ]);
    stop.abort(fault);
    throw lost?.reason ?? fault;
  }
}

async function* withFirst(first: ReadEntry, rest: AsyncIterable<ReadEntry>): AsyncGenerator<ReadEntry> {
  yield first;
  yield* rest;
}

async function sourceFolder(host: Host, from: string, what: string): Promise<FileStat> {
  const source = await host.files.stat(from);
  if (source?.kind === "folder") return source;
  throw new Failure(`${what}: ${source === undefined ? "there is no such folder" : "it is no folder"}`);
}

/** Of `d`, only what we made gets the mode and the time of the source. */
function unpackLine(to: string, itself: string, source: FileStat, compressed: boolean): string {
  const inside = itself === "" ? "" : `[ ! -d "$d" ] || d="$d"/${shellPath(itself)}; `;
  const mode = source.mode.toString(8);
  const seconds = Math.floor(source.modified.getTime() / 1000);
  return (
    `d=${shellPath(to.replace(/(.)\/+$/, "$1"))}; ${needs(compressed)}${inside}` +
    `[ -d "$d" ] && made= || made=1; mkdir -p "$d" || exit ${NO_TARGET}; ` +
    `${compressed ? "gzip -d | " : ""}tar -xpof - -C "$d" || exit; ` +
    `[ -z "$made" ] || { chmod ${mode} "$d" && { touch -d @${seconds} "$d" 2>/dev/null || :; }; }`
  );
}

function needs(compressed: boolean): string {
  const programs = compressed ? "tar gzip" : "tar";
  return `command -v ${programs.split(" ").join(" >/dev/null && command -v ")} >/dev/null || exit ${NO_TAR}; `;
}
