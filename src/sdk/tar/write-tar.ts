import { Readable } from "node:stream";
import { Failure } from "../failure.ts";
import { BLOCK, encodeHeader, paddingOf, type TarHeader } from "./header.ts";

export interface TarEntry {
  readonly header: TarHeader;
  /** Exactly `header.size` bytes; left out where that is 0. */
  readonly content?: Uint8Array | AsyncIterable<Uint8Array>;
}

/** What is smaller is gathered before it is handed on: one write for many small files. */
const BATCH = 256 * 1024;

/** The archive as a stream; a few batches in memory at a time, however large the entries are. */
export function writeTar(entries: AsyncIterable<TarEntry> | Iterable<TarEntry>): Readable {
  return Readable.from(batched(blocks(entries)), { objectMode: false, highWaterMark: BATCH });
}

/** Bytes of an archive of one entry. */
export function tarLength(header: TarHeader): number {
  return encodeHeader(header).length + header.size + paddingOf(header.size) + 2 * BLOCK;
}

async function* blocks(entries: AsyncIterable<TarEntry> | Iterable<TarEntry>): AsyncGenerator<Uint8Array> {
  for await (const { header, content } of entries) {
    yield encodeHeader(header);
    if (content === undefined) continue;
    if (content instanceof Uint8Array) yield content;
    else yield* exactly(header, content);
    const padding = paddingOf(header.size);
    if (padding > 0) yield Buffer.alloc(padding);
  }
  yield Buffer.alloc(2 * BLOCK);
}

/** A file may grow or shrink while it is read; the archive has promised its size already. */
async function* exactly(header: TarHeader, content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let left = header.size;
  for await (const chunk of content) {
    if (left === 0) break;
    const piece = chunk.length > left ? chunk.subarray(0, left) : chunk;
    left -= piece.length;
    yield piece;
  }
  if (left > 0) {
    throw new Failure(`${header.path} became ${left} bytes shorter while it was copied`, {
      hint: "Something writes to it meanwhile.",
    });
  }
}

async function* batched(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let batch: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces) {
    if (piece.length >= BATCH / 4 && length === 0) {
      yield piece;
      continue;
    }
    batch.push(piece);
    length += piece.length;
    if (length < BATCH) continue;
    yield Buffer.concat(batch);
    batch = [];
    length = 0;
  }
  if (length > 0) yield Buffer.concat(batch);
}
