import { join } from "node:path";
import { Failure } from "../../sdk/failure.ts";
import type { Host } from "../../sdk/host.ts";

const MOST_LINES = 500;

/** The lines that were typed at the console, newest first, across its sessions. */
export interface ConsoleHistory {
  readonly lines: readonly string[];
  /** Keeps the line, unless it holds a secret that is known or is the last one again. */
  add(line: string): void;
  /** Writes the lines of this session behind those that are in the file by now. */
  save(): Promise<void>;
}

/** `isSecret` tells whether a line must not be written to disk. A history that cannot be read or written is no fault. */
export async function openHistory(
  host: Host,
  folder: string,
  isSecret: (line: string) => boolean,
): Promise<ConsoleHistory> {
  const path = join(folder, "console-history");
  const lines = await readLines(host, path);
  const added: string[] = [];
  return {
    lines,
    add(line) {
      if (line.trim() !== "" && !isSecret(line) && line !== (added[0] ?? lines[0])) added.unshift(line);
    },
    async save() {
      if (added.length === 0) return;
      // Another console may have written in the meantime.
      const all = [...added, ...(await readLines(host, path))].slice(0, MOST_LINES);
      const text = all.reverse().map((line) => `${line}\n`);
      await unlessRefused(host.files.write(path, text.join(""), { mode: 0o600 }));
    },
  };
}

async function readLines(host: Host, path: string): Promise<string[]> {
  const text = await unlessRefused(host.files.readText(path));
  return (text ?? "")
    .split("\n")
    .filter((line) => line !== "")
    .reverse();
}

async function unlessRefused<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
