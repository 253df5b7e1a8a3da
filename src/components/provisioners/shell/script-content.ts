import { Readable } from "node:stream";
import type { Host } from "../../../sdk/host.ts";
import type { ScriptSource } from "../../../sdk/scripts/script-sources.ts";
import { unixLines } from "../../../sdk/scripts/unix-lines.ts";

/** A script as it goes to the guest. `open` gives the `size` bytes, each time anew. */
export interface ScriptContent {
  readonly size: number;
  open(): Readable | Buffer;
}

export interface ContentOptions {
  readonly binary: boolean;
  readonly inline_shebang?: string | undefined;
}

/** Larger scripts are not held in memory. */
const SMALL = 1024 * 1024;

/** Reads a script as the guest gets it: `inline` with its first line, lines ended as in Unix unless `binary`. */
export async function scriptContent(source: ScriptSource, options: ContentOptions, host: Host): Promise<ScriptContent> {
  if (source.kind === "inline") {
    const text = Buffer.from(inlineScript(source.lines, options.inline_shebang));
    return inMemory(options.binary ? text : await gathered(unixLines([text])));
  }
  const { files } = host;
  const size = (await files.stat(source.path))?.size ?? 0;
  if (size <= SMALL) {
    const bytes = await files.read(source.path);
    return inMemory(options.binary ? bytes : await gathered(unixLines([bytes])));
  }
  const open = (): Readable => files.reader(source.path);
  if (options.binary) return { size, open };
  const converted = (): AsyncGenerator<Buffer> => unixLines(open());
  return { size: await lengthOf(converted()), open: () => Readable.from(converted(), { objectMode: false }) };
}

function inlineScript(lines: readonly string[], shebang: string | undefined): string {
  const text = `${lines.join("\n")}\n`;
  if (shebang === undefined && text.startsWith("#!")) return text;
  return `#!${shebang ?? "/bin/sh -e"}\n${text}`;
}

function inMemory(bytes: Buffer): ScriptContent {
  return { size: bytes.length, open: () => bytes };
}

async function gathered(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(chunks));
}

async function lengthOf(chunks: AsyncIterable<Buffer>): Promise<number> {
  let length = 0;
  for await (const chunk of chunks) length += chunk.length;
  return length;
}
