import { constants } from "node:os";
import type { Writable } from "node:stream";
import type { ClientChannel } from "ssh2";
import { Disconnected, type RemoteCommand } from "../../../sdk/communicator.ts";
import { Failure } from "../../../sdk/failure.ts";
import type { SshConnection } from "../connecting/ssh-connection.ts";

/** Milliseconds that a cancelled command has to end by itself, and then to die. */
const GRACE = 400;

export interface StreamedCommand extends RemoteCommand {
  /** Takes stdout instead of `onStdout`, no faster than it can. It is ended when all of it has come. */
  readonly into?: Writable | undefined;
}

/**
 * Runs a command line in the user's shell. An exit code counts only when all of its output has arrived; a signal is 128
 * and its number, as in a shell.
 */
export async function runCommand(
  connection: SshConnection,
  command: StreamedCommand,
  options: { readonly pty: boolean },
  signal: AbortSignal,
): Promise<{ readonly exitCode: number }> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<{ exitCode: number }>();
  let exit: number | undefined;
  let complete = false;
  let channel: ClientChannel | undefined;
  const lost = (): void => {
    complete = channel !== undefined && hasEnded(channel);
  };
  // All of a short command may come at once: whoever listens must do so before anything else happens.
  const listen = (opened: ClientChannel): void => {
    channel = opened;
    opened.on("exit", (code: number | null, name?: string) => {
      exit = code ?? 128 + signalNumber(name);
    });
    if (command.into) opened.pipe(command.into);
    else opened.on("data", (chunk: Buffer) => command.onStdout?.(chunk));
    opened.stderr.on("data", (chunk: Buffer) => command.onStderr?.(chunk));
    opened.on("error", () => {});
    connection.gone.addEventListener("abort", lost);
    opened.on("close", () => {
      const whole = !connection.gone.aborted || complete;
      if (signal.aborted) reject(signal.reason);
      else if (exit !== undefined && whole) resolve({ exitCode: exit });
      else reject(new Disconnected(undefined, connection.gone.reason));
    });
    // What waited for the channel may have been cancelled meanwhile.
    if (signal.aborted) stop();
    feed(opened, command.stdin, options.pty, reject);
  };
  const stop = (): void => {
    if (channel !== undefined) void endCommand(channel).then(() => reject(signal.reason));
  };
  signal.addEventListener("abort", stop, { once: true });
  // It may be lost before anyone waits for it.
  promise.catch(() => {});
  try {
    await openExec(connection, command.line, options, listen);
    return await promise;
  } finally {
    signal.removeEventListener("abort", stop);
    connection.gone.removeEventListener("abort", lost);
    command.stdin?.destroy();
    channel?.close();
  }
}

async function openExec(
  connection: SshConnection,
  line: string,
  options: { readonly pty: boolean },
  listen: (channel: ClientChannel) => void,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const agentForward = connection.agentForwarding;
  const wishes = { ...(options.pty && { pty: TERMINAL }), ...(agentForward && { agentForward }) };
  const lost = (): void => reject(connection.gone.reason);
  connection.gone.addEventListener("abort", lost);
  try {
    // Not every kind of wish is in the library's types.
    connection.client.exec(line, wishes as never, (error, channel) => {
      if (error) return reject(error);
      listen(channel);
      resolve();
    });
    return await promise;
  } catch (error) {
    if (!connection.gone.aborted && agentForward && /agent forwarding/i.test(messageOf(error))) {
      connection.agentForwarding = false;
      return await openExec(connection, line, options, listen);
    }
    const why = connection.gone.aborted ? connection.gone.reason : error;
    throw new Failure(`Could not start a command in the machine: ${messageOf(why)}`, { cause: why });
  } finally {
    connection.gone.removeEventListener("abort", lost);
  }
}

/** As Packer asks for it. Mode 53 of RFC 4254: echo off. */
const TERMINAL = { term: "xterm", rows: 40, cols: 80, modes: { ECHO: 0 } };

function feed(
  channel: ClientChannel,
  stdin: RemoteCommand["stdin"],
  pty: boolean,
  failed: (fault: unknown) => void,
): void {
  if (stdin === undefined) {
    // A terminal has no end; a command on it that reads would wait for a person.
    channel.end(pty ? "\u0004" : undefined);
    return;
  }
  stdin.on("error", (fault) => {
    channel.signal("TERM");
    channel.close();
    failed(fault);
  });
  channel.once("close", () => stdin.destroy());
  stdin.pipe(channel);
}

/** The remote process is asked to end, then made to; servers that know no signals close it with the channel. */
async function endCommand(channel: ClientChannel): Promise<void> {
  const ended = new Promise<void>((resolve) => channel.once("exit", () => resolve()).once("close", () => resolve()));
  for (const name of ["TERM", "KILL"]) {
    send(channel, name);
    let timer: NodeJS.Timeout | undefined;
    const waited = new Promise<"waited">((resolve) => {
      timer = setTimeout(() => resolve("waited"), GRACE);
    });
    const outcome = await Promise.race([ended, waited]);
    clearTimeout(timer);
    if (outcome !== "waited") break;
  }
  channel.close();
}

/** The library sends a signal only while the channel takes input, which ended long ago for most commands. */
function send(channel: ClientChannel, name: string): void {
  const { outgoing, _client } = channel as unknown as Internals;
  if (outgoing.state === "closed" || outgoing.state === "closing") return;
  _client._protocol.signal(outgoing.id, name);
}

interface Internals {
  readonly incoming: { readonly state: string };
  readonly outgoing: { readonly state: string; readonly id: number };
  readonly _client: { readonly _protocol: { signal(channel: number, name: string): void } };
}

/** Whether the server has said that no more output comes. */
function hasEnded(channel: ClientChannel): boolean {
  return (channel as unknown as Internals).incoming.state !== "open";
}

function signalNumber(name: string | undefined): number {
  const signals: Readonly<Record<string, number>> = constants.signals;
  return signals[name ?? ""] ?? 0;
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/^\(SSH\) /, "");
}
