import { spawn } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Case, Command } from "./read-cases.ts";

/** What a program made of one command, without what is different every time. */
export interface Outcome {
  readonly command: string;
  readonly code: number;
  /** What it printed, where that is for programs to read. */
  readonly output?: string;
  /** Titles of its diagnostics: "Error: …" each once, sorted. */
  readonly titles?: readonly string[];
  /** The files that are there afterwards and were not there as they are. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Runs the commands of a case in a folder of its own. */
export async function runCase(
  each: Case,
  program: string,
  environment: Record<string, string> = {},
): Promise<Outcome[]> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "ingot-differential-")));
  const folder = join(root, "work");
  try {
    for (const name of ["work", "home", "tmp", "config"]) mkdirSync(join(root, name));
    for (const [path, text] of Object.entries(each.files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const outcomes: Outcome[] = [];
    for (const command of each.commands) {
      const before = filesIn(folder);
      const { code, stdout, all } = await run(program, command, { root, folder, environment });
      const settled = (text: string) => withoutChance(text.replaceAll(folder, "<cwd>").replaceAll(root, "<root>"));
      const after = Object.entries(filesIn(folder)).filter(([path, text]) => before[path] !== text);
      const files = Object.fromEntries(after.map(([path, text]) => [path, settled(text)]));
      const output = outputOf(command, code, settled(stdout));
      const titles = [...new Set(all.match(/^(Error|Warning): .*$/gm) ?? [])]
        .map((title) => settled(title.trim()))
        .sort();
      outcomes.push({
        command: command.text,
        code,
        ...(output !== undefined && { output }),
        ...(titles.length > 0 && { titles }),
        ...(after.length > 0 && { files }),
      });
    }
    return outcomes;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

interface Place {
  readonly root: string;
  readonly folder: string;
  readonly environment: Record<string, string>;
}

function run(program: string, command: Command, place: Place): Promise<{ code: number; stdout: string; all: string }> {
  const { root, folder, environment } = place;
  const child = spawn(program, command.argv, {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: join(root, "home"),
      TMPDIR: join(root, "tmp"),
      PACKER_CONFIG_DIR: join(root, "config"),
      CHECKPOINT_DISABLE: "1",
      PACKER_NO_COLOR: "1",
      ...environment,
      ...command.environment,
    },
    stdio: ["pipe", "pipe", "pipe"],
    timeout: 60_000,
  });
  let stdout = "";
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk;
  });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk;
  });
  // Whoever reads no input closes it.
  child.stdin.on("error", () => {});
  child.stdin.end(command.input);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? -1, stdout: plain(stdout), all: plain(stdout + stderr) }));
  });
}

function plain(text: string): string {
  return text.replaceAll(/\u001b\[[\d;]*m/g, "");
}

/** Only what programs read is compared as it is; what people read says the same in other words. */
function outputOf({ argv }: Command, code: number, stdout: string): string | undefined {
  if (code !== 0 && code !== 3) return undefined;
  if (argv.includes("-machine-readable")) return machineLines(stdout);
  if (["console", "inspect", "fmt"].includes(argv[0] ?? "")) return stdout.trim();
  return undefined;
}

/** Without the times, and without the texts for people. */
function machineLines(stdout: string): string {
  const lines = stdout.split("\n").map((line) => line.replace(/^\d+,/, ""));
  // Builds come in any order.
  const byTarget = Object.groupBy(
    lines.filter((line) => line !== "" && !/^[^,]*,ui,/.test(line)),
    (line) => line.split(",", 1)[0] ?? "",
  );
  return Object.keys(byTarget)
    .sort()
    .flatMap((target) => byTarget[target] ?? [])
    .join("\n");
}

function withoutChance(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<uuid>")
    .replaceAll(/"build_time": \d+/g, '"build_time": 0')
    .replaceAll(/\d{4}-\d\d-\d\d([T ])\d\d:\d\d:\d\d(Z|\.\d+Z)?/g, "<time>");
}

const MOST_BYTES = 4000;

function filesIn(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (path) => !path.startsWith("packer_cache") && path !== "crash.log",
  );
  const files = paths.filter((path) => statSync(join(folder, path)).isFile()).sort();
  return Object.fromEntries(files.map((path) => [path, contentOf(readFileSync(join(folder, path)))]));
}

function contentOf(bytes: Buffer): string {
  return bytes.includes(0) || bytes.length > MOST_BYTES ? "(binary or long)" : bytes.toString("utf8");
}
