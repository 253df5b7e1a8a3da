import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Failure } from "../failure.ts";
import type { HostCommand, HostProcessResult } from "../host.ts";
import { endGroup, inOwnGroup } from "./process-group.ts";
import { errorCode } from "./system-failure.ts";

interface Surroundings {
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Runs a program of this machine in a process group of its own, to its end. See `Host.run`. */
export async function run(
  command: HostCommand,
  signal: AbortSignal,
  surroundings: Surroundings,
): Promise<HostProcessResult> {
  signal.throwIfAborted();
  const cwd = resolve(surroundings.cwd, command.cwd ?? ".");
  const child = await start(command, cwd, { ...surroundings.environment, ...command.environment });
  const stdout = gather(child.stdout, command.onStdout);
  const stderr = gather(child.stderr, command.onStderr);
  const stop = endOnAbort(child, signal, command.killAfter ?? 2000);
  try {
    feed(child, command.stdin, signal);
    const end = await endOf(child, signal, stop);
    signal.throwIfAborted();
    stdout.throwIfFailed();
    stderr.throwIfFailed();
    return { ...end, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    stop.forget();
  }
}

async function start(command: HostCommand, cwd: string, environment: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const [file, ...args] = command.argv;
  const stdin = command.stdin === undefined ? "ignore" : "pipe";
  try {
    const child = spawn(file, args, {
      cwd,
      env: environment,
      stdio: [stdin, "pipe", "pipe"],
      windowsHide: true,
      ...inOwnGroup,
    });
    const { promise, resolve: started, reject } = Promise.withResolvers<ChildProcess>();
    child.once("spawn", () => started(child));
    child.once("error", reject);
    return await promise;
  } catch (error) {
    throw startFailure(error, file, cwd);
  }
}

function startFailure(error: unknown, file: string, cwd: string): Failure {
  const code = errorCode(error);
  // The system answers "no such file" for the program and for the folder alike.
  if (code === "ENOENT" && !existsSync(cwd))
    return new Failure(`Cannot start ${file}: its folder ${cwd} does not exist`);
  const [answer, hint] = (code === undefined ? undefined : startAnswers[code]) ?? [String(error)];
  return new Failure(`Cannot start ${file}: ${answer}`, { cause: error, hint: hint?.replace("PROGRAM", file) });
}

const startAnswers: Readonly<Record<string, readonly [answer: string, hint?: string]>> = {
  ENOENT: ["there is no such program", "Install it, or put the folder that holds it on PATH."],
  EACCES: ["permission denied", "It must be a file with the execute permission: chmod +x PROGRAM"],
  ENOEXEC: ["it is neither a program of this system nor a script that names its interpreter (#!)"],
  E2BIG: ["its arguments and environment variables are too long together", "Hand long texts over in a file."],
  EAGAIN: [
    "too many processes",
    "Raise the limit of processes (ulimit -u), or run fewer builds at a time (-parallel-builds).",
  ],
  ENOMEM: ["not enough memory"],
};

interface Gathered {
  text(): string;
  throwIfFailed(): void;
}

function gather(stream: Readable | null, listener: ((chunk: Buffer) => void) | undefined): Gathered {
  const chunks: Buffer[] = [];
  let fault: { readonly error: unknown } | undefined;
  const take = listener ?? ((chunk: Buffer) => void chunks.push(chunk));
  stream?.on("data", (chunk: Buffer) => {
    try {
      if (!fault) take(chunk);
    } catch (error) {
      fault = { error };
    }
  });
  stream?.on("error", () => {}); // The other side of the pipe is gone: the end of the process says why.
  return {
    text: () => Buffer.concat(chunks).toString("utf8"),
    throwIfFailed: () => {
      if (fault) throw fault.error;
    },
  };
}

interface Stop {
  /** Resolves when the group was told to end for good. */
  readonly killed: Promise<void>;
  forget(): void;
}

function endOnAbort(child: ChildProcess, signal: AbortSignal, killAfter: number): Stop {
  const { promise: killed, resolve: done } = Promise.withResolvers<void>();
  let timer: NodeJS.Timeout | undefined;
  const onAbort = (): void => {
    endGroup(child, "SIGTERM");
    timer = setTimeout(() => {
      endGroup(child, "SIGKILL");
      done();
    }, killAfter);
  };
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  return {
    killed,
    forget: () => {
      signal.removeEventListener("abort", onAbort);
      clearTimeout(timer);
    },
  };
}

function feed(child: ChildProcess, stdin: HostCommand["stdin"], signal: AbortSignal): void {
  if (!child.stdin || stdin === undefined) return;
  // A program that does not read all of its input is no fault: EPIPE says nothing that its exit code does not.
  child.stdin.on("error", () => {});
  if (stdin instanceof Readable) void pipeline(stdin, child.stdin, { signal }).catch(() => {});
  else child.stdin.end(stdin);
}

async function endOf(
  child: ChildProcess,
  signal: AbortSignal,
  stop: Stop,
): Promise<Pick<HostProcessResult, "code" | "signal">> {
  const { promise, resolve: ended } = Promise.withResolvers<Pick<HostProcessResult, "code" | "signal">>();
  child.once("close", (code, killedBy) => ended({ code, signal: killedBy }));
  // What left the group (a daemon) may hold the pipes open for ever: after an abort nobody waits for it.
  void stop.killed.then(() => {
    child.stdout?.destroy();
    child.stderr?.destroy();
  });
  const end = await promise;
  // The child may end politely and leave others of its group behind.
  if (signal.aborted) endGroup(child, "SIGKILL");
  return end;
}
