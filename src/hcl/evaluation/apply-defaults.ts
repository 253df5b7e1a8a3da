import { ConversionFault, convert } from "../values/convert.ts";
import { makeSet } from "../values/make-set.ts";
import { unify } from "../values/unify.ts";
import {
  isNull,
  isUnknown,
  itemsOf,
  listValue,
  mapValue,
  objectValue,
  tupleValue,
  type Value,
  withMarks,
} from "../values/value.ts";

/** The defaults that a type with `optional()` attributes holds, shaped as the type is. */
export type Defaults =
  | {
      readonly kind: "attributes";
      readonly values: ReadonlyMap<string, Value>;
      readonly children: ReadonlyMap<string, Defaults>;
    }
  | { readonly kind: "elements"; readonly each: Defaults }
  | { readonly kind: "items"; readonly items: readonly (Defaults | undefined)[] };

/**
 * Puts defaults where optional attributes are missing or null. To be done before the value is converted to the type;
 * what does not fit the type at all is left as it is, for the conversion to report.
 */
export function applyDefaults(value: Value, defaults: Defaults | undefined): Value {
  if (!defaults || isNull(value) || isUnknown(value)) return value;
  if (value.data instanceof Map) return withMarks(ofKeyed(value, value.data, defaults), value.marks);
  return Array.isArray(value.data) ? withMarks(ofSequence(value, defaults), value.marks) : value;
}

function ofKeyed(value: Value, data: ReadonlyMap<string, Value>, defaults: Defaults): Value {
  if (defaults.kind === "items") return value;
  const items = new Map<string, Value>();
  for (const [key, item] of data) {
    items.set(key, applyDefaults(item, defaults.kind === "elements" ? defaults.each : defaults.children.get(key)));
  }
  if (defaults.kind === "attributes") {
    for (const [name, given] of defaults.values) {
      const item = items.get(name);
      if (!item || isNull(item)) items.set(name, applyDefaults(given, defaults.children.get(name)));
    }
  }
  const alike = value.type.kind === "map" ? sameTyped([...items.values()]) : undefined;
  const [first] = alike ?? [];
  return first && alike
    ? mapValue(
        first.type,
        [...items.keys()].map((key, index) => [key, alike[index] ?? first]),
      )
    : objectValue(items);
}

function ofSequence(value: Value, defaults: Defaults): Value {
  if (defaults.kind === "attributes") return value;
  const items = itemsOf(value).map((item, index) =>
    applyDefaults(item, defaults.kind === "elements" ? defaults.each : defaults.items[index]),
  );
  const alike = value.type.kind === "tuple" ? undefined : sameTyped(items);
  const [first] = alike ?? [];
  if (!first || !alike) return tupleValue(items);
  return value.type.kind === "set" ? makeSet(first.type, alike) : listValue(first.type, alike);
}

/** The items as items of one collection, where they can be. */
function sameTyped(items: readonly Value[]): Value[] | undefined {
  const type = unify(items.map((item) => item.type));
  if (!type) return undefined;
  const converted: Value[] = [];
  for (const item of items) {
    const value = convert(item, type);
    if (value instanceof ConversionFault) return undefined;
    converted.push(value);
  }
  return converted;
}
