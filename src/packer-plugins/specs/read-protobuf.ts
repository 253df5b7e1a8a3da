/** A field of a protobuf message: what holds others or text is bytes, the rest a number. */
export interface ProtobufField {
  readonly number: number;
  readonly value: Uint8Array | bigint;
}

/** The fields of one message, in the order of the wire. Throws an Error for what is none. */
export function* readProtobuf(bytes: Uint8Array): Generator<ProtobufField> {
  const cursor = { bytes, at: 0 };
  while (cursor.at < bytes.length) {
    const tag = varint(cursor);
    const number = Number(tag >> 3n);
    if (number === 0) throw new Error("not readable as protobuf: a field without a number");
    const wire = Number(tag & 7n);
    if (wire === 0) yield { number, value: varint(cursor) };
    else if (wire === 1) yield { number, value: take(cursor, 8) };
    else if (wire === 2) yield { number, value: take(cursor, Number(varint(cursor))) };
    else if (wire === 5) yield { number, value: take(cursor, 4) };
    else throw new Error(`not readable as protobuf: a field of the wire type ${wire}`);
  }
}

interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
}

function varint(cursor: Cursor): bigint {
  let result = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = cursor.bytes[cursor.at++];
    if (byte === undefined) throw new Error("not readable as protobuf: it ends too early");
    result |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return BigInt.asUintN(64, result);
  }
  throw new Error("not readable as protobuf: a number of more than 64 bits");
}

function take(cursor: Cursor, size: number): Uint8Array {
  if (size > cursor.bytes.length - cursor.at) throw new Error("not readable as protobuf: it ends too early");
  cursor.at += size;
  return cursor.bytes.subarray(cursor.at - size, cursor.at);
}
