import { makeSet } from "../../hcl/values/make-set.ts";
import type { Type } from "../../hcl/values/type.ts";
import {
  boolValue,
  listValue,
  mapValue,
  Numeric,
  nullOf,
  numberValue,
  objectValue,
  stringValue,
  tupleValue,
  type Value,
} from "../../hcl/values/value.ts";
import { GobFault } from "../gob/gob-bytes.ts";
import { type GobValue, readGob } from "../gob/read-gob.ts";
import { readGobType } from "../specs/read-gob-spec.ts";

/** A value of the language as data sources answer in gob mode. Throws GobFault for what is none. */
export function readGobValue(bytes: Uint8Array): Value {
  // It encodes itself: a stream within the stream.
  const inside = readGob(bytes);
  if (!(inside instanceof Uint8Array)) throw new GobFault("a value that did not encode itself");
  const fields = readGob(inside);
  if (typeof fields !== "object" || fields === null || !("struct" in fields))
    throw new GobFault("a value without parts");
  const { Ty, V } = fields.struct as Readonly<Record<string, GobValue>>;
  return valueFor(V ?? null, readGobType(Ty));
}

function valueFor(given: GobValue, type: Type): Value {
  if (given === null) return nullOf(type);
  // Each part is an interface: the name is Go's, the type of the value says more.
  const part = typeof given === "object" && "name" in given ? (given.value as GobValue) : given;
  if (type.kind === "string" && typeof part === "string") return stringValue(part);
  if (type.kind === "bool" && typeof part === "boolean") return boolValue(part);
  if (type.kind === "number" && part instanceof Uint8Array) return numberValue(readBigFloat(part));
  if (Array.isArray(part)) {
    const items = part as readonly GobValue[];
    if (type.kind === "tuple")
      return tupleValue(type.elements.map((each, index) => valueFor(items[index] ?? null, each)));
    if (type.kind === "list" || type.kind === "set") {
      const values = items.map((item) => valueFor(item, type.element));
      return type.kind === "list" ? listValue(type.element, values) : makeSet(type.element, values);
    }
  }
  if (part instanceof Map) {
    const entries = [...(part as ReadonlyMap<GobValue, GobValue>)].map(([key, item]) => [String(key), item] as const);
    if (type.kind === "map") {
      return mapValue(
        type.element,
        entries.map(([key, item]) => [key, valueFor(item, type.element)]),
      );
    }
    const byName = new Map(entries);
    if (type.kind === "object") {
      return objectValue([...type.attributes].map(([name, each]) => [name, valueFor(byName.get(name) ?? null, each)]));
    }
  }
  throw new GobFault(`something else where a ${type.kind} should be`);
}

/** The most bits that a number of the language can need: beyond, it would be written as infinite. */
const LARGEST_EXPONENT = 400_000;

/** Go's big.Float: version, flags, precision (32 bits), then exponent (32) and mantissa: 0.mantissa × 2^exponent. */
export function readBigFloat(bytes: Uint8Array): Numeric {
  const buffer = Buffer.from(bytes);
  if (buffer.length < 6 || buffer[0] !== 1) throw new GobFault("a number in an unknown form");
  const flags = buffer.readUInt8(1);
  const form = (flags >> 1) & 3;
  if (form === 0) return new Numeric(0);
  if (form !== 1 || buffer.length < 11) throw new GobFault("a number that is not finite");
  const exponent = buffer.readInt32BE(6);
  if (Math.abs(exponent) > LARGEST_EXPONENT) throw new GobFault(`a number with the exponent ${exponent}`);
  const mantissa = buffer.subarray(10);
  const shift = exponent - 8 * mantissa.length;
  const whole = new Numeric(`0x${mantissa.toString("hex")}`);
  const factor = new Numeric(2).pow(Math.abs(shift));
  const number = shift < 0 ? whole.div(factor) : whole.mul(factor);
  return flags & 1 ? number.negated() : number;
}
