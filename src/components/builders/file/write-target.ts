import { createHash } from "node:crypto";
import { Readable, Transform, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Progress, Step } from "../../../sdk/component.ts";
import { Failure } from "../../../sdk/failure.ts";
import type { Ownership } from "../../../sdk/owned.ts";
import { replaceFile } from "../../../sdk/replace-file.ts";
import { builtFileKind } from "./built-file.ts";

interface Wanted {
  readonly target: string;
  readonly source?: string | undefined;
  readonly content?: string | undefined;
}

/**
 * Writes the file, whole or not at all. It is owned until the build is done, unless it takes the place of one that was
 * there before: that is lost by then, and what came after it is better than nothing.
 */
export async function writeTarget(wanted: Wanted, step: Step): Promise<Ownership | undefined> {
  const { target } = wanted;
  const { files } = step.host;
  const isNew = (await files.stat(target)) === undefined;
  let ownership: Ownership | undefined;
  const beforeItAppears = async ({ digest }: Written): Promise<void> => {
    const owned = { kind: builtFileKind.kind, id: files.resolve(target), mark: digest, data: null };
    if (isNew) ownership = await step.own(owned);
  };
  if (wanted.source === undefined) {
    const bytes = Readable.from([Buffer.from(wanted.content ?? "")]);
    await replaceFile(target, step, (output) => write(bytes, output, step), { mode: 0o600, beforeItAppears });
    return ownership;
  }
  const { source } = wanted;
  step.say(`Copying ${source} to ${target}`);
  const { size } = await replaceFile(target, step, (output) => copy(source, output, step), { beforeItAppears });
  step.say(`Copied ${size} bytes`);
  return ownership;
}

interface Written {
  readonly size: number;
  /** "sha256:…" */
  readonly digest: string;
}

async function copy(source: string, output: Writable, step: Step): Promise<Written> {
  const { files } = step.host;
  const stat = await files.stat(source);
  if (stat === undefined) {
    throw new Failure(`Cannot copy ${source}: there is no such file in ${step.host.cwd}`, {
      hint: "Relative paths begin in the folder that Ingot runs in.",
    });
  }
  if (stat.kind === "folder") {
    throw new Failure(`Cannot copy ${source}: it is a folder`, { hint: "This builder copies one file." });
  }
  const progress = step.progress(source, stat.size);
  try {
    return await write(files.reader(source), output, step, progress);
  } finally {
    progress.done();
  }
}

async function write(from: Readable, output: Writable, { signal }: Step, progress?: Progress): Promise<Written> {
  const hash = createHash("sha256");
  let size = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      size += chunk.length;
      progress?.update(size);
      done(null, chunk);
    },
  });
  await pipeline(from, counted, output, { signal });
  return { size, digest: `sha256:${hash.digest("hex")}` };
}
