import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** One run of a command: wall time in milliseconds, peak resident memory in bytes summed over its process tree. */
export interface Run {
  readonly milliseconds: number;
  readonly peakBytes: number;
}

export interface Contender {
  readonly name: string;
  readonly argv: readonly [string, ...string[]];
  readonly cwd?: string;
  readonly environment?: Record<string, string>;
  /** Between runs, not timed. */
  readonly before?: () => void;
}

/** Runs the contenders in turn (A B A B …) after one round that does not count, so that a drifting machine is fair to all. */
export async function compare(contenders: readonly Contender[], rounds: number): Promise<Map<string, Run[]>> {
  const runs = new Map<string, Run[]>(contenders.map(({ name }) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    for (const contender of contenders) {
      contender.before?.();
      const run = await runOnce(contender);
      if (round >= 0) runs.get(contender.name)?.push(run);
    }
  }
  return runs;
}

async function runOnce({ name, argv: [program, ...rest], cwd, environment }: Contender): Promise<Run> {
  const started = performance.now();
  const child = spawn(program, rest, {
    ...(cwd !== undefined && { cwd }),
    env: { ...process.env, CHECKPOINT_DISABLE: "1", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk;
  });
  child.stderr.on("data", (chunk: Buffer) => {
    output += chunk;
  });
  let peakBytes = 0;
  const sampler = setInterval(() => {
    if (child.pid !== undefined) peakBytes = Math.max(peakBytes, residentBytes(child.pid));
  }, 15);
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  clearInterval(sampler);
  const milliseconds = performance.now() - started;
  if (code !== 0) throw new Error(`${name} exited with ${code}:\n${output}`);
  return { milliseconds, peakBytes };
}

/** Resident memory of a process and all below it; 0 where /proc is not to be had. */
function residentBytes(root: number): number {
  const children = new Map<number, number[]>();
  const pages = new Map<number, number>();
  let entries: string[];
  try {
    entries = readdirSync("/proc");
  } catch {
    return 0;
  }
  for (const entry of entries) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      // Behind the command, which may hold blanks: state, parent, …
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      const parent = Number(fields[1]);
      children.set(parent, [...(children.get(parent) ?? []), pid]);
      pages.set(pid, Number(fields[21]));
    } catch {
      // It ended while it was read.
    }
  }
  let total = 0;
  const queue = [root];
  for (let pid = queue.pop(); pid !== undefined; pid = queue.pop()) {
    total += (pages.get(pid) ?? 0) * 4096;
    queue.push(...(children.get(pid) ?? []));
  }
  return total;
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}
