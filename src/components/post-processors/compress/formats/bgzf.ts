import { promisify } from "node:util";
import { crc32, deflateRaw } from "node:zlib";
import { gzipTrailer } from "./gzip.ts";
import { inBlocks } from "./in-blocks.ts";

const deflated = promisify<Buffer, { level: number }, Buffer>(deflateRaw);

/** What the format's own tools put into one block: even where nothing can be compressed, it stays below 64 KiB. */
const BLOCK = 0xff00;

/** Blocked gzip, which can be read from any block on: each block is a gzip stream that says how long it is. Level 1 to 9. */
export async function* bgzf(chunks: AsyncIterable<Buffer>, level: number): AsyncGenerator<Buffer> {
  yield* inBlocks(chunks, BLOCK, async (block) => blockOf(await deflated(block, { level }), block));
  yield END;
}

const HEADER = [0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255, 6, 0, 0x42, 0x43, 2, 0];
const HEADER_LENGTH = HEADER.length + 2;

function blockOf(compressed: Buffer, plain: Buffer): Buffer {
  const trailer = gzipTrailer(crc32(plain), plain.length);
  const header = Buffer.from([...HEADER, 0, 0]);
  header.writeUInt16LE(HEADER_LENGTH + compressed.length + trailer.length - 1, HEADER.length);
  return Buffer.concat([header, compressed, trailer]);
}

/** An empty block: without it, readers take the file for cut off. */
const END = blockOf(Buffer.from([0x03, 0x00]), Buffer.alloc(0));
