import { Readable, Transform, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Step } from "../../../sdk/component.ts";
import { Failure } from "../../../sdk/failure.ts";
import { replaceFile } from "../../../sdk/replace-file.ts";

interface Wanted {
  readonly target: string;
  readonly source?: string | undefined;
  readonly content?: string | undefined;
}

/** Writes the file, whole or not at all. */
export async function writeTarget({ target, source, content }: Wanted, step: Step): Promise<void> {
  if (source === undefined) {
    const bytes = content === undefined ? [] : [Buffer.from(content)];
    const write = (output: Writable): Promise<void> => pipeline(Readable.from(bytes), output, { signal: step.signal });
    return await replaceFile(target, step, write, { mode: 0o600 });
  }
  step.say(`Copying ${source} to ${target}`);
  const copied = await replaceFile(target, step, (output) => copy(source, output, step));
  step.say(`Copied ${copied} bytes`);
}

/** The bytes that were copied. */
async function copy(source: string, output: Writable, step: Step): Promise<number> {
  const { files } = step.host;
  const stat = await files.stat(source);
  if (stat === undefined) throw new Failure(`Cannot copy ${source}: there is no such file in ${step.host.cwd}`);
  if (stat.kind === "folder") throw new Failure(`Cannot copy ${source}: it is a folder`);
  const progress = step.progress(source, stat.size);
  let copied = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      copied += chunk.length;
      progress.update(copied);
      done(null, chunk);
    },
  });
  await pipeline(files.reader(source), counted, output, { signal: step.signal });
  progress.done();
  return copied;
}
