/**
 * The bytes with every line ended by \n alone, the last one too. Lines may be of any length, chunks end anywhere.
 */
export async function* unixLines(chunks: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncGenerator<Buffer> {
  // A \r at the end of a chunk belongs to the \n that may start the next one.
  let heldBack = false;
  let last: number | undefined;
  for await (const chunk of chunks) {
    const whole: Buffer = heldBack ? Buffer.concat([CARRIAGE_RETURN, chunk]) : chunk;
    heldBack = whole.at(-1) === CR;
    const bytes = withoutReturns(heldBack ? whole.subarray(0, -1) : whole);
    last = bytes.at(-1) ?? last;
    if (bytes.length > 0) yield bytes;
  }
  if (heldBack || (last !== undefined && last !== LF)) yield Buffer.from("\n");
}

const CR = 0x0d;
const LF = 0x0a;
const CARRIAGE_RETURN = Buffer.from([CR]);

/** Without the \r of each \r\n; a chunk without any is handed on as it is. */
function withoutReturns(chunk: Buffer): Buffer {
  let at = chunk.indexOf("\r\n");
  if (at < 0) return chunk;
  const kept = Buffer.alloc(chunk.length);
  let length = 0;
  let from = 0;
  for (; at >= 0; at = chunk.indexOf("\r\n", from)) {
    length += chunk.copy(kept, length, from, at);
    from = at + 1;
  }
  length += chunk.copy(kept, length, from);
  return kept.subarray(0, length);
}
