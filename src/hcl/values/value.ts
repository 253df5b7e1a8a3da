import { Decimal } from "decimal.js";
import { ANY, BOOL, listOf, mapOf, NUMBER, objectOf, STRING, setOf, type Type, tupleOf } from "./type.ts";

/**
 * Numbers of the language: 155 significant digits hold what Go's 512-bit floats hold. Beyond 10^100000 a number is
 * infinite, which `isFinite` tells and evaluation reports: writing it out in full would only fill the memory.
 */
export const Numeric = Decimal.clone({
  precision: 155,
  rounding: Decimal.ROUND_HALF_EVEN,
  toExpNeg: -9e15,
  toExpPos: 9e15,
  maxE: 100_000,
  minE: -100_000,
});
export type Numeric = Decimal;

/** The number without the guard digits that a quotient carries: numbers that agree in the others are equal. */
export function settled(number: Numeric): Numeric {
  return number.isInteger() ? number : number.toSignificantDigits(Numeric.precision);
}

/** Stands for data that will be known later: a data source not yet read, a build not yet run. */
export const UNKNOWN: unique symbol = Symbol("unknown");

/** What a value is marked with; what is derived from it carries the mark on. */
export type Mark = string;
export const SENSITIVE: Mark = "sensitive";
const UNMARKED: ReadonlySet<Mark> = new Set();

export type Data =
  | string
  | boolean
  | Numeric
  /** list, set (in canonical order, no duplicates), tuple */
  | readonly Value[]
  /** map, object (keys in code point order) */
  | ReadonlyMap<string, Value>
  | null
  | typeof UNKNOWN;

/** A value of the language: immutable, typed, maybe null, maybe unknown, maybe marked. */
export interface Value {
  readonly type: Type;
  readonly data: Data;
  readonly marks: ReadonlySet<Mark>;
}

export const TRUE: Value = { type: BOOL, data: true, marks: UNMARKED };
export const FALSE: Value = { type: BOOL, data: false, marks: UNMARKED };
/** `null` as written: of no type yet. */
export const NULL: Value = { type: ANY, data: null, marks: UNMARKED };
/** A value of which not even the type is known. */
export const UNKNOWN_VALUE: Value = { type: ANY, data: UNKNOWN, marks: UNMARKED };

export function stringValue(text: string): Value {
  return { type: STRING, data: text.normalize("NFC"), marks: UNMARKED };
}

/** There is only one zero: -0 is 0. */
export function numberValue(number: Numeric | number | bigint | string): Value {
  const data = number instanceof Decimal ? number : new Numeric(typeof number === "bigint" ? String(number) : number);
  return { type: NUMBER, data: data.isZero() && data.isNegative() ? data.negated() : data, marks: UNMARKED };
}

export function boolValue(value: boolean): Value {
  return value ? TRUE : FALSE;
}

export function nullOf(type: Type): Value {
  return { type, data: null, marks: UNMARKED };
}

export function unknownOf(type: Type): Value {
  return { type, data: UNKNOWN, marks: UNMARKED };
}

/** All items must be of the element type. */
export function listValue(element: Type, items: readonly Value[]): Value {
  return { type: listOf(element), data: items, marks: UNMARKED };
}

/** The items must be distinct and in canonical order: `makeSet` in make-set.ts sees to it. */
export function setValueOfSorted(element: Type, items: readonly Value[]): Value {
  return { type: setOf(element), data: items, marks: UNMARKED };
}

/** All items must be of the element type. */
export function mapValue(element: Type, items: Iterable<readonly [string, Value]>): Value {
  return { type: mapOf(element), data: inKeyOrder(items), marks: UNMARKED };
}

export function tupleValue(items: readonly Value[]): Value {
  return { type: tupleOf(items.map((item) => item.type)), data: items, marks: UNMARKED };
}

export function objectValue(attributes: Iterable<readonly [string, Value]> | Readonly<Record<string, Value>>): Value {
  const entries = Symbol.iterator in attributes ? attributes : Object.entries(attributes);
  const data = inKeyOrder(entries as Iterable<readonly [string, Value]>);
  return { type: objectOf(new Map([...data].map(([key, value]) => [key, value.type]))), data, marks: UNMARKED };
}

/** The same value with these marks added. */
export function withMarks(value: Value, marks: Iterable<Mark>): Value {
  const added = [...marks].filter((mark) => !value.marks.has(mark));
  return added.length === 0 ? value : { ...value, marks: new Set([...value.marks, ...added]) };
}

export function sensitive(value: Value): Value {
  return withMarks(value, [SENSITIVE]);
}

/** The same value without marks of its own; those of its items stay. */
export function withoutMarks(value: Value): Value {
  return value.marks.size === 0 ? value : { ...value, marks: UNMARKED };
}

/** Every mark of the value and of what is in it. */
export function marksWithin(value: Value): ReadonlySet<Mark> {
  const items = itemsOf(value);
  if (items.length === 0) return value.marks;
  const marks = new Set(value.marks);
  for (const item of items) for (const mark of marksWithin(item)) marks.add(mark);
  return marks;
}

/** The same value without any mark on it or in it. */
export function withoutMarksWithin(value: Value): Value {
  const { data } = value;
  if (Array.isArray(data)) return { type: value.type, data: data.map(withoutMarksWithin), marks: UNMARKED };
  if (data instanceof Map) {
    const items = new Map([...data].map(([key, item]) => [key, withoutMarksWithin(item)]));
    return { type: value.type, data: items, marks: UNMARKED };
  }
  return withoutMarks(value);
}

export function isNull(value: Value): boolean {
  return value.data === null;
}

/** False also for null; a collection is known even when its items are not (see `isWhollyKnown`). */
export function isUnknown(value: Value): boolean {
  return value.data === UNKNOWN;
}

/** Neither the value nor anything in it is unknown. */
export function isWhollyKnown(value: Value): boolean {
  if (value.data === UNKNOWN) return false;
  return itemsOf(value).every(isWhollyKnown);
}

/** Sensitive itself or in any part. */
export function isSensitive(value: Value): boolean {
  return value.marks.has(SENSITIVE) || itemsOf(value).some(isSensitive);
}

/** The items of a list, set, tuple, map or object in order; of anything else, none. */
export function itemsOf(value: Value): readonly Value[] {
  const { data } = value;
  if (Array.isArray(data)) return data;
  if (data instanceof Map) return [...data.values()];
  return [];
}

/** Keys are normalized, as all text of the language. */
function inKeyOrder(entries: Iterable<readonly [string, Value]>): ReadonlyMap<string, Value> {
  const normalized = Array.from(entries, ([key, value]) => [key.normalize("NFC"), value] as const);
  return new Map(normalized.sort(([a], [b]) => compareCodePoints(a, b)));
}

/** Orders strings as their UTF-8 bytes would be ordered. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const x = a.charCodeAt(index);
    const y = b.charCodeAt(index);
    if (x !== y) {
      const xSurrogate = x >= 0xd800 && x <= 0xdfff;
      const ySurrogate = y >= 0xd800 && y <= 0xdfff;
      if (xSurrogate !== ySurrogate) return xSurrogate ? 1 : -1;
      return x - y;
    }
  }
  return a.length - b.length;
}
