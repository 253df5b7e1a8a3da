import type { Duplex } from "node:stream";
import { Failure } from "../../sdk/failure.ts";
import type { Host } from "../../sdk/host.ts";
import { within } from "../within.ts";
import { connectToPlugin } from "./connect.ts";
import { parseHandshake } from "./handshake.ts";
import { logLines } from "./log-lines.ts";

export interface PluginCommand {
  /** For people: "docker v1.1.4 (packer-plugin-docker)". Every Failure begins with it. */
  readonly label: string;
  readonly argv: readonly [string, ...string[]];
  /** Added to what plugins always get. */
  readonly environment?: Readonly<Record<string, string>>;
  /** PACKER_RUN_UUID. */
  readonly runId?: string;
  /** It may print a handshake without a minor version: what is built into Packer 1.6 does. */
  readonly withoutMinor?: boolean;
  /** Each line that it writes to its stderr. */
  readonly onLog?: (line: string) => void;
  /** Milliseconds until its handshake; default one minute. */
  readonly handshakeLimit?: number;
}

/** A plugin that runs, and a connection to it. One process serves one component. */
export interface PluginProcess {
  readonly label: string;
  readonly socket: Duplex;
  /** When the process is gone: how it ended, in words ("it ended with status 2"). Never rejects. */
  readonly ended: Promise<string>;
  /** The last lines of its stderr, oldest first. */
  readonly lastWords: readonly string[];
  /** A Failure that says what happened and what its last words were. */
  failure(what: string, cause?: unknown): Failure;
  /** Closes the connection, which ends a plugin, and kills one that is not gone after two seconds. Idempotent. */
  close(): Promise<void>;
  /** Kills it and all that it started. */
  kill(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Proves to a plugin that it was not started by hand: a constant of the protocol. */
const MAGIC_COOKIE = {
  PACKER_PLUGIN_MAGIC_COOKIE: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
  PACKER_PLUGIN_MIN_PORT: "10000",
  PACKER_PLUGIN_MAX_PORT: "25000",
};

/** In milliseconds. */
const HANDSHAKE_LIMIT = 60_000;
const CLOSE_LIMIT = 2000;
/** Lines of what a plugin wrote last that a Failure shows. */
const SHOWN = 15;
/** What may come before the first end of line, in bytes. */
const LONGEST_HANDSHAKE = 4096;

/**
 * Starts a plugin, waits for its handshake and connects to it. The signal ends only the start: who gets the process
 * closes it. When this process dies, however it does, the connection breaks and the plugin ends by itself.
 */
export async function startPlugin(host: Host, command: PluginCommand, signal: AbortSignal): Promise<PluginProcess> {
  signal.throwIfAborted();
  const { label } = command;
  const stop = new AbortController();
  const log = logLines(command.onLog ?? (() => {}));
  const firstLine = firstLineOf(label);
  const running = host.run(
    {
      argv: command.argv,
      environment: {
        ...MAGIC_COOKIE,
        ...(command.runId !== undefined && { PACKER_RUN_UUID: command.runId }),
        ...command.environment,
      },
      onStdout: firstLine.add,
      onStderr: log.add,
      // Plugins ignore SIGTERM.
      killAfter: 0,
    },
    stop.signal,
  );
  const ended = running.then(
    ({ code, signal: killedBy }) => (killedBy === null ? `it ended with status ${code}` : `${killedBy} ended it`),
    (error: unknown) => (error === KILLED ? "it was killed" : messageOf(error)),
  );
  void ended.then(log.end);
  const failure = (what: string, cause?: unknown): Failure => failureOf(label, what, log.last, cause);

  let socket: Duplex;
  try {
    const cannotStart = running.then(
      async () => Promise.reject(failure(`ended before it could be reached: ${await ended}`)),
      (error: unknown) => Promise.reject(error),
    );
    const line = await within(
      Promise.race([firstLine.line, cannotStart]),
      `Starting ${label}`,
      command.handshakeLimit ?? HANDSHAKE_LIMIT,
      signal,
    );
    socket = await connectToPlugin(parseHandshake(line, label, command.withoutMinor ?? false), label, signal);
  } catch (error) {
    stop.abort(KILLED);
    await ended;
    throw error;
  }

  const kill = async (): Promise<void> => {
    socket.destroy();
    stop.abort(KILLED);
    await ended;
  };
  const close = async (): Promise<void> => {
    socket.destroy();
    await within(ended, `Closing ${label}`, CLOSE_LIMIT, new AbortController().signal).catch(kill);
  };
  // A process that is gone cannot answer; what waits for it learns of it by the connection.
  void ended.then(() => socket.destroy());
  socket.on("error", () => {}); // Who reads the connection hears of it, too; without a reader it must not be a bug.
  return { label, socket, ended, lastWords: log.last, failure, close, kill, [Symbol.asyncDispose]: close };
}

const KILLED = new Error("the plugin was killed by its host");

interface FirstLine {
  readonly line: Promise<string>;
  add(chunk: Buffer): void;
}

/** Later lines are read and dropped. */
function firstLineOf(label: string): FirstLine {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  promise.catch(() => {}); // The process may end first, and nobody wait any more.
  let text = "";
  let done = false;
  return {
    line: promise,
    add(chunk) {
      if (done) return;
      text += chunk.toString("latin1");
      const end = text.indexOf("\n");
      done = end !== -1 || text.length > LONGEST_HANDSHAKE;
      if (end !== -1) resolve(Buffer.from(text.slice(0, end), "latin1").toString("utf8"));
      else if (done) reject(new Failure(`${label} did not begin as a plugin does: it printed ${text.length} bytes`));
    },
  };
}

function failureOf(label: string, what: string, last: readonly string[], cause: unknown): Failure {
  const words = lastWords(last.filter((line) => line !== ""));
  const tail = words.length === 0 ? "" : `\nThe last that it wrote:\n${words.map((line) => `  ${line}`).join("\n")}`;
  return new Failure(`${label} ${what}${tail}`, { cause });
}

/** The last lines; of a plugin of Go that panicked, what it says of that: it begins the trace that follows. */
function lastWords(lines: readonly string[]): readonly string[] {
  const panic = lines.findLastIndex((line) => /^(panic|fatal error): /.test(line));
  return panic === -1 ? lines.slice(-SHOWN) : lines.slice(panic, panic + SHOWN);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
