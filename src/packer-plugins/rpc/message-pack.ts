import { Decoder, encode } from "@msgpack/msgpack";

/**
 * Data as it goes over the wire. Text and bytes are kept apart, as Go does; whole numbers beyond the safe ones are
 * bigint; a point in time is a Date.
 */
export type Wire =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Date
  | readonly Wire[]
  | { readonly [key: string]: Wire };

/** What one value may hold, in bytes: more is not read. */
const LARGEST = 64 * 1024 * 1024;

/** The value in MessagePack. `undefined` is refused: a field is there or left out. */
export function encodeWire(value: Wire): Uint8Array {
  return encode(value, { useBigInt64: true, ignoreUndefined: true });
}

/** The values that follow one another in the chunks. One that is cut short at the end is dropped; what is none throws. */
export async function* decodeWires(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Wire> {
  let sinceValue = 0;
  async function* counted() {
    for await (const chunk of chunks) {
      sinceValue += chunk.length;
      if (sinceValue > LARGEST) throw new Error(`a value of more than ${LARGEST} bytes came`);
      yield chunk;
    }
  }
  const decoder = new Decoder({ useBigInt64: true, mapKeyConverter: keyOf, ...limits });
  for await (const value of decoder.decodeStream(counted())) {
    sinceValue = 0;
    yield wireOf(value);
  }
}

/** The one value in the bytes. Throws where there is not just one. */
export function decodeWire(bytes: Uint8Array): Wire {
  return wireOf(new Decoder({ useBigInt64: true, mapKeyConverter: keyOf, ...limits }).decode(bytes));
}

const limits = { maxStrLength: LARGEST, maxBinLength: LARGEST, maxArrayLength: LARGEST, maxMapLength: LARGEST };

/** Go's maps may have keys of any kind. */
function keyOf(key: unknown): string {
  return typeof key === "object" && key !== null ? JSON.stringify(key) : String(key);
}

function wireOf(value: unknown): Wire {
  if (typeof value === "bigint") {
    return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
  }
  if (typeof value !== "object" || value === null) return value as Wire; // The decoder gives no other leaves.
  if (value instanceof Uint8Array || value instanceof Date) return value;
  if (Array.isArray(value)) return value.map(wireOf);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, wireOf(item)]));
}
