import {
  boolValue,
  itemsOf,
  Numeric,
  numberValue,
  objectValue,
  stringValue,
  tupleValue,
  type Value,
  withMarks,
} from "../../hcl/values/value.ts";
import type { AttributeForm } from "../field.ts";
import { parseInteger } from "../go-template/go-number.ts";

// What Packer's decoder of configuration values takes for what: its weak typing (packer/mapstructure), with its hooks
// for lists and durations written as text. What is not loosened here is left to HCL's own conversion, and its faults.

/** The value as near to the form as loose typing brings it. */
export function loosened(value: Value, form: Extract<AttributeForm, string>): Value {
  const { data } = value;
  if (form === "text" && typeof data === "boolean") return withMarks(stringValue(data ? "1" : "0"), value.marks);
  if (form === "duration" && data instanceof Numeric)
    return withMarks(stringValue(`${data.toFixed(0)}ns`), value.marks);
  if (form === "boolean") return withMarks(looseBoolean(value), value.marks);
  if (form === "number" || form === "integer") return withMarks(looseNumber(value), value.marks);
  return value;
}

/** A list of what is no list: "a,b" is two items, nothing is none, anything else is the one item. */
export function looseItems(value: Value): Value {
  const { data } = value;
  if (Array.isArray(data)) return value;
  if (typeof data === "string") {
    const parts = data === "" ? [] : data.split(",").map((part) => stringValue(part));
    return withMarks(tupleValue(parts), value.marks);
  }
  if (data instanceof Map && data.size === 0) return withMarks(tupleValue([]), value.marks);
  return tupleValue([value]);
}

/** A list of maps is one map, later ones winning. */
export function looseMap(value: Value): Value {
  if (!Array.isArray(value.data) || !itemsOf(value).every((item) => item.data instanceof Map)) return value;
  const entries = itemsOf(value).flatMap((item) => [...(item.data as ReadonlyMap<string, Value>)]);
  return withMarks(objectValue(new Map(entries)), value.marks);
}

const TRUTHS: ReadonlyMap<string, boolean> = new Map([
  ...["1", "t", "T", "TRUE", "true", "True"].map((text) => [text, true] as const),
  ...["0", "f", "F", "FALSE", "false", "False"].map((text) => [text, false] as const),
]);

function looseBoolean(value: Value): Value {
  const { data } = value;
  if (data instanceof Numeric) return boolValue(!data.isZero());
  const truth = typeof data === "string" ? TRUTHS.get(data) : undefined;
  return truth === undefined ? value : boolValue(truth);
}

function looseNumber(value: Value): Value {
  const { data } = value;
  if (typeof data === "boolean") return numberValue(data ? 1 : 0);
  if (typeof data !== "string") return value;
  // Also with a prefix, as Go reads integers: 0x1f, 017.
  const integer = parseInteger(data);
  return integer === undefined ? value : numberValue(integer);
}
