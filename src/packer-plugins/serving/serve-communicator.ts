import { type Duplex, PassThrough } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Communicator, Disconnected } from "../../sdk/communicator.ts";
import { writeGob } from "../gob/write-gob.ts";
import type { Broker } from "../rpc/broker.ts";
import type { Wire } from "../rpc/message-pack.ts";
import { countOfWire, isMap, mapOfWire, textOfWire, textsOfWire } from "../rpc/read-wire.ts";
import type { Handler } from "../rpc/rpc-server.ts";

/** What Go's communicators answer when the connection to the machine was lost: a reboot. */
const DISCONNECTED = 2_300_218;
const NOT_KNOWN = 123;

/**
 * Puts the methods of `Communicator` into the handlers: a plugin's commands and files go to the machine by ours. What
 * the plugin offers is dialled with its broker. The signal ends what is under way.
 */
export function serveCommunicator(
  handlers: Map<string, Handler>,
  communicator: Communicator,
  broker: Broker,
  signal: AbortSignal,
): void {
  handlers.set("Communicator.Start", async (argument) => {
    const { Command, StdinStreamId, StdoutStreamId, StderrStreamId, ResponseStreamId } = mapOfWire(argument);
    const dial = async (id: Wire | undefined): Promise<Duplex | undefined> =>
      countOfWire(id) === 0 ? undefined : await broker.dial(countOfWire(id), signal);
    const stdin = await dial(StdinStreamId);
    const stdout = await dial(StdoutStreamId);
    const stderr = await dial(StderrStreamId);
    const response = await dial(ResponseStreamId);
    // The answer tells only that it was started: what comes of it goes over the streams.
    void runCommand(communicator, textOfWire(Command), { stdin, stdout, stderr, response }, signal);
    return null;
  });

  handlers.set("Communicator.Upload", async (argument) => {
    const { Path, ReaderStreamId, FileInfo } = mapOfWire(argument);
    const reader = await broker.dial(countOfWire(ReaderStreamId), signal);
    const info = isMap(FileInfo) ? FileInfo : undefined;
    const mode = info && countOfWire(info.M) & 0o777;
    try {
      await communicator.upload(reader, textOfWire(Path), { mode, size: info && countOfWire(info.S) }, signal);
    } finally {
      reader.resume().end();
    }
    return null;
  });

  handlers.set("Communicator.Download", async (argument) => {
    const { Path, WriterStreamId } = mapOfWire(argument);
    const writer = await broker.dial(countOfWire(WriterStreamId), signal);
    try {
      await communicator.download(textOfWire(Path), writer, signal);
    } finally {
      writer.resume().end();
    }
    return null;
  });

  handlers.set("Communicator.UploadDir", async (argument) => {
    const { Dst, Src, Exclude } = mapOfWire(argument);
    await communicator.uploadFolder(textOfWire(Src), textOfWire(Dst), { exclude: textsOfWire(Exclude) }, signal);
    return null;
  });

  handlers.set("Communicator.DownloadDir", async (argument) => {
    const { Dst, Src, Exclude } = mapOfWire(argument);
    await communicator.downloadFolder(textOfWire(Src), textOfWire(Dst), { exclude: textsOfWire(Exclude) }, signal);
    return null;
  });
}

interface CommandStreams {
  readonly stdin: Duplex | undefined;
  readonly stdout: Duplex | undefined;
  readonly stderr: Duplex | undefined;
  readonly response: Duplex | undefined;
}

async function runCommand(
  communicator: Communicator,
  line: string,
  { stdin, stdout, stderr, response }: CommandStreams,
  signal: AbortSignal,
): Promise<void> {
  let exitCode = NOT_KNOWN;
  const input = stdin && new PassThrough();
  // A command may end without reading all of it.
  if (stdin && input) void pipeline(stdin, input, { end: true }).catch(() => input.end());
  try {
    const result = await communicator.run(
      {
        line,
        stdin: input,
        onStdout: (chunk) => void stdout?.write(chunk),
        onStderr: (chunk) => void stderr?.write(chunk),
      },
      signal,
    );
    exitCode = result.exitCode;
  } catch (error) {
    if (error instanceof Disconnected) exitCode = DISCONNECTED;
    else stderr?.write(`${error instanceof Error ? error.message : String(error)}\n`);
  }
  input?.destroy();
  response?.end(writeGob(EXIT_STATUS, { ExitStatus: exitCode }));
  // Go's side waits for the end of both outputs before it reads the status.
  for (const stream of [stdout, stderr, stdin]) stream?.end();
  for (const stream of [response, stdout, stderr, stdin]) stream?.resume();
}

const EXIT_STATUS = { struct: "CommandFinished", fields: { ExitStatus: "int" } } as const;
