import { promisify } from "node:util";
import { constants, crc32, deflateRaw } from "node:zlib";
import { inBlocks } from "./in-blocks.ts";

const deflated = promisify<Buffer, { level: number; finishFlush?: number }, Buffer>(deflateRaw);

const BLOCK = 1024 * 1024;

/**
 * One gzip stream, its blocks compressed at the same time: each is ended on a byte (a "sync flush"), so that they can
 * follow each other. Level 1 to 9.
 */
export async function* gzip(chunks: AsyncIterable<Buffer>, level: number): AsyncGenerator<Buffer> {
  yield gzipHeader(level);
  const options = { level, finishFlush: constants.Z_SYNC_FLUSH };
  let checksum = 0;
  let length = 0;
  const blocks = inBlocks(chunks, BLOCK, async (block) => ({ block, bytes: await deflated(block, options) }));
  for await (const { block, bytes } of blocks) {
    checksum = crc32(block, checksum);
    length += block.length;
    yield bytes;
  }
  yield LAST_BLOCK;
  yield gzipTrailer(checksum, length);
}

/** An empty block that says that it is the last. */
const LAST_BLOCK = Buffer.from([0x03, 0x00]);

/** Without a name and a time: the same bytes in give the same bytes out. */
function gzipHeader(level: number): Buffer {
  const effort = level === 9 ? 2 : level === 1 ? 4 : 0;
  return Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, effort, 255]);
}

/** Checksum and length of what was compressed. */
export function gzipTrailer(checksum: number, length: number): Buffer {
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(checksum, 0);
  trailer.writeUInt32LE(length % 2 ** 32, 4);
  return trailer;
}
