import { makeSet } from "../../hcl/values/make-set.ts";
import type { Type } from "../../hcl/values/type.ts";
import {
  boolValue,
  listValue,
  mapValue,
  nullOf,
  numberValue,
  objectValue,
  stringValue,
  tupleValue,
  type Value,
} from "../../hcl/values/value.ts";
import { decodeWire, type Wire } from "../rpc/message-pack.ts";
import { isMap } from "../rpc/read-wire.ts";
import { readCtyType } from "./read-cty-type.ts";

/** A value with its type, as data sources answer in protobuf mode: `[type, value]`. Throws an Error for what is none. */
export function readCtyMessagePack(bytes: Uint8Array): Value {
  return dynamicOf(decodeWire(bytes));
}

function dynamicOf(wire: Wire): Value {
  if (!Array.isArray(wire) || !(wire[0] instanceof Uint8Array) || wire.length !== 2) {
    throw new Error("a value came without its type");
  }
  return valueFor(wire[1], readCtyType(JSON.parse(Buffer.from(wire[0]).toString("utf8"))));
}

function valueFor(wire: Wire, type: Type): Value {
  if (wire === null) return nullOf(type);
  if (type.kind === "any") return dynamicOf(wire);
  if (type.kind === "string" && typeof wire === "string") return stringValue(wire);
  if (type.kind === "bool" && typeof wire === "boolean") return boolValue(wire);
  // One that fits neither 64 bits nor a double comes as text.
  if (type.kind === "number" && (typeof wire === "number" || typeof wire === "bigint" || typeof wire === "string")) {
    return numberValue(wire);
  }
  if (Array.isArray(wire)) {
    if (type.kind === "list")
      return listValue(
        type.element,
        wire.map((item) => valueFor(item, type.element)),
      );
    if (type.kind === "set")
      return makeSet(
        type.element,
        wire.map((item) => valueFor(item, type.element)),
      );
    if (type.kind === "tuple") {
      return tupleValue(type.elements.map((each, index) => valueFor(wire[index] ?? null, each)));
    }
  }
  if (isMap(wire)) {
    const entries = Object.entries(wire);
    if (type.kind === "map")
      return mapValue(
        type.element,
        entries.map(([key, item]) => [key, valueFor(item, type.element)]),
      );
    if (type.kind === "object") {
      return objectValue([...type.attributes].map(([name, each]) => [name, valueFor(wire[name] ?? null, each)]));
    }
  }
  throw new Error(`a value that is no ${type.kind} came`);
}
