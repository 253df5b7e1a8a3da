import { BASIC } from "./gob-type.ts";

/** A type that is written, by its shape; `name` is the one that Go's side knows it by. */
export type GobShape =
  | keyof typeof BASIC
  | { readonly struct: string; readonly fields: Readonly<Record<string, GobShape>> }
  | { readonly slice: GobShape; readonly name?: string }
  | { readonly map: readonly [key: GobShape, element: GobShape]; readonly name?: string }
  | { readonly opaque: string };

/** What is written: plain data of the shape; of an interface, also the shape that it has this time. */
export type GobInput =
  | null
  | undefined
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly GobInput[]
  | ReadonlyMap<GobInput, GobInput>
  | { readonly [field: string]: GobInput }
  | GobAny;

/** A value of an interface type: the registered name of its type, its shape, and the value. */
export class GobAny {
  readonly name: string;
  readonly shape: GobShape;
  readonly value: GobInput;

  constructor(name: string, shape: GobShape, value: GobInput) {
    this.name = name;
    this.shape = shape;
    this.value = value;
  }
}

/** A gob stream of one value: all definitions first, each a message, then the value in one. */
export function writeGob(shape: GobShape, value: GobInput): Buffer {
  const writing = new GobWriting();
  const id = writing.typeOf(shape);
  const body = writing.topValue(shape, value);
  return Buffer.concat([...writing.definitions, message(Buffer.concat([signed(BigInt(id)), body]))]);
}

/** User types are numbered from here on. */
const FIRST_ID = 65;

class GobWriting {
  readonly definitions: Buffer[] = [];
  readonly #ids = new Map<GobShape, number>();

  /** The number of the shape's type; defines it when it is first met. */
  typeOf(shape: GobShape): number {
    if (typeof shape === "string") return BASIC[shape];
    const known = this.#ids.get(shape);
    if (known !== undefined) return known;
    const id = FIRST_ID + this.#ids.size;
    this.#ids.set(shape, id);
    // Its parts may be defined after it: they are all there before the value.
    const definition = this.#definition(shape, id);
    this.definitions.push(message(Buffer.concat([signed(BigInt(-id)), definition])));
    return id;
  }

  topValue(shape: GobShape, value: GobInput): Buffer {
    const bytes = this.#value(shape, value);
    return isStruct(shape) ? bytes : Buffer.concat([Buffer.of(0), bytes]);
  }

  #definition(shape: Exclude<GobShape, string>, id: number): Buffer {
    const common = (name: string) =>
      struct([
        [0, name === "" ? undefined : text(name)],
        [1, signed(BigInt(id))],
      ]);
    if ("struct" in shape) {
      const fields = Object.entries(shape.fields).map(([name, each]) =>
        struct([
          [0, text(name)],
          [1, signed(BigInt(this.typeOf(each)))],
        ]),
      );
      const list = fields.length === 0 ? undefined : Buffer.concat([unsigned(BigInt(fields.length)), ...fields]);
      return struct([
        [
          2,
          struct([
            [0, common(shape.struct)],
            [1, list],
          ]),
        ],
      ]);
    }
    if ("slice" in shape) {
      return struct([
        [
          1,
          struct([
            [0, common(shape.name ?? "")],
            [1, signed(BigInt(this.typeOf(shape.slice)))],
          ]),
        ],
      ]);
    }
    if ("map" in shape) {
      const [key, element] = shape.map.map((each) => signed(BigInt(this.typeOf(each))));
      return struct([
        [
          3,
          struct([
            [0, common(shape.name ?? "")],
            [1, key],
            [2, element],
          ]),
        ],
      ]);
    }
    return struct([[4, struct([[0, common(shape.opaque)]])]]);
  }

  #value(shape: GobShape, value: GobInput): Buffer {
    if (typeof shape === "string") return this.#basic(shape, value);
    if ("struct" in shape) {
      const given = fieldsIn(value);
      return struct(
        Object.entries(shape.fields).map(([name, each], index) => [
          index,
          isZero(given[name]) ? undefined : this.#value(each, given[name]),
        ]),
      );
    }
    if ("opaque" in shape) return this.#basic("bytes", value);
    if ("slice" in shape) {
      const items = Array.isArray(value) ? (value as readonly GobInput[]) : [];
      return Buffer.concat([unsigned(BigInt(items.length)), ...items.map((item) => this.#value(shape.slice, item))]);
    }
    const entries = value instanceof Map ? [...value] : [];
    const [keyShape, itemShape] = shape.map;
    const parts = entries.flatMap(([key, item]) => [this.#value(keyShape, key), this.#value(itemShape, item)]);
    return Buffer.concat([unsigned(BigInt(entries.length)), ...parts]);
  }

  #basic(shape: keyof typeof BASIC, value: GobInput): Buffer {
    if (shape === "bool") return unsigned(value === true ? 1n : 0n);
    if (shape === "int") return signed(wholeOf(value));
    if (shape === "uint") return unsigned(wholeOf(value));
    if (shape === "float") return float(Number(value));
    if (shape === "string") return text(typeof value === "string" ? value : "");
    if (shape === "bytes") {
      const bytes = value instanceof Uint8Array ? value : new Uint8Array();
      return Buffer.concat([unsigned(BigInt(bytes.length)), bytes]);
    }
    if (shape !== "interface") throw new Error(`gob's ${shape} is not written here`);
    if (!(value instanceof GobAny)) return text("");
    const id = this.typeOf(value.shape);
    const body = this.topValue(value.shape, value.value);
    return Buffer.concat([text(value.name), signed(BigInt(id)), unsigned(BigInt(body.length)), body]);
  }
}

function isStruct(shape: GobShape): boolean {
  return typeof shape === "object" && "struct" in shape;
}

function fieldsIn(value: GobInput): Readonly<Record<string, GobInput>> {
  const isPlain = typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Map);
  return isPlain ? (value as Readonly<Record<string, GobInput>>) : {};
}

/** Go leaves these out of structs. */
function isZero(value: GobInput): boolean {
  if (value === undefined || value === null || value === false || value === "" || value === 0n) return true;
  if (value === 0) return true;
  return (Array.isArray(value) || value instanceof Uint8Array) && value.length === 0;
}

function wholeOf(value: GobInput): bigint {
  return typeof value === "bigint" || typeof value === "number" ? BigInt(value) : 0n;
}

/** Fields by number; those without a value are left out. */
function struct(fields: readonly (readonly [number: number, value: Buffer | undefined])[]): Buffer {
  const parts: Buffer[] = [];
  let last = -1;
  for (const [number, value] of fields) {
    if (!value) continue;
    parts.push(unsigned(BigInt(number - last)), value);
    last = number;
  }
  return Buffer.concat([...parts, Buffer.of(0)]);
}

function message(body: Buffer): Buffer {
  return Buffer.concat([unsigned(BigInt(body.length)), body]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([unsigned(BigInt(bytes.length)), bytes]);
}

function unsigned(value: bigint): Buffer {
  if (value < 128n) return Buffer.of(Number(value));
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  return Buffer.concat([Buffer.of(256 - bytes.length), bytes]);
}

function signed(value: bigint): Buffer {
  return unsigned(value < 0n ? (-value - 1n) * 2n + 1n : value * 2n);
}

function float(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return unsigned(bytes.readBigUInt64BE());
}
