import type { Duplex, Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  type Communicator,
  Disconnected,
  type FolderOptions,
  type RemoteCommand,
  type UploadOptions,
} from "../../sdk/communicator.ts";
import { readGob } from "../gob/read-gob.ts";
import type { Broker, Offer } from "../rpc/broker.ts";
import type { RpcClient } from "../rpc/rpc-client.ts";

/** What Go's communicators answer when the connection to the machine was lost. */
const DISCONNECTED = 2_300_218;

/** An answer to `Start`, in bytes, is some fifty: more is refused. */
const LONGEST_STATUS = 4096;

/** The machine of a builder that is a plugin: commands and files go through the plugin's own communicator. */
export function remoteCommunicator(client: RpcClient, broker: Broker, guest: Communicator["guest"]): Communicator {
  return {
    guest,
    run: (command, signal) => runCommand(client, broker, command, signal),

    async upload(content: Readable | Uint8Array, path: string, options: UploadOptions, signal: AbortSignal) {
      const offer = broker.offer();
      const sent = offer.stream.then(async (stream) => {
        let bytes = 0;
        stream.resume();
        const counted = async function* (): AsyncGenerator<Uint8Array> {
          for await (const chunk of content instanceof Uint8Array ? [content] : content) {
            yield chunk;
            bytes += chunk.length;
            options.onProgress?.(bytes);
          }
        };
        await pipeline(counted, stream, { signal, end: true });
      });
      const info = {
        N: path.split("/").at(-1) ?? path,
        S: options.size ?? 0,
        M: options.mode ?? 0o644,
        T: new Date(0),
      };
      const argument = { Path: path, ReaderStreamId: offer.id, FileInfo: options.size === undefined ? null : info };
      await called(client.call("Communicator.Upload", argument, signal), sent, [offer], signal);
    },

    async download(path: string, into: Writable, signal: AbortSignal) {
      const offer = broker.offer();
      const received = offer.stream.then(async (stream) => {
        stream.end();
        await pipeline(stream, into, { signal });
      });
      await called(
        client.call("Communicator.Download", { Path: path, WriterStreamId: offer.id }, signal),
        received,
        [offer],
        signal,
      );
    },

    async uploadFolder(from: string, to: string, options: FolderOptions, signal: AbortSignal) {
      await client.call("Communicator.UploadDir", { Dst: to, Src: from, Exclude: options.exclude ?? null }, signal);
    },

    async downloadFolder(from: string, to: string, options: FolderOptions, signal: AbortSignal) {
      await client.call("Communicator.DownloadDir", { Dst: to, Src: from, Exclude: options.exclude ?? null }, signal);
    },

    // The plugin ends its own connection to the machine when the hook returns.
    close: async () => {},
  };
}

async function runCommand(
  client: RpcClient,
  broker: Broker,
  command: RemoteCommand,
  signal: AbortSignal,
): Promise<{ exitCode: number }> {
  const { line, stdin, onStdout, onStderr } = command;
  const offers = {
    stdin: stdin && broker.offer(),
    stdout: broker.offer(),
    stderr: broker.offer(),
    status: broker.offer(),
  };
  const all = [offers.stdin, offers.stdout, offers.stderr, offers.status].filter((offer) => offer !== undefined);
  const outputs = Promise.all([
    offers.stdout.stream.then((stream) => drain(stream, onStdout ?? (() => {}), signal)),
    offers.stderr.stream.then((stream) => drain(stream, onStderr ?? (() => {}), signal)),
  ]);
  const chunks: Buffer[] = [];
  const status = offers.status.stream.then((stream) =>
    drain(stream, (chunk) => (chunks.length < LONGEST_STATUS ? void chunks.push(chunk) : undefined), signal),
  );
  if (stdin && offers.stdin) void offers.stdin.stream.then((stream) => feed(stdin, stream, signal)).catch(() => {});
  const argument = {
    Command: line,
    StdinStreamId: offers.stdin?.id ?? 0,
    StdoutStreamId: offers.stdout.id,
    StderrStreamId: offers.stderr.id,
    ResponseStreamId: offers.status.id,
  };
  const ended = Promise.all([outputs, status]);
  await called(client.call("Communicator.Start", argument, signal), ended, all, signal);
  const exitCode = exitCodeOf(Buffer.concat(chunks));
  if (exitCode === undefined || exitCode === DISCONNECTED) throw new Disconnected();
  return { exitCode };
}

/** Waits for the call and for what goes over its streams; where the call fails, its streams will not come. */
async function called(
  call: Promise<unknown>,
  streams: Promise<unknown>,
  offers: readonly Offer[],
  signal: AbortSignal,
): Promise<void> {
  streams.catch(() => {}); // Looked at below, unless the call failed.
  const withdraw = (): void => {
    for (const offer of offers) offer.withdraw();
  };
  signal.addEventListener("abort", withdraw, { once: true });
  try {
    await call;
    await streams;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", withdraw);
    withdraw();
  }
}

async function drain(stream: Duplex, onChunk: (chunk: Buffer) => void, signal: AbortSignal): Promise<void> {
  const onAbort = (): void => void stream.destroy();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    for await (const chunk of stream) onChunk(chunk);
    stream.end();
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** A command may end without reading it all: the other side then ends its half. */
async function feed(stdin: Readable, stream: Duplex, signal: AbortSignal): Promise<void> {
  stream.resume();
  const over = new AbortController();
  stream.once("end", () => over.abort());
  await pipeline(stdin, stream, { signal: AbortSignal.any([signal, over.signal]) });
}

function exitCodeOf(bytes: Buffer): number | undefined {
  try {
    const value = readGob(bytes);
    if (typeof value !== "object" || value === null || !("struct" in value)) return undefined;
    return Number((value.struct as Readonly<Record<string, unknown>>).ExitStatus ?? 0);
  } catch {
    return undefined;
  }
}
