import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const INGOT = resolve(import.meta.dirname, "../../bin/ingot");

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder of its own for one test: working folder, state, cache, home and temporary files, none shared with anyone. */
export class Workplace implements AsyncDisposable {
  readonly root: string = mkdtempSync(join(tmpdir(), "ingot-e2e-"));
  readonly cwd: string = join(this.root, "cwd");
  readonly state: string = join(this.root, "state");
  readonly temporary: string = join(this.root, "tmp");
  readonly #alive = new Set<ChildProcess>();

  constructor() {
    for (const folder of [this.cwd, this.temporary, join(this.root, "home")]) mkdirSync(folder, { recursive: true });
  }

  /** What the program sees of the environment. */
  get environment(): Record<string, string | undefined> {
    return {
      PATH: process.env.PATH,
      HOME: join(this.root, "home"),
      TMPDIR: this.temporary,
      INGOT_STATE_DIR: this.state,
      // Compiled code alone is shared: it makes the second start of a test run fast.
      XDG_CACHE_HOME: join(tmpdir(), "ingot-e2e-compiled"),
      PACKER_CACHE_DIR: join(this.root, "cache"),
      CHECKPOINT_DISABLE: "1",
      ...(process.env.DOCKER_HOST !== undefined && { DOCKER_HOST: process.env.DOCKER_HOST }),
    };
  }

  /** Starts the real program. Its process group is its own, as in a terminal of its own. */
  start(argv: readonly string[], options: StartOptions = {}): Started {
    const child = spawn(options.program ?? INGOT, argv, {
      cwd: this.cwd,
      env: { ...this.environment, ...options.environment },
      stdio: ["pipe", "pipe", "pipe"],
    });
    // A program that has ended does not read on.
    child.stdin.on("error", () => {});
    child.stdin.end(options.stdin ?? "");
    this.#alive.add(child);
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk;
    });
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk;
    });
    const ended = new Promise<Ended>((done) => {
      child.on("close", (code, signal) => {
        this.#alive.delete(child);
        done({ code, signal, stdout, stderr });
      });
    });
    return { child, ended, output: () => stdout };
  }

  run(argv: readonly string[], options: StartOptions = {}): Promise<Ended> {
    return this.start(argv, options).ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#alive) child.kill("SIGKILL");
    rmSync(this.root, { recursive: true, force: true });
  }
}

export interface StartOptions {
  readonly environment?: Record<string, string>;
  readonly program?: string;
  /** What it reads on standard input; else nothing. */
  readonly stdin?: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** What it has printed so far. */
  readonly output: () => string;
}
