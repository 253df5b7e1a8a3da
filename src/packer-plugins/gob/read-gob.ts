import { GobBytes, GobFault } from "./gob-bytes.ts";
import { BASIC, fieldsOf, type GobType, readGobType } from "./gob-type.ts";

/** A value of gob. Fields of a struct that are zero are not on the wire, and so not there. */
export type GobValue =
  | null
  | boolean
  /** Whole numbers, signed or not. */
  | bigint
  | { readonly float: number }
  | string
  /** Bytes, or what encoded itself. */
  | Uint8Array
  | readonly GobValue[]
  | { readonly struct: Readonly<Record<string, GobValue>> }
  | ReadonlyMap<GobValue, GobValue>
  /** A value of an interface type, with the name that its type was registered under. */
  | { readonly name: string; readonly value: GobValue };

/** Values nested deeper are refused. */
const DEEPEST = 200;

/** The first value of a gob stream. Throws GobFault for what is none. */
export function readGob(bytes: Uint8Array): GobValue {
  const from = new GobBytes(bytes);
  const types = new Map<number, GobType>();
  for (;;) {
    from.unsigned(); // The length of the message: a value may go on in the next, so it says nothing.
    const id = from.signed();
    if (id >= 0n) return new GobReading(from, types).topValue(Number(id));
    types.set(Number(-id), readGobType(from));
  }
}

class GobReading {
  readonly #from: GobBytes;
  readonly #types: Map<number, GobType>;

  constructor(from: GobBytes, types: Map<number, GobType>) {
    this.#from = from;
    this.#types = types;
  }

  /** Anything but a struct has a zero before it. */
  topValue(id: number, depth = 0): GobValue {
    if (this.#types.get(id)?.kind !== "struct" && this.#from.unsigned() !== 0n) {
      throw new GobFault("a value without its leading zero");
    }
    return this.#value(id, depth);
  }

  #value(id: number, depth: number): GobValue {
    if (depth > DEEPEST) throw new GobFault(`values nested deeper than ${DEEPEST}`);
    const type = this.#types.get(id);
    return type ? this.#compound(type, depth + 1) : this.#basic(id, depth + 1);
  }

  #basic(id: number, depth: number): GobValue {
    const from = this.#from;
    if (id === BASIC.bool) return from.unsigned() !== 0n;
    if (id === BASIC.int) return from.signed();
    if (id === BASIC.uint) return from.unsigned();
    if (id === BASIC.float) return { float: from.float() };
    if (id === BASIC.bytes) return from.bytes();
    if (id === BASIC.string) return from.text();
    if (id === BASIC.interface) return this.#interface(depth);
    throw new GobFault(`a value of the unknown type ${id}`);
  }

  #compound(type: GobType, depth: number): GobValue {
    const from = this.#from;
    if (type.kind === "opaque") return from.bytes();
    if (type.kind === "struct") {
      const struct: Record<string, GobValue> = Object.create(null);
      for (const index of fieldsOf(from)) {
        const field = type.fields[index];
        if (!field) throw new GobFault(`a struct without a field ${index}`);
        struct[field.name] = this.#value(field.type, depth);
      }
      return { struct };
    }
    const count = from.count();
    if (type.kind === "map") {
      const map = new Map<GobValue, GobValue>();
      for (let left = count; left > 0; left--) {
        const key = this.#value(type.key, depth);
        map.set(key, this.#value(type.element, depth));
      }
      return map;
    }
    const items: GobValue[] = [];
    for (let left = count; left > 0; left--) items.push(this.#value(type.element, depth));
    return items;
  }

  #interface(depth: number): GobValue {
    const from = this.#from;
    const name = from.text();
    if (name === "") return null;
    let id = from.signed();
    while (id < 0n) {
      this.#types.set(Number(-id), readGobType(from));
      from.unsigned(); // The length of the next message, or of what follows in this one.
      id = from.signed();
    }
    from.unsigned();
    return { name, value: this.topValue(Number(id), depth) };
  }
}
