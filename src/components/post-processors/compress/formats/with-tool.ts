import { once } from "node:events";
import { Readable, type Writable } from "node:stream";
import { finished } from "node:stream/promises";
import type { Work } from "../../../../sdk/component.ts";
import { Failure } from "../../../../sdk/failure.ts";
import type { Compression } from "../choose-format.ts";

/** The programs for what Node cannot do. Each reads its standard input and writes its standard output. */
const TOOLS = {
  xz: { argv: () => ["xz", "-z", "-c", "-T0", "-"], package: "xz-utils" },
  bzip2: { argv: (level: number) => ["bzip2", "-z", "-c", `-${level}`], package: "bzip2" },
  lz4: { argv: (level: number) => ["lz4", "-z", "-c", "-q", `-${level}`, "-"], package: "lz4" },
} as const satisfies Partial<Record<Compression, unknown>>;

export type Tool = keyof typeof TOOLS;

/** Compresses into an open file, and ends it, with a program of this machine. Throws a Failure where it is missing or fails. */
export async function compressWithTool(
  tool: Tool,
  chunks: AsyncIterable<Buffer>,
  level: number,
  output: Writable,
  work: Work,
): Promise<void> {
  const written = finished(output, { signal: work.signal });
  written.catch(() => {});
  let fault: { readonly error: unknown } | undefined;
  // The program's output cannot be held back, but its input can.
  async function* input(): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of chunks) {
        if (output.writableNeedDrain) await Promise.race([once(output, "drain", { signal: work.signal }), written]);
        yield chunk;
      }
    } catch (error) {
      fault = { error };
      throw error;
    }
  }
  const [program, ...args] = TOOLS[tool].argv(level);
  const result = await work.host
    .run(
      {
        argv: [program ?? tool, ...args],
        stdin: Readable.from(input(), { objectMode: false }),
        onStdout: (chunk) => void output.write(chunk),
      },
      work.signal,
    )
    .catch((error) => {
      throw missing(tool, error);
    });
  // The program only saw its input end.
  if (fault) throw fault.error;
  if (result.code !== 0) {
    const why = result.stderr.trim() || `it ended with ${result.code ?? result.signal}`;
    throw new Failure(`Compressing with ${tool} failed: ${why}`);
  }
  output.end();
  await written;
}

function missing(tool: Tool, error: unknown): unknown {
  if (!(error instanceof Failure) || !error.message.startsWith("Cannot start")) return error;
  return new Failure(`Compressing with ${tool} needs the program ${tool}: ${error.message}`, {
    cause: error,
    permanent: true,
    hint: `Install it (Debian: apt-get install ${TOOLS[tool].package}), or choose gz or zst, which need no program.`,
  });
}
