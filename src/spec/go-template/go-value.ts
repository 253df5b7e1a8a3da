/**
 * A value inside a template: text, boolean, integer (bigint), float (number), nil, a list, or a map. undefined is "no
 * value": a missing key. Data that is given in may have whole `number`s: they count as integers.
 */
export type GoValue =
  | string
  | boolean
  | bigint
  | number
  | null
  | undefined
  | readonly GoValue[]
  | { readonly [key: string]: GoValue };

export type GoMap = { readonly [key: string]: GoValue };

/** What stands in given data, as a value: whole numbers become integers. */
export function fromData(data: GoValue): GoValue {
  return typeof data === "number" && Number.isInteger(data) ? BigInt(data) : data;
}

export function isList(value: GoValue): value is readonly GoValue[] {
  return Array.isArray(value);
}

export function isMap(value: GoValue): value is GoMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value of a key of the map itself; undefined where there is none. */
export function keyOf(map: GoMap, key: string): GoValue {
  return Object.hasOwn(map, key) ? fromData(map[key]) : undefined;
}

/** Keys in Go's order of printing and iterating. */
export function sortedKeys(map: GoMap): string[] {
  return Object.keys(map)
    .filter((key) => map[key] !== undefined)
    .sort();
}

/** Whether `if` takes it for true: not the zero of its type, not empty. */
export function isTrue(value: GoValue): boolean {
  if (isList(value)) return value.length > 0;
  if (isMap(value)) return sortedKeys(value).length > 0;
  return Boolean(value);
}

export function typeName(value: GoValue): string {
  if (value === null || value === undefined) return "nil";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "bigint") return "int";
  if (typeof value === "number") return "float64";
  if (typeof value === "string") return "string";
  return isList(value) ? "[]interface {}" : "map[string]interface {}";
}
