import { numberText, parseNumber } from "./number-text.ts";
import {
  boolValue,
  isUnknown,
  isWhollyKnown,
  itemsOf,
  NULL,
  Numeric,
  numberValue,
  objectValue,
  stringValue,
  tupleValue,
  type Value,
} from "./value.ts";

/**
 * The value as JSON text, as `jsonencode` gives it: no white space, keys in order, numbers in full, and `<`, `>`, `&`
 * escaped as Go does. The value must be wholly known; marks are dropped.
 */
export function toJson(value: Value): string {
  if (!isWhollyKnown(value)) throw new Error("a value that is not wholly known has no JSON text");
  return jsonOf(value);
}

/** The value of a JSON text: objects and tuples, numbers exact. Throws `SyntaxError` for what is no JSON. */
export function fromJson(text: string): Value {
  // A number must keep all its digits: the reviver sees how it was written and puts that in its place.
  const revive = (_key: string, item: unknown, context: { source?: string }): unknown => {
    if (typeof item !== "number") return item;
    const number = parseNumber(context.source ?? String(item));
    if (!number) throw new SyntaxError("a number in it is too large");
    return number;
  };
  return ofParsed(JSON.parse(text, revive as (this: unknown, key: string, item: unknown) => unknown));
}

/** Text as a JSON string, escaped as Go's encoder does. */
export function jsonString(text: string): string {
  return JSON.stringify(text.toWellFormed()).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function jsonOf(value: Value): string {
  const { data } = value;
  if (data === null || isUnknown(value)) return "null";
  if (typeof data === "string") return jsonString(data);
  if (data instanceof Numeric) return numberText(data);
  if (typeof data === "boolean") return String(data);
  if (data instanceof Map) return `{${[...data].map(([key, item]) => `${jsonString(key)}:${jsonOf(item)}`).join(",")}}`;
  return `[${itemsOf(value).map(jsonOf).join(",")}]`;
}

function ofParsed(parsed: unknown): Value {
  if (parsed === null) return NULL;
  if (typeof parsed === "string") return stringValue(parsed.toWellFormed());
  if (typeof parsed === "boolean") return boolValue(parsed);
  if (parsed instanceof Numeric) return numberValue(parsed);
  if (Array.isArray(parsed)) return tupleValue(parsed.map(ofParsed));
  return objectValue(Object.entries(parsed as object).map(([key, item]) => [key, ofParsed(item)]));
}
