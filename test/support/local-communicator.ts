import { createReadStream, createWriteStream } from "node:fs";
import { chmod, cp, mkdir, readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Communicator } from "../../src/sdk/communicator.ts";
import { Failure } from "../../src/sdk/failure.ts";
import type { Host } from "../../src/sdk/host.ts";
import { localHost } from "../../src/sdk/local-host/local-host.ts";

/** A "guest" that is this machine: real /bin/sh, real files. Keep to a temporary folder. */
export function localCommunicator(host: Host = localHost()): Communicator {
  return {
    guest: "posix",
    async run(command, signal) {
      const { code, signal: killedBy } = await host.run(
        {
          argv: ["/bin/sh", "-c", command.line],
          ...(command.stdin && { stdin: command.stdin }),
          onStdout: (chunk) => command.onStdout?.(chunk),
          onStderr: (chunk) => command.onStderr?.(chunk),
        },
        signal,
      );
      return { exitCode: code ?? (killedBy === "SIGKILL" ? 137 : 143) };
    },
    async upload(content, path, options, signal) {
      await asFailure(`upload to ${path}`, async () => {
        const source = content instanceof Readable ? content : Readable.from([content], { objectMode: false });
        let bytes = 0;
        source.on("data", (chunk: Buffer) => {
          bytes += chunk.length;
          options.onProgress?.(bytes);
        });
        await pipeline(source, createWriteStream(path, { mode: options.mode ?? 0o644 }), { signal });
        await chmod(path, options.mode ?? 0o644);
      });
    },
    uploadFolder: (from, to) => copyFolder(from, to),
    async download(path, into, signal) {
      await asFailure(`download ${path}`, () => pipeline(createReadStream(path), into, { signal }));
    },
    downloadFolder: (from, to) => copyFolder(from, to),
    close: async () => {},
  };
}

/** The rule of rsync: `from/` is what is in it, `from` the folder itself. */
async function copyFolder(from: string, to: string): Promise<void> {
  await asFailure(`copy ${from} to ${to}`, async () => {
    if (!(await stat(from)).isDirectory()) throw new Error(`${from} is no folder`);
    const target = from.endsWith("/") ? to : join(to, basename(from));
    await mkdir(dirname(target), { recursive: true });
    await readdir(from);
    await cp(from, target, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  });
}

async function asFailure(deed: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof Error && error.name === "AbortError") throw error;
    throw new Failure(`Could not ${deed}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
