import { compareCodePoints } from "../../../hcl/values/value.ts";

/** JSON with objects whose order of keys is kept, whatever the keys are. */
export type GoJson = null | boolean | number | string | readonly GoJson[] | ReadonlyMap<string, GoJson>;

/** As Go writes JSON with an indent of two: `<`, `>` and `&` escaped, nothing at the end. */
export function goJson(value: GoJson, indent = ""): string {
  if (typeof value === "string") return quoted(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  const items =
    value instanceof Map
      ? [...value].map(([key, item]) => `${quoted(key)}: ${goJson(item, inner)}`)
      : isList(value)
        ? value.map((item) => goJson(item, inner))
        : [];
  const [open, close] = value instanceof Map ? ["{", "}"] : ["[", "]"];
  if (items.length === 0) return open + close;
  return `${open}\n${inner}${items.join(`,\n${inner}`)}\n${indent}${close}`;
}

/** What `JSON.parse` gave, with the keys of every object sorted as Go sorts those of a map. */
export function fromParsed(value: unknown): GoJson {
  if (Array.isArray(value)) return value.map(fromParsed);
  if (typeof value === "object" && value !== null) return sortedMap(Object.entries(value));
  return typeof value === "boolean" || typeof value === "number" || typeof value === "string" ? value : null;
}

export function sortedMap(entries: readonly (readonly [string, unknown])[]): ReadonlyMap<string, GoJson> {
  const sorted = [...entries].sort(([a], [b]) => compareCodePoints(a, b));
  return new Map(sorted.map(([key, item]) => [key, fromParsed(item)]));
}

function isList(value: object): value is readonly GoJson[] {
  return Array.isArray(value);
}

function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[<>&\u2028\u2029]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
