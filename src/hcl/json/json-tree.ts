import type { Range } from "../source/source.ts";

/** JSON as it was written: with its places, the order and the duplicates of its properties, and numbers as text. */
export type JsonNode =
  | JsonObject
  | JsonArray
  | JsonString
  | { readonly kind: "number"; readonly text: string; readonly range: Range }
  | { readonly kind: "bool"; readonly value: boolean; readonly range: Range }
  | { readonly kind: "null"; readonly range: Range }
  /** Stands where the reader found a fault, which it has reported. */
  | { readonly kind: "fault"; readonly range: Range };

export interface JsonObject {
  readonly kind: "object";
  readonly members: readonly JsonMember[];
  readonly range: Range;
}

export interface JsonMember {
  readonly name: JsonString;
  readonly value: JsonNode;
}

export interface JsonArray {
  readonly kind: "array";
  readonly items: readonly JsonNode[];
  readonly range: Range;
}

/** `range` includes the quotes. */
export interface JsonString {
  readonly kind: "string";
  readonly text: string;
  readonly range: Range;
}

/** The last property of this name, as programs that read JSON have it. */
export function memberOf(object: JsonObject, name: string): JsonMember | undefined {
  return object.members.findLast((member) => member.name.text === name);
}
