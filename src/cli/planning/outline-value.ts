import { toPlain } from "../../hcl/values/plain.ts";
import { isSensitive, isWhollyKnown, type Value } from "../../hcl/values/value.ts";
import type { Json } from "../../sdk/json.ts";
import type { Shown } from "./outline.ts";

/** A value of the language as an outline shows it: whole, or why not. */
export function outlineValue(value: Value, mask: (text: string) => string, knownAfter: readonly string[]): Shown {
  if (isSensitive(value)) return { sensitive: true };
  if (!isWhollyKnown(value)) return { knownAfter };
  return { value: masked((toPlain(value) ?? null) as Json, mask) };
}

function masked(value: Json, mask: (text: string) => string): Json {
  if (typeof value === "string") return mask(value);
  if (Array.isArray(value)) return value.map((item) => masked(item, mask));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, masked(item as Json, mask)]));
}
