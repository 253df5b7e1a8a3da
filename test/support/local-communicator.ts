import { randomBytes } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { chmod, cp, rename, rm, stat } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import picomatch from "picomatch";
import { type Communicator, Disconnected, type FolderOptions } from "../../src/sdk/communicator.ts";
import { Failure } from "../../src/sdk/failure.ts";
import type { Host } from "../../src/sdk/host.ts";
import { localHost } from "../../src/sdk/local-host/local-host.ts";

export interface LocalCommunicator extends Communicator {
  /** The "machine" is gone: what runs is lost, and nothing works any more. */
  vanish(): void;
}

/** A "guest" that is this machine: real /bin/sh, real files. Keep to a temporary folder. */
export function localCommunicator(host: Host = localHost()): LocalCommunicator {
  const gone = new AbortController();
  const lost = new Error("lost");
  const trying = async <T>(deed: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> => {
    signal.throwIfAborted();
    if (gone.signal.aborted) throw new Failure(`Could not ${deed}: the machine is gone`);
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      if (gone.signal.aborted) throw new Disconnected();
      throw new Failure(`Could not ${deed}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  };
  return {
    guest: "posix",
    run: (command, signal) =>
      trying(`run ${command.line}`, signal, async () => {
        const { code, signal: killedBy } = await host.run(
          {
            argv: ["/bin/sh", "-c", command.line],
            ...(command.stdin && { stdin: command.stdin }),
            onStdout: (chunk) => command.onStdout?.(chunk),
            onStderr: (chunk) => command.onStderr?.(chunk),
          },
          AbortSignal.any([signal, gone.signal]),
        );
        return { exitCode: code ?? (killedBy === "SIGKILL" ? 137 : 143) };
      }),
    upload: (content, path, options, signal) =>
      trying(`upload to ${path}`, signal, async () => {
        const target = await stat(path).catch(() => undefined);
        if (target?.isDirectory()) throw new Error("it is a folder");
        const source = content instanceof Readable ? content : Readable.from([content], { objectMode: false });
        let bytes = 0;
        source.on("data", (chunk: Buffer) => {
          bytes += chunk.length;
          options.onProgress?.(bytes);
        });
        const beside = `${path}.${randomBytes(4).toString("hex")}`;
        try {
          await pipeline(source, createWriteStream(beside), { signal });
          await chmod(beside, options.mode ?? 0o644);
          await rename(beside, path);
        } catch (error) {
          await rm(beside, { force: true });
          throw error;
        }
      }),
    uploadFolder: (from, to, options, signal) =>
      trying(`copy ${from} to ${to}`, signal, () => copyFolder(from, to, options)),
    download: (path, into, signal) =>
      trying(`download ${path}`, signal, () => pipeline(createReadStream(path), into, { signal })),
    downloadFolder: (from, to, options, signal) =>
      trying(`copy ${from} to ${to}`, signal, () => copyFolder(from, to, options)),
    close: async () => {},
    vanish: () => gone.abort(lost),
  };
}

/** The rule of rsync: `from/` is what is in it, `from` the folder itself. */
async function copyFolder(from: string, to: string, options: FolderOptions): Promise<void> {
  if (!(await stat(from)).isDirectory()) throw new Error(`${from} is no folder`);
  const existing = await stat(to).catch(() => undefined);
  const target = from.endsWith("/") || !existing ? to : join(to, basename(from));
  const excluded = (options.exclude ?? []).map((pattern) => picomatch(pattern, { dot: true }));
  const mode = (await stat(target).catch(() => undefined))?.mode;
  await cp(`${from.replace(/\/+$/, "")}/`, `${target}/`, {
    recursive: true,
    preserveTimestamps: true,
    verbatimSymlinks: true,
    filter: async (source) => {
      const path = relative(from, source);
      return path === "" || !excluded.some((matches) => matches(path));
    },
  });
  if (mode !== undefined) await chmod(target, mode & 0o7777);
}
