import {
  boolValue,
  isUnknown,
  itemsOf,
  NULL,
  Numeric,
  numberValue,
  objectValue,
  stringValue,
  tupleValue,
  type Value,
} from "./value.ts";

/** Data as JSON knows it. */
export type PlainData =
  | string
  | number
  | boolean
  | null
  | readonly PlainData[]
  | { readonly [key: string]: PlainData | undefined };

/** Plain data as a value of the language: objects and tuples; an attribute that is `undefined` is left out. */
export function fromPlain(plain: PlainData): Value {
  if (plain === null) return NULL;
  if (typeof plain === "string") return stringValue(plain);
  if (typeof plain === "boolean") return boolValue(plain);
  if (typeof plain === "number") return numberValue(plain);
  if (isList(plain)) return tupleValue(plain.map(fromPlain));
  return objectValue(
    Object.entries(plain).flatMap(([key, item]) => (item === undefined ? [] : [[key, fromPlain(item)] as const])),
  );
}

/**
 * The value as plain data. Numbers become doubles: use `toJson` where every digit counts. Marks are dropped, and what
 * is unknown becomes undefined: it is left out of objects, and null in lists.
 */
export function toPlain(value: Value): PlainData | undefined {
  const { data } = value;
  if (data === null || typeof data === "string" || typeof data === "boolean") return data;
  if (isUnknown(value)) return undefined;
  if (data instanceof Numeric) return data.toNumber();
  if (data instanceof Map) {
    const plain: [string, PlainData | undefined][] = [...data].map(([key, item]) => [key, toPlain(item)]);
    return Object.fromEntries(plain.filter(([, item]) => item !== undefined));
  }
  return itemsOf(value).map((item) => toPlain(item) ?? null);
}

function isList(plain: PlainData): plain is readonly PlainData[] {
  return Array.isArray(plain);
}
