import { numberText } from "../../hcl/values/number-text.ts";
import { isUnknown, itemsOf, Numeric, SENSITIVE, type Value } from "../../hcl/values/value.ts";

/**
 * A value as one line of JSON: numbers in full, keys in order; the texts "<sensitive>" and "<unknown>" stand for what
 * must not or cannot be shown.
 */
export function valueJson(value: Value): string {
  if (value.marks.has(SENSITIVE)) return '"<sensitive>"';
  if (isUnknown(value)) return '"<unknown>"';
  const { data } = value;
  if (data === null) return "null";
  if (typeof data === "string") return JSON.stringify(data);
  if (data instanceof Numeric) return numberText(data);
  if (typeof data === "boolean") return String(data);
  if (data instanceof Map) {
    const entries: ReadonlyMap<string, Value> = data;
    return `{${[...entries].map(([key, item]) => `${JSON.stringify(key)}:${valueJson(item)}`).join(",")}}`;
  }
  return `[${itemsOf(value).map(valueJson).join(",")}]`;
}
