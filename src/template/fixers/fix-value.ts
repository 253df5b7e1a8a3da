import type { JsonNode } from "../../hcl/json/json-tree.ts";
import { compareCodePoints } from "../../hcl/values/value.ts";

/** A JSON value that fixers change. Numbers stay as they were written. */
export type FixValue = string | boolean | null | JsonNumber | FixValue[] | FixObject;
export type FixObject = Map<string, FixValue>;

export interface JsonNumber {
  readonly number: string;
}

export function fixValueOf(node: JsonNode): FixValue {
  switch (node.kind) {
    case "string":
      return node.text;
    case "number":
      return { number: node.text };
    case "bool":
      return node.value;
    case "array":
      return node.items.map(fixValueOf);
    case "object":
      return new Map(node.members.map(({ name, value }) => [name.text, fixValueOf(value)]));
    default:
      return null;
  }
}

/** As Packer prints it: two blanks, names sorted, the characters escaped that Go escapes but for `<` and `>`. */
export function jsonText(value: FixValue, indent = ""): string {
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    return `[\n${value.map((item) => inner + jsonText(item, inner)).join(",\n")}\n${indent}]`;
  }
  if (value instanceof Map) {
    if (value.size === 0) return "{}";
    const members = [...value]
      .sort(([a], [b]) => compareCodePoints(a, b))
      .map(([name, item]) => `${inner}${quoted(name)}: ${jsonText(item, inner)}`);
    return `{\n${members.join(",\n")}\n${indent}}`;
  }
  if (typeof value === "string") return quoted(value);
  return isNumber(value) ? numberText(value.number) : String(value);
}

export function isNumber(value: FixValue | undefined): value is JsonNumber {
  return typeof value === "object" && value !== null && "number" in value;
}

const SHORT: Readonly<Record<string, string>> = { '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function quoted(text: string): string {
  const escaped = text.toWellFormed().replace(/[\u0000-\u001f"\\&\u2028\u2029]/g, (character) => {
    return SHORT[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
  return `"${escaped}"`;
}

/** The shortest form of the number, as Go has it; one that a double cannot hold stays as it was written. */
function numberText(written: string): string {
  const number = Number(written);
  if (!Number.isFinite(number)) return written;
  if (Number.isInteger(number) && !Number.isSafeInteger(number) && /^-?\d+$/.test(written)) return written;
  return Object.is(number, -0) ? "-0" : String(number);
}
