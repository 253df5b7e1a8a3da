import { promisify } from "node:util";
import { constants, zstdCompress } from "node:zlib";
import { inBlocks } from "./in-blocks.ts";

const compressed = promisify<Buffer, { params: Record<number, number> }, Buffer>(zstdCompress);

const BLOCK = 8 * 1024 * 1024;

/** Frames that follow each other, which readers take for one stream. Level 1 to 22. */
export async function* zstd(chunks: AsyncIterable<Buffer>, level: number): AsyncGenerator<Buffer> {
  // Not with zstd's own threads (nbWorkers): as Node calls it, its stream then ends before all is written.
  const params = { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_checksumFlag]: 1 };
  let empty = true;
  for await (const frame of inBlocks(chunks, BLOCK, (block) => compressed(block, { params }))) {
    empty = false;
    yield frame;
  }
  if (empty) yield await compressed(Buffer.alloc(0), { params });
}
