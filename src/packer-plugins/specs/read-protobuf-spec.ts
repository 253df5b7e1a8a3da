import { BOOL, listOf, mapOf, NUMBER, STRING, type Type } from "../../hcl/values/type.ts";
import { readProtobuf } from "./read-protobuf.ts";
import type { ObjectSpec, Spec } from "./spec.ts";

/** A spec as a plugin sends it in protobuf (a message `Spec`). Throws an Error for what is none. */
export function readProtobufSpec(bytes: Uint8Array): ObjectSpec {
  const spec = specOf(bytes, 0);
  if (spec.kind !== "object") throw new Error("not readable as a spec: it is no object");
  return spec;
}

/** Specs and types nested deeper are refused. */
const DEEPEST = 100;

function specOf(bytes: Uint8Array, depth: number): Spec {
  if (depth > DEEPEST) throw new Error(`not readable as a spec: nested deeper than ${DEEPEST}`);
  const fields = new Fields(bytes);
  const [object, attribute, block, blocks] = [1, 2, 3, 4].map((number) => fields.message(number));
  if (object) return objectOfFields(object, depth);
  if (attribute) {
    const type = typeOf(attribute.bytes(2), depth);
    return { kind: "attribute", name: attribute.text(1), type, required: attribute.flag(3) };
  }
  if (block) {
    const nested = specOf(block.bytes(3), depth + 1);
    return { kind: "block", name: block.text(1), nested, required: block.flag(2) };
  }
  if (!blocks) throw new Error("not readable as a spec: it is of no known kind");
  const nested = specOf(blocks.bytes(2), depth + 1);
  return { kind: "blocks", name: blocks.text(1), nested, as: "list", least: 0, most: 0 };
}

function objectOfFields(object: Fields, depth: number): ObjectSpec {
  const attributes = object.all(1).map((entry): [string, Spec] => {
    const fields = new Fields(entry);
    return [fields.text(1), specOf(fields.bytes(2), depth + 1)];
  });
  return { kind: "object", attributes: new Map(attributes.sort(([a], [b]) => (a < b ? -1 : 1))) };
}

function typeOf(bytes: Uint8Array, depth: number): Type {
  if (depth > DEEPEST) throw new Error(`not readable as a type: nested deeper than ${DEEPEST}`);
  const fields = new Fields(bytes);
  const [primitive, list, map] = [1, 2, 3].map((number) => fields.message(number));
  if (list) return listOf(typeOf(list.bytes(1), depth + 1));
  if (map) return mapOf(typeOf(map.bytes(1), depth + 1));
  const name = primitive?.text(1) ?? "";
  const type = { "cty.String": STRING, "cty.Number": NUMBER, "cty.Bool": BOOL }[name];
  if (!type) throw new Error(`not readable as a type: ${JSON.stringify(name)}`);
  return type;
}

/** The fields of a message, by number. What is missing is empty, as protobuf has it; of what came twice, the last. */
class Fields {
  readonly #fields = new Map<number, (Uint8Array | bigint)[]>();

  constructor(bytes: Uint8Array) {
    for (const { number, value } of readProtobuf(bytes)) {
      const values = this.#fields.get(number);
      if (values) values.push(value);
      else this.#fields.set(number, [value]);
    }
  }

  all(number: number): readonly Uint8Array[] {
    return (this.#fields.get(number) ?? []).filter((value) => value instanceof Uint8Array);
  }

  bytes(number: number): Uint8Array {
    return this.all(number).at(-1) ?? new Uint8Array();
  }

  message(number: number): Fields | undefined {
    const bytes = this.all(number).at(-1);
    return bytes && new Fields(bytes);
  }

  text(number: number): string {
    return Buffer.from(this.bytes(number)).toString("utf8");
  }

  flag(number: number): boolean {
    const value = this.#fields.get(number)?.at(-1);
    return typeof value === "bigint" && value !== 0n;
  }
}
