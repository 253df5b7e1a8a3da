import { canConvert } from "./can-convert.ts";
import { makeSet } from "./make-set.ts";
import { type PathStep, pathText, whyNotConvertible } from "./mismatch.ts";
import { numberText, parseNumber } from "./number-text.ts";
import { ANY, sameType, type Type, withoutOptional } from "./type.ts";
import { unify } from "./unify.ts";
import {
  boolValue,
  isNull,
  isUnknown,
  isWhollyKnown,
  itemsOf,
  listValue,
  mapValue,
  Numeric,
  nullOf,
  numberValue,
  objectValue,
  stringValue,
  tupleValue,
  unknownOf,
  type Value,
  withMarks,
  withoutMarks,
} from "./value.ts";

/** Why a value does not become the type: a value, given back instead of thrown. `message` starts with the path. */
export class ConversionFault {
  readonly path: readonly PathStep[];
  /** `attribute "x": a number is required`, without a full stop; never holds the value itself. */
  readonly message: string;

  constructor(path: readonly PathStep[], reason: string) {
    this.path = path;
    this.message = pathText(path) + reason;
  }
}

/**
 * The value as a value of the type: "5" becomes 5, true "true", an object a map, a tuple a list or a set, and back where
 * the items allow it. What is null or unknown stays so, of the new type; marks stay. Attributes that are `optional` in
 * the type and missing in the value become null (see `applyDefaults` for their defaults).
 */
export function convert(value: Value, type: Type): Value | ConversionFault {
  if (sameType(value.type, type)) return value;
  if (!canConvert(value.type, type)) return new ConversionFault([], whyNotConvertible(value.type, type));
  try {
    return converted(value, type, []);
  } catch (fault) {
    if (fault instanceof Stop) return fault.fault;
    throw fault;
  }
}

/** Carries the fault out of the depths of a value; never leaves this file. */
class Stop {
  readonly fault: ConversionFault;

  constructor(path: readonly PathStep[], reason: string) {
    this.fault = new ConversionFault(path, reason);
  }
}

function converted(value: Value, type: Type, path: readonly PathStep[]): Value {
  if (type.kind === "any" || value.type === type) return value;
  if (value.marks.size > 0) return withMarks(converted(withoutMarks(value), type, path), value.marks);
  if (isUnknown(value)) return unknownOf(filledIn(withoutOptional(type), value.type));
  if (isNull(value)) return nullOf(filledIn(withoutOptional(type), value.type));
  switch (type.kind) {
    case "string":
      return toText(value);
    case "number":
      return toNumber(value, path);
    case "bool":
      return toBool(value, path);
    case "list":
      return toList(value, type.element, path);
    case "set":
      return toSet(value, type.element, path);
    case "map":
      return toMap(value, type.element, path);
    case "tuple":
      return tupleValue(
        itemsOf(value).map((item, index) => converted(item, type.elements[index] ?? ANY, [...path, index])),
      );
    case "object":
      return toObject(value, type, path);
  }
}

function toText(value: Value): Value {
  if (value.data instanceof Numeric) return stringValue(numberText(value.data));
  return typeof value.data === "boolean" ? stringValue(String(value.data)) : value;
}

function toNumber(value: Value, path: readonly PathStep[]): Value {
  if (typeof value.data !== "string") return value;
  const number = parseNumber(value.data);
  if (!number) throw new Stop(path, "a number is required");
  return numberValue(number);
}

function toBool(value: Value, path: readonly PathStep[]): Value {
  if (typeof value.data !== "string") return value;
  if (value.data === "true" || value.data === "1") return boolValue(true);
  if (value.data === "false" || value.data === "0") return boolValue(false);
  const lower = value.data.toLowerCase();
  const hint =
    lower === "true" || lower === "false" ? `; to convert from a string, write it in lower case: "${lower}"` : "";
  throw new Stop(path, `a bool is required${hint}`);
}

function toList(value: Value, element: Type, path: readonly PathStep[]): Value {
  // How many items a set has is only known when they all are.
  if (value.type.kind === "set" && !isWhollyKnown(value))
    return unknownOf({ kind: "list", element: itemType(value, element) });
  const wanted = itemType(value, element);
  const items = alike(convertedItems(value, wanted, path), path, "list");
  return listValue(items[0]?.type ?? withoutOptional(wanted), items);
}

function toSet(value: Value, element: Type, path: readonly PathStep[]): Value {
  const wanted = itemType(value, element);
  const items = alike(convertedItems(value, wanted, path), path, "set");
  return makeSet(items[0]?.type ?? withoutOptional(wanted), items);
}

function toMap(value: Value, element: Type, path: readonly PathStep[]): Value {
  const wanted = itemType(value, element);
  const items = alike(convertedItems(value, wanted, path), path, "map");
  const keys = value.data instanceof Map ? [...value.data.keys()] : [];
  return mapValue(
    items[0]?.type ?? withoutOptional(wanted),
    keys.map((key, index) => [key, items[index] ?? nullOf(ANY)]),
  );
}

/** The type that the items are to have: where none is asked for, their own, or the one that they can share. */
function itemType(value: Value, element: Type): Type {
  if (element.kind !== "any") return element;
  const { type } = value;
  if (type.kind === "tuple") return unify(type.elements) ?? ANY;
  if (type.kind === "object") return unify([...type.attributes.values()]) ?? ANY;
  return "element" in type ? type.element : ANY;
}

function convertedItems(value: Value, type: Type, path: readonly PathStep[]): Value[] {
  if (value.data instanceof Map) {
    return [...value.data].map(([key, item]) => converted(item, type, [...path, { key }]));
  }
  return itemsOf(value).map((item, index) =>
    sameType(item.type, type) ? item : converted(item, type, [...path, index]),
  );
}

/** Items of one type: where `any` in the type that was asked for let them differ, of the one that they can share. */
function alike(items: Value[], path: readonly PathStep[], kind: string): Value[] {
  const [first] = items;
  if (!first || items.every((item) => sameType(item.type, first.type))) return items;
  const type = unify(items.map((item) => item.type).filter((each) => each.kind !== "any"));
  if (!type) throw new Stop(path, `all elements of a ${kind} must have the same type`);
  return items.map((item, index) => converted(item, type, [...path, index]));
}

function toObject(value: Value, type: Extract<Type, { kind: "object" }>, path: readonly PathStep[]): Value {
  const given: ReadonlyMap<string, Value> = value.data instanceof Map ? value.data : new Map<string, Value>();
  const fromMap = value.type.kind === "map";
  const attributes: [string, Value][] = [];
  for (const [name, wanted] of type.attributes) {
    const item = given.get(name);
    const step = [...path, fromMap ? { key: name } : { attribute: name }];
    if (item) {
      if (fromMap && !canConvert(item.type, wanted)) throw new Stop(step, whyNotConvertible(item.type, wanted));
      attributes.push([name, sameType(item.type, wanted) ? item : converted(item, wanted, step)]);
    } else if (type.optional?.has(name)) attributes.push([name, nullOf(withoutOptional(wanted))]);
    else throw new Stop(path, `the map has no element for the required attribute "${name}"`);
  }
  return objectValue(attributes);
}

/** The type with each `any` in it replaced by what stands there in the type of the value. */
function filledIn(type: Type, from: Type): Type {
  if (from.kind === "any") return type;
  switch (type.kind) {
    case "any":
      return from;
    case "list":
    case "set":
    case "map":
      return { kind: type.kind, element: filledIn(type.element, elementOf(from)) };
    case "tuple":
      return {
        kind: "tuple",
        elements: type.elements.map((element, index) =>
          filledIn(element, from.kind === "tuple" ? (from.elements[index] ?? ANY) : ANY),
        ),
      };
    case "object": {
      const given = (name: string) => (from.kind === "object" ? from.attributes.get(name) : elementOf(from)) ?? ANY;
      return {
        kind: "object",
        attributes: new Map([...type.attributes].map(([name, attribute]) => [name, filledIn(attribute, given(name))])),
      };
    }
    default:
      return type;
  }
}

function elementOf(type: Type): Type {
  if ("element" in type) return type.element;
  if (type.kind === "tuple") return unify(type.elements) ?? ANY;
  return type.kind === "object" ? (unify([...type.attributes.values()]) ?? ANY) : ANY;
}
