import { BOOL, hasAny, sameType, type Type } from "./type.ts";
import {
  boolValue,
  isNull,
  isUnknown,
  isWhollyKnown,
  itemsOf,
  marksWithin,
  Numeric,
  settled,
  unknownOf,
  type Value,
  withMarks,
} from "./value.ts";

/**
 * What `==` gives: true, false, or unknown where it depends on values that are not known yet. Values of different types
 * are never equal, except that null equals null. All marks within both are on the result.
 */
export function equals(a: Value, b: Value): Value {
  const result = compared(a, b);
  const value = result === undefined ? unknownOf(BOOL) : boolValue(result);
  return withMarks(value, [...marksWithin(a), ...marksWithin(b)]);
}

/** Whether both are one and the same: type, data, what is null and what is unknown. Marks do not count. */
export function sameValue(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (!sameType(a.type, b.type)) return false;
  if (a.data instanceof Numeric) return b.data instanceof Numeric && settled(a.data).equals(settled(b.data));
  if (Array.isArray(a.data)) {
    const others: unknown = b.data;
    return Array.isArray(others) && a.data.length === others.length && pairwise(a.data, others, sameValue);
  }
  if (a.data instanceof Map) {
    if (!(b.data instanceof Map) || a.data.size !== b.data.size) return false;
    for (const [key, item] of a.data) {
      const other = b.data.get(key);
      if (!other || !sameValue(item, other)) return false;
    }
    return true;
  }
  return a.data === b.data;
}

function compared(a: Value, b: Value): boolean | undefined {
  if (isUnknown(a) || isUnknown(b)) return comparedUnknown(a, b);
  if (isNull(a) || isNull(b)) return isNull(a) && isNull(b);
  if (!typeIsKnown(a) || !typeIsKnown(b)) return couldBeSame(a.type, b.type) ? undefined : false;
  if (!sameType(a.type, b.type)) return false;
  if (a.data instanceof Numeric) return b.data instanceof Numeric && settled(a.data).equals(settled(b.data));
  if (a.type.kind === "set") return isWhollyKnown(a) && isWhollyKnown(b) ? sameValue(a, b) : undefined;
  if (Array.isArray(a.data) && Array.isArray(b.data)) {
    return a.data.length === b.data.length && comparedItems(a.data, b.data);
  }
  if (a.data instanceof Map && b.data instanceof Map) {
    if (a.data.size !== b.data.size) return false;
    const other = b.data;
    if (![...a.data.keys()].every((key) => other.has(key))) return false;
    return comparedItems([...a.data.values()], [...b.data.values()]);
  }
  return a.data === b.data;
}

/** Any unknown value may still turn out to be null, and nulls of all types are equal. */
function comparedUnknown(a: Value, b: Value): boolean | undefined {
  if (isUnknown(a) && isUnknown(b)) return undefined;
  const [known, unknown] = isUnknown(a) ? [b, a] : [a, b];
  if (isNull(known) || hasAny(unknown.type)) return undefined;
  return sameType(known.type, unknown.type) ? undefined : false;
}

function comparedItems(a: readonly Value[], b: readonly Value[]): boolean | undefined {
  for (const [index, item] of a.entries()) {
    const other = b[index];
    const result = other ? compared(item, other) : false;
    if (result !== true) return result;
  }
  return true;
}

/** Only an unknown part can still change the type; the `any` of a null that is written as `null` is final. */
function typeIsKnown(value: Value): boolean {
  return isUnknown(value) ? !hasAny(value.type) : itemsOf(value).every(typeIsKnown);
}

function couldBeSame(a: Type, b: Type): boolean {
  if (a.kind === "any" || b.kind === "any") return true;
  if (a.kind !== b.kind) return false;
  if (a.kind === "tuple" && b.kind === "tuple") {
    return a.elements.length === b.elements.length && pairwise(a.elements, b.elements, couldBeSame);
  }
  if (a.kind === "object" && b.kind === "object") {
    if (a.attributes.size !== b.attributes.size) return false;
    return [...a.attributes].every(([name, type]) => {
      const other = b.attributes.get(name);
      return other !== undefined && couldBeSame(type, other);
    });
  }
  return "element" in a && "element" in b ? couldBeSame(a.element, b.element) : true;
}

function pairwise<T>(a: readonly T[], b: readonly T[], same: (a: T, b: T) => boolean): boolean {
  return a.every((item, index) => {
    const other = b[index];
    return other !== undefined && same(item, other);
  });
}
