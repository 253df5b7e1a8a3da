import { PassThrough, Readable, Transform, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { UploadOptions } from "../../../sdk/communicator.ts";
import { Failure } from "../../../sdk/failure.ts";
import type { StreamedCommand } from "../session/run-command.ts";
import { shellPath } from "./shell-path.ts";

export type Run = (command: StreamedCommand, signal: AbortSignal) => Promise<{ readonly exitCode: number }>;

/** Writes one file by `cat`, for servers without SFTP. */
export async function shellUpload(
  run: Run,
  content: Readable | Uint8Array,
  path: string,
  { mode = 0o644, onProgress }: UploadOptions,
  signal: AbortSignal,
): Promise<void> {
  const target = shellPath(path);
  let bytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      onProgress?.(bytes);
      done(null, chunk);
    },
  });
  const source = content instanceof Readable ? content : Readable.from([content], { objectMode: false });
  source.on("error", (error) => counted.destroy(error));
  const line = `cat > ${target} && chmod ${mode.toString(8)} ${target}`;
  const { exitCode, errors } = await runAndHear(run, line, signal, { stdin: source.pipe(counted) });
  if (exitCode !== 0) throw new Failure(`Could not upload to ${path} in the machine: ${errors || `cat: ${exitCode}`}`);
}

/** Reads one file by `cat`. */
export async function shellDownload(run: Run, path: string, into: Writable, signal: AbortSignal): Promise<void> {
  const through = new PassThrough();
  const line = `cat ${shellPath(path)}`;
  const written = pipeline(through, into, { signal });
  // Whoever waits below hears of it.
  written.catch(() => {});
  const { exitCode, errors } = await runAndHear(run, line, signal, { into: held(through) });
  if (exitCode !== 0) {
    through.destroy();
    throw new Failure(`Could not download ${path} from the machine: ${errors || `cat: ${exitCode}`}`);
  }
  through.end();
  await written;
}

/** Passes on all but the end: whether the content is whole, the exit code tells. */
function held(through: PassThrough): Writable {
  return new Writable({
    write: (chunk, _encoding, done) => void (through.write(chunk) ? done() : through.once("drain", () => done())),
  });
}

/** The most that a fault repeats of what a command said. */
const LONGEST = 2000;

/** Runs a command of ours and keeps what it says about faults. */
export async function runAndHear(
  run: Run,
  line: string,
  signal: AbortSignal,
  streams: { readonly stdin?: Readable; readonly into?: Writable } = {},
): Promise<{ readonly exitCode: number; readonly errors: string }> {
  let errors = "";
  const onStderr = (chunk: Buffer): void => {
    if (errors.length < LONGEST) errors += chunk.toString();
  };
  const { exitCode } = await run({ line, onStderr, ...streams }, signal);
  return { exitCode, errors: errors.trim().slice(0, LONGEST) };
}
