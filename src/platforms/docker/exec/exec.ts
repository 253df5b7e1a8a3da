import type { Duplex, Readable } from "node:stream";
import { Disconnected } from "../../../sdk/communicator.ts";
import { inspectContainer } from "../containers/containers.ts";
import type { DockerEngine } from "../engine/engine.ts";
import { isMissing } from "../engine/engine-failure.ts";
import { execEnd } from "./exec-end.ts";
import { readOutput, writeInput } from "./exec-stream.ts";
import { killCommands } from "./kill-commands.ts";

export interface ExecRequest {
  readonly argv: readonly string[];
  /** `user`, `uid`, `user:group`; default: the container's. */
  readonly user?: string | undefined;
  /** "NAME=value" */
  readonly environment?: readonly string[] | undefined;
  /** A terminal: output comes in one stream then, as stdout. */
  readonly tty?: boolean | undefined;
  readonly stdin?: Readable | undefined;
  readonly onStdout?: ((chunk: Buffer) => void) | undefined;
  readonly onStderr?: ((chunk: Buffer) => void) | undefined;
}

/**
 * Runs a command in a running container, attached, until it has ended and all its output has been handed on. Throws a
 * Failure when it cannot be started and Disconnected when the container or the engine goes away first. When the signal
 * aborts, the command and what it started are killed.
 */
export async function execInContainer(
  engine: DockerEngine,
  container: string,
  request: ExecRequest,
  signal: AbortSignal,
): Promise<{ exitCode: number }> {
  const { Id: id } = await engine.json<{ Id: string }>(
    {
      what: `Could not run a command in the container ${container}`,
      method: "POST",
      path: `/containers/${container}/exec`,
      body: {
        AttachStdin: request.stdin !== undefined,
        AttachStdout: true,
        AttachStderr: true,
        Tty: request.tty === true,
        Cmd: request.argv,
        ...(request.user && { User: request.user }),
        ...(request.environment && { Env: request.environment }),
      },
    },
    signal,
  );
  try {
    await attach(engine, container, id, request, signal);
    return { exitCode: await exitCodeOf(engine, container, id, signal) };
  } catch (fault) {
    if (!signal.aborted) throw fault;
    await killCommands(engine, container);
    throw signal.reason;
  }
}

async function attach(
  engine: DockerEngine,
  container: string,
  id: string,
  request: ExecRequest,
  signal: AbortSignal,
): Promise<void> {
  const tty = request.tty === true;
  const { socket, head } = await engine.hijack(
    {
      what: `Could not start a command in the container ${container}`,
      method: "POST",
      path: `/exec/${id}/start`,
      body: { Detach: false, Tty: tty },
    },
    signal,
  );
  const abort = () => socket.destroy();
  signal.addEventListener("abort", abort, { once: true });
  try {
    signal.throwIfAborted();
    if (head.length > 0) socket.unshift(head);
    await Promise.all([
      readOutput(socket, { tty, onStdout: request.onStdout, onStderr: request.onStderr }),
      request.stdin === undefined ? undefined : writeInput(socket, request.stdin),
    ]);
    signal.throwIfAborted();
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    throw isConnectionFault(cause) ? new Disconnected(lost(container), cause) : cause;
  } finally {
    signal.removeEventListener("abort", abort);
    closeQuietly(socket);
  }
}

/** After its output has ended. */
async function exitCodeOf(engine: DockerEngine, container: string, id: string, signal: AbortSignal): Promise<number> {
  try {
    const exitCode = await execEnd(engine, container, id, signal);
    // What kills a container kills its commands the same way: only the container can tell which it was.
    if (exitCode === 137 || exitCode === undefined) {
      const state = (await inspectContainer(engine, container, signal))?.State;
      if (state?.Running !== true) throw new Disconnected(ended(container, state?.OOMKilled === true));
    }
    if (exitCode === undefined) throw new Disconnected(lost(container));
    return exitCode;
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    if (cause instanceof Disconnected) throw cause;
    throw new Disconnected(isMissing(cause) ? ended(container, false) : lost(container), cause);
  }
}

function lost(container: string): string {
  return `The connection to the container ${container} was lost while a command ran`;
}

function ended(container: string, memory: boolean): string {
  const why = memory ? " (it ran out of memory)" : "";
  return `The container ${container} ended while a command ran in it${why}`;
}

function isConnectionFault(cause: unknown): boolean {
  return (
    cause instanceof Error &&
    /^(ECONNRESET|EPIPE|ETIMEDOUT|ECONNABORTED|ERR_STREAM_PREMATURE_CLOSE)$/.test(String(Reflect.get(cause, "code")))
  );
}

function closeQuietly(socket: Duplex): void {
  // What a closing socket still complains about concerns nobody any more.
  socket.on("error", () => {});
  socket.destroy();
}
