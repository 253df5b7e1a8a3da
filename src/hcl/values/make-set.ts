import { sameValue } from "./equality.ts";
import type { Type } from "./type.ts";
import {
  compareCodePoints,
  isNull,
  isUnknown,
  itemsOf,
  marksWithin,
  Numeric,
  setValueOfSorted,
  type Value,
  withMarks,
  withoutMarksWithin,
} from "./value.ts";

/**
 * A set of these values, which must all be of the element type: in canonical order (text by code points, numbers by
 * size, false before true; null and then what is unknown last) and without duplicates. An item of a set cannot carry
 * marks of its own: they move to the set. Unknown items are all kept, since they may turn out to be different.
 */
export function makeSet(element: Type, items: Iterable<Value>): Value {
  const plain: Keyed[] = [];
  const marks = new Set<string>();
  for (const item of items) {
    for (const mark of marksWithin(item)) marks.add(mark);
    const value = withoutMarksWithin(item);
    plain.push({ value, key: orderKey(value) });
  }
  plain.sort(compareKeyed);
  const distinct: Keyed[] = [];
  for (const item of plain) if (!hasDuplicate(distinct, item)) distinct.push(item);
  return withMarks(
    setValueOfSorted(
      element,
      distinct.map((item) => item.value),
    ),
    marks,
  );
}

/** Values that can be asked for without going through them all. */
export class ValueIndex {
  private readonly byKey = new Map<string, Value[]>();

  constructor(values: Iterable<Value> = []) {
    for (const value of values) this.add(value);
  }

  has(value: Value): boolean {
    return this.byKey.get(nestedKey(value))?.some((other) => sameValue(other, value)) ?? false;
  }

  /** False where the value was there already. */
  add(value: Value): boolean {
    const key = nestedKey(value);
    const alike = this.byKey.get(key);
    if (alike?.some((other) => sameValue(other, value))) return false;
    if (alike) alike.push(value);
    else this.byKey.set(key, [value]);
    return true;
  }
}

interface Keyed {
  readonly value: Value;
  readonly key: string;
}

function hasDuplicate(sorted: readonly Keyed[], item: Keyed): boolean {
  if (isUnknown(item.value)) return false;
  for (let index = sorted.length - 1; index >= 0; index--) {
    const other = sorted[index];
    if (!other || other.key !== item.key) return false;
    if (sameValue(other.value, item.value)) return true;
  }
  return false;
}

function compareKeyed(a: Keyed, b: Keyed): number {
  const rank = rankOf(a.value) - rankOf(b.value);
  if (rank !== 0) return rank;
  if (a.value.data instanceof Numeric && b.value.data instanceof Numeric) return a.value.data.comparedTo(b.value.data);
  return compareCodePoints(a.key, b.key);
}

function rankOf(value: Value): number {
  if (isNull(value)) return 1;
  return isUnknown(value) ? 2 : 0;
}

/**
 * Text that is the same for the same values. The order among composed values is that of this text, shaped as go-cty's
 * hash text is, so that a set of objects is walked in the order that Packer's users know.
 */
function orderKey(value: Value): string {
  const { data } = value;
  if (typeof data === "string") return data;
  if (typeof data === "boolean") return data ? "T" : "F";
  return nestedKey(value);
}

function nestedKey(value: Value): string {
  const { data, type } = value;
  if (data === null) return "~";
  if (isUnknown(value)) return "?";
  if (data instanceof Numeric) return tenDigits(data);
  if (typeof data === "boolean") return data ? "T" : "F";
  if (typeof data === "string") return JSON.stringify(data);
  if (data instanceof Map && type.kind === "map") {
    return `{${[...data].map(([key, item]) => `${JSON.stringify(key)}:${nestedKey(item)};`).join("")}}`;
  }
  const inner = itemsOf(value)
    .map((item) => `${nestedKey(item)};`)
    .join("");
  return type.kind === "list" || type.kind === "set" ? `[${inner}]` : `<${inner}>`;
}

function tenDigits(number: Numeric): string {
  const rounded = number.toSignificantDigits(10);
  if (rounded.isZero()) return "0";
  const exponent = rounded.e;
  if (exponent >= -4 && exponent < 10) return rounded.toFixed();
  const [digits = ""] = rounded.toExponential().split("e");
  return `${digits}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}
