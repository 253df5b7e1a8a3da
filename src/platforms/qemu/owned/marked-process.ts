import { Failure } from "../../../sdk/failure.ts";
import type { Host } from "../../../sdk/host.ts";

export interface FoundProcess {
  readonly pid: number;
  /** Another process of the same id has another one. */
  readonly started: string;
}

/** All processes that have these two arguments, one after the other, in their command line. */
export async function processesWith(
  host: Host,
  flags: readonly [string, string],
  signal: AbortSignal,
): Promise<FoundProcess[]> {
  if (host.platform === "linux") return await linuxProcesses(host, flags);
  if (host.platform === "win32") throw new Failure("Processes cannot be looked for on Windows yet");
  return await posixProcesses(host, flags, signal);
}

/** How often, in milliseconds, an ending process is looked at. */
const LOOK = 50;

/** Asks it to end, and makes it end when it does not within `polite` milliseconds. Never ends a later process of the same id. */
export async function endProcess(
  host: Host,
  process: FoundProcess,
  polite: number,
  signal: AbortSignal,
): Promise<void> {
  for (const [name, patience] of [
    ["TERM", polite],
    ["KILL", 5000],
  ] as const) {
    if (!(await isStill(host, process, signal))) return;
    // The shell's own `kill`: the program of that name is not everywhere.
    await host.run({ argv: ["sh", "-c", `kill -${name} ${process.pid}`] }, signal);
    for (let waited = 0; waited < patience; waited += LOOK) {
      if (!(await isStill(host, process, signal))) return;
      await host.sleep(LOOK, signal);
    }
  }
}

async function linuxProcesses({ files }: Host, [flag, value]: readonly [string, string]): Promise<FoundProcess[]> {
  const found: FoundProcess[] = [];
  for (const name of await files.list("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const argv = (await files.readText(`/proc/${name}/cmdline`).catch(() => "")).split("\0");
    if (!argv.some((argument, at) => argument === flag && argv[at + 1] === value)) continue;
    const started = await linuxStart(files, Number(name));
    if (started !== undefined) found.push({ pid: Number(name), started });
  }
  return found;
}

/** Field 22 of `stat`: clock ticks since the start of the machine. undefined: it is gone, or only its corpse is left. */
async function linuxStart(files: Host["files"], pid: number): Promise<string | undefined> {
  const stat = await files.readText(`/proc/${pid}/stat`).catch(() => "");
  // The name before may hold anything, spaces and brackets too.
  const [state, ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return state === undefined || state === "" || state === "Z" || state === "X" ? undefined : fields[18];
}

async function posixProcesses(
  host: Host,
  [flag, value]: readonly [string, string],
  signal: AbortSignal,
): Promise<FoundProcess[]> {
  const { stdout } = await host.run({ argv: ["ps", "-axww", "-o", "pid=,lstart=,args="] }, signal);
  return stdout.split("\n").flatMap((line) => {
    const [, pid, started = "", args = ""] = /^\s*(\d+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(.*)$/.exec(line) ?? [];
    return ` ${args} `.includes(` ${flag} ${value} `) ? [{ pid: Number(pid), started }] : [];
  });
}

async function isStill(host: Host, { pid, started }: FoundProcess, signal: AbortSignal): Promise<boolean> {
  if (host.platform === "linux") return (await linuxStart(host.files, pid)) === started;
  const { stdout } = await host.run({ argv: ["ps", "-p", String(pid), "-o", "lstart="] }, signal);
  return stdout.trim() === started;
}
