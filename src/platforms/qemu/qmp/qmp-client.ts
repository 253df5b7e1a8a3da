import type { Duplex } from "node:stream";
import { Failure } from "../../../sdk/failure.ts";
import type { Json } from "../../../sdk/json.ts";
import { jsonLines } from "./json-lines.ts";

/** QEMU's control channel: commands in, answers and events out, one JSON text a line. */
export interface Qmp {
  /** Of QEMU: "7.2.22". */
  readonly version: string;
  /** Throws a Failure when QEMU refuses, or is gone before it answers. */
  execute(command: string, signal: AbortSignal, args?: Readonly<Record<string, Json>>): Promise<Json>;
  /** The next event of one of these names, counted from this call. A Failure when QEMU is gone first. */
  nextEvent(names: readonly string[], signal: AbortSignal): Promise<QmpEvent>;
  /** Ends QEMU at once, without the guest's knowledge. That QEMU is gone before it answers is no fault. */
  quit(signal: AbortSignal): Promise<void>;
  /** Resolves when the connection has ended, for whatever reason. */
  readonly closed: Promise<void>;
  close(): void;
}

export interface QmpEvent {
  readonly event: string;
  readonly data: Readonly<Record<string, Json>>;
}

/** Takes the greeting, agrees on the capabilities and hands over the channel. `onEvent` hears all events from then on. */
export async function openQmp(
  socket: Duplex,
  signal: AbortSignal,
  onEvent: (event: QmpEvent) => void = () => {},
): Promise<Qmp> {
  const waiting = new Map<number, Waiting<Json>>();
  const listeners = new Set<Waiting<QmpEvent> & { readonly names: readonly string[] }>();
  const greeting = Promise.withResolvers<string>();
  greeting.promise.catch(() => {});
  const closed = Promise.withResolvers<void>();
  let lastId = 0;
  let ended: Failure | undefined;

  const receive = (message: Message): void => {
    if (message.QMP) greeting.resolve(versionOf(message.QMP));
    else if (message.event !== undefined) tell({ event: message.event, data: message.data ?? {} });
    else if (typeof message.id === "number") answer(message.id, message);
  };
  const tell = (event: QmpEvent): void => {
    onEvent(event);
    for (const listener of listeners) if (listener.names.includes(event.event)) listener.resolve(event);
  };
  const answer = (id: number, { error, return: result }: Message): void => {
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error)
      asked?.reject(new Failure(`QEMU refused ${asked.what}: ${error.desc ?? error.class ?? "no reason given"}`));
    else asked?.resolve(result ?? null);
  };
  const end = (cause?: unknown): void => {
    if (ended) return;
    ended = new Failure("QEMU closed its control channel", { cause });
    for (const { reject } of [greeting, ...waiting.values(), ...listeners]) reject(ended);
    closed.resolve();
  };
  // QEMU resets the connection when it quits: that is an end like any other.
  socket.on("error", end);
  socket.once("close", () => end());
  jsonLines<Message>(socket, receive, (fault) => {
    end(fault);
    socket.destroy();
  });

  const request = async (command: string, abort: AbortSignal, args?: Readonly<Record<string, Json>>): Promise<Json> => {
    abort.throwIfAborted();
    if (ended) throw ended;
    const id = ++lastId;
    const asked = Promise.withResolvers<Json>();
    waiting.set(id, { what: command, ...asked });
    socket.write(`${JSON.stringify({ execute: command, ...(args ? { arguments: args } : {}), id })}\r\n`);
    return await orAbort(asked, abort, () => waiting.delete(id));
  };

  try {
    const version = await orAbort(greeting, signal, () => {});
    await request("qmp_capabilities", signal);
    return {
      version,
      execute: request,
      nextEvent(names, abort) {
        if (ended) return Promise.reject(ended);
        const heard = { what: names.join(" or "), names, ...Promise.withResolvers<QmpEvent>() };
        listeners.add(heard);
        return orAbort(heard, abort, () => listeners.delete(heard));
      },
      async quit(abort) {
        await Promise.race([request("quit", abort).catch((fault: unknown) => throwUnlessEnded(fault)), closed.promise]);
      },
      closed: closed.promise,
      close: () => socket.destroy(),
    };
  } catch (fault) {
    socket.destroy();
    throw fault;
  }

  function throwUnlessEnded(fault: unknown): void {
    if (fault !== ended) throw fault;
  }
}

interface Message {
  readonly QMP?: { readonly version?: { readonly qemu?: Readonly<Record<"major" | "minor" | "micro", number>> } };
  readonly event?: string;
  readonly data?: Readonly<Record<string, Json>>;
  readonly id?: number;
  readonly return?: Json;
  readonly error?: { readonly class?: string; readonly desc?: string };
}

interface Waiting<T> {
  readonly what: string;
  resolve(value: T): void;
  reject(fault: unknown): void;
}

function versionOf({ version }: NonNullable<Message["QMP"]>): string {
  const { major, minor, micro } = version?.qemu ?? {};
  return `${major ?? "?"}.${minor ?? "?"}.${micro ?? "?"}`;
}

async function orAbort<T>(
  { promise, reject }: { promise: Promise<T>; reject: (fault: unknown) => void },
  signal: AbortSignal,
  done: () => void,
): Promise<T> {
  const stop = (): void => reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await promise;
  } finally {
    signal.removeEventListener("abort", stop);
    done();
  }
}
