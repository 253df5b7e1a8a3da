import { availableParallelism } from "node:os";

/** Node works on so many blocks at a time: it has four threads for it. */
export const THREADS = Math.min(4, availableParallelism());

/**
 * Cuts bytes into blocks of one size (the last may be shorter) and works on
 * several at a time. The results come in order; a few blocks are in memory, however much there is.
 */
export async function* inBlocks<T>(
  chunks: AsyncIterable<Buffer>,
  size: number,
  work: (block: Buffer) => Promise<T>,
): AsyncGenerator<T> {
  const ahead: Promise<T>[] = [];
  for await (const block of blocksOf(chunks, size)) {
    const result = work(block);
    // It may fail before its turn comes to be waited for; whoever waits hears of it.
    result.catch(() => {});
    ahead.push(result);
    const next = ahead.length <= THREADS ? undefined : ahead.shift();
    if (next !== undefined) yield await next;
  }
  for (const result of ahead) yield await result;
}

async function* blocksOf(chunks: AsyncIterable<Buffer>, size: number): AsyncGenerator<Buffer> {
  let block = Buffer.allocUnsafe(size);
  let length = 0;
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.length; ) {
      const copied = chunk.copy(block, length, from);
      from += copied;
      length += copied;
      if (length < size) continue;
      yield block;
      block = Buffer.allocUnsafe(size);
      length = 0;
    }
  }
  if (length > 0) yield block.subarray(0, length);
}
