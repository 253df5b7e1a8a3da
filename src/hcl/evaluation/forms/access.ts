import type { Range } from "../../source/source.ts";
import type { Expression } from "../../syntax/tree.ts";
import { ConversionFault, convert } from "../../values/convert.ts";
import { NUMBER, STRING } from "../../values/type.ts";
import { aTypeName } from "../../values/type-text.ts";
import {
  isNull,
  isUnknown,
  itemsOf,
  Numeric,
  numberValue,
  UNKNOWN_VALUE,
  unknownOf,
  type Value,
  withMarks,
} from "../../values/value.ts";
import { type Context, report } from "../context.ts";
import { didYouMean } from "../nearest-name.ts";

/** `of.name`: an attribute of an object, or an element of a map. */
export function accessAttribute(
  expression: Extract<Expression, { kind: "attribute-access" }>,
  context: Context,
): Value {
  const of = context.evaluate(expression.of, context);
  return attributeOf(of, expression.name.text, { subject: expression.name.range, of: expression.of }, context);
}

/** `of[key]` and the old `of.0`: an element of a list, tuple or map, or an attribute of an object. */
export function accessIndex(
  expression: Extract<Expression, { kind: "index" | "legacy-index" }>,
  context: Context,
): Value {
  const of = context.evaluate(expression.of, context);
  if (expression.kind === "legacy-index") {
    return itemOf(of, numberValue(expression.index), { subject: expression.range, of: expression.of }, context);
  }
  const key = context.evaluate(expression.key, context);
  return itemOf(
    of,
    key,
    { subject: expression.key.range, context: expression.range, of: [expression.of, expression.key] },
    context,
  );
}

interface Place {
  readonly subject: Range;
  readonly context?: Range;
  readonly of: Expression | readonly Expression[];
}

function attributeOf(object: Value, name: string, place: Place, context: Context): Value {
  const fail = (code: string, summary: string, detail: string) => {
    report({ code, summary, detail, ...place }, context);
    return UNKNOWN_VALUE;
  };
  if (isNull(object)) {
    const detail = `This value is null, so it does not have an attribute "${name}".`;
    return fail("attribute-of-null", "Attempt to get attribute from null value", detail);
  }
  const { type, data } = object;
  switch (type.kind) {
    case "any":
      return withMarks(UNKNOWN_VALUE, object.marks);
    case "object": {
      const attribute = type.attributes.get(name);
      if (!attribute) {
        return fail("unsupported-attribute", "Unsupported attribute", noAttribute(name, [...type.attributes.keys()]));
      }
      const value = data instanceof Map ? data.get(name) : undefined;
      return withMarks(value ?? unknownOf(attribute), object.marks);
    }
    case "map": {
      if (!(data instanceof Map)) return withMarks(unknownOf(type.element), object.marks);
      const value = data.get(name);
      if (value) return withMarks(value, object.marks);
      return fail(
        "missing-map-element",
        "Missing map element",
        `This map has no element "${name}".${known(name, data.keys(), object)}`,
      );
    }
    case "list":
    case "tuple":
    case "set": {
      const items = type.kind === "tuple" ? type.elements : [type.element];
      const has = items.some((item) => item.kind === "object" && item.attributes.has(name));
      const hint = has
        ? ` Did you mean that of one element (${type.kind === "set" ? "with a for expression" : `[0].${name}`}), or those of all ([*].${name})?`
        : "";
      return fail(
        "unsupported-attribute",
        "Unsupported attribute",
        `This is ${aTypeName(type)}, which has no attributes.${hint}`,
      );
    }
    default:
      return fail(
        "unsupported-attribute",
        "Unsupported attribute",
        `This is ${aTypeName(type)}, which has no attribute "${name}".`,
      );
  }
}

function itemOf(collection: Value, key: Value, place: Place, context: Context): Value {
  const fail = (detail: string, code = "invalid-index", summary = "Invalid index") => {
    report({ code, summary, detail, ...place }, context);
    return UNKNOWN_VALUE;
  };
  const { type, data } = collection;
  if (isNull(collection)) {
    return fail(
      "This value is null, so it does not have any elements.",
      "index-of-null",
      "Attempt to index null value",
    );
  }
  if (isNull(key)) return fail("The key is null.");
  const marks = [...collection.marks, ...key.marks];
  if (type.kind === "any" || key.type.kind === "any") return withMarks(UNKNOWN_VALUE, marks);
  if (type.kind === "set") {
    return fail(
      "The elements of a set have neither order nor keys. Turn it into a list (tolist), or go through it with a for expression.",
    );
  }
  if (type.kind !== "list" && type.kind !== "tuple" && type.kind !== "map" && type.kind !== "object") {
    return fail(`This is ${aTypeName(type)}, which has no elements.`);
  }
  const wanted = type.kind === "list" || type.kind === "tuple" ? NUMBER : STRING;
  const converted = convert(key, wanted);
  if (converted instanceof ConversionFault)
    return fail(`This key does not fit ${aTypeName(type)}: ${converted.message}.`);
  if (isUnknown(converted)) {
    return withMarks("element" in type ? unknownOf(type.element) : UNKNOWN_VALUE, marks);
  }
  if (converted.data instanceof Numeric) {
    const items = itemsOf(collection);
    const count = type.kind === "tuple" ? type.elements.length : isUnknown(collection) ? undefined : items.length;
    const problem = indexProblem(converted.data, count, key.marks.size > 0);
    if (problem) return fail(problem);
    const index = converted.data.toNumber();
    const itemType = type.kind === "tuple" ? type.elements[index] : "element" in type ? type.element : undefined;
    return withMarks(items[index] ?? (itemType ? unknownOf(itemType) : UNKNOWN_VALUE), marks);
  }
  const name = String(converted.data);
  const shown = key.marks.size > 0 ? "this key" : JSON.stringify(name);
  if (type.kind === "object") {
    const attribute = type.attributes.get(name);
    if (!attribute) {
      const numeric = key.type.kind === "number" ? " Attributes are looked up by name, not by number." : "";
      const near = key.marks.size > 0 ? "" : didYouMean(name, type.attributes.keys());
      return fail(`The object has no attribute ${shown}.${numeric}${near}`);
    }
    return withMarks((data instanceof Map ? data.get(name) : undefined) ?? unknownOf(attribute), marks);
  }
  if (!(data instanceof Map)) return withMarks("element" in type ? unknownOf(type.element) : UNKNOWN_VALUE, marks);
  const value = data.get(name);
  if (value) return withMarks(value, marks);
  return fail(`The map has no element ${shown}.${key.marks.size > 0 ? "" : known(name, data.keys(), collection)}`);
}

function indexProblem(index: Numeric, count: number | undefined, secret: boolean): string | undefined {
  if (!index.isInteger()) return "An index must be a whole number; this one has a fraction.";
  if (index.isNegative() && !index.isZero()) return "An index cannot be negative: the first element is 0.";
  if (count === undefined || index.lessThan(count)) return undefined;
  if (count === 0) return "There are no elements, so no index is valid.";
  const shown = secret ? "This index" : `Index ${index.toFixed()}`;
  return `${shown} is beyond the end: there ${count === 1 ? "is 1 element, index 0" : `are ${count} elements, 0 to ${count - 1}`}.`;
}

const MOST_NAMES = 12;

function noAttribute(name: string, names: readonly string[]): string {
  const near = didYouMean(name, names);
  if (near) return `There is no attribute "${name}" here.${near}`;
  if (names.length === 0) return `There is no attribute "${name}" here: the object is empty.`;
  const shown = names.slice(0, MOST_NAMES).join(", ");
  return `There is no attribute "${name}" here. It has: ${shown}${names.length > MOST_NAMES ? ", …" : ""}.`;
}

/** Keys of a map may be secrets where the map is marked. */
function known(name: string, keys: Iterable<string>, map: Value): string {
  return map.marks.size > 0 ? "" : didYouMean(name, keys);
}
