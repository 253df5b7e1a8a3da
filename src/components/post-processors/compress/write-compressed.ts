import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Work } from "../../../sdk/component.ts";
import type { Compression } from "./choose-format.ts";
import { bgzf } from "./formats/bgzf.ts";
import { gzip } from "./formats/gzip.ts";
import { compressWithTool } from "./formats/with-tool.ts";
import { zstd } from "./formats/zstd.ts";

/** Level where the template gives none (or 0, or -1), as the formats' own programs have it. */
const DEFAULT_LEVEL: Readonly<Record<Compression, number>> = { gzip: 6, bgzf: 6, bzip2: 9, lz4: 1, xz: 6, zstd: 3 };

/** Compresses bytes into an open file, and ends it; `level` as the template has it. */
export async function writeCompressed(
  chunks: AsyncIterable<Buffer>,
  compression: Compression | undefined,
  level: number,
  output: Writable,
  work: Work,
): Promise<void> {
  const chosen = compression === undefined ? 0 : levelOf(compression, level);
  if (compression === "xz" || compression === "bzip2" || compression === "lz4") {
    return await compressWithTool(compression, chunks, chosen, output, work);
  }
  const encode = compression === undefined ? plain : { gzip, bgzf, zstd }[compression];
  const encoded = Readable.from(encode(chunks, chosen), { objectMode: false });
  await pipeline(encoded, output, { signal: work.signal });
}

function levelOf(compression: Compression, level: number): number {
  return level <= 0 ? DEFAULT_LEVEL[compression] : Math.min(level, 9);
}

async function* plain(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield* chunks;
}
