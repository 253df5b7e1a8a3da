import { jsonString } from "../../hcl/values/json-text.ts";
import { numberText } from "../../hcl/values/number-text.ts";
import type { Type } from "../../hcl/values/type.ts";
import { isUnknown, itemsOf, Numeric, type Value } from "../../hcl/values/value.ts";

/**
 * A value with its type, as plugins read their configuration: JSON `{"value":…,"type":…}`. Numbers keep all digits.
 * Marks are dropped. What is unknown is sent as the placeholder that Packer sends: "<unknown>", 0, false, or empty.
 */
export function ctyJson(value: Value): string {
  return `{"value":${valueJson(value)},"type":${typeJson(value.type)}}`;
}

export function typeJson(type: Type): string {
  switch (type.kind) {
    case "any":
      return '"dynamic"';
    case "list":
    case "set":
    case "map":
      return `["${type.kind}",${typeJson(type.element)}]`;
    case "tuple":
      return `["tuple",[${type.elements.map(typeJson).join(",")}]]`;
    case "object": {
      const attributes = [...type.attributes].sort(([a], [b]) => (a < b ? -1 : 1));
      return `["object",{${attributes.map(([name, each]) => `${jsonString(name)}:${typeJson(each)}`).join(",")}}]`;
    }
    default:
      return `"${type.kind}"`;
  }
}

/** By the type that the place has: a place of no fixed type says what it holds. */
function valueJson(value: Value, place: Type = value.type): string {
  const { data, type } = value;
  if (data === null) return "null";
  if (place.kind === "any") return type.kind === "any" ? "null" : ctyJson(value);
  if (isUnknown(value)) return placeholder(place);
  if (typeof data === "string") return jsonString(data);
  if (typeof data === "boolean") return String(data);
  if (data instanceof Numeric) return numberText(data);
  if (data instanceof Map) {
    const entries = [...data].map(([key, item]) => `${jsonString(key)}:${valueJson(item, placeWithin(place, key))}`);
    return `{${entries.join(",")}}`;
  }
  return `[${itemsOf(value)
    .map((item, index) => valueJson(item, placeWithin(place, index)))
    .join(",")}]`;
}

function placeWithin(place: Type, at: string | number): Type | undefined {
  if (place.kind === "tuple") return place.elements[Number(at)];
  if (place.kind === "object") return place.attributes.get(String(at));
  return "element" in place ? place.element : undefined;
}

function placeholder(type: Type): string {
  switch (type.kind) {
    case "string":
      return '"<unknown>"';
    case "number":
      return "0";
    case "bool":
      return "false";
    case "map":
      return "{}";
    case "object": {
      const attributes = [...type.attributes].map(([name, each]) => `${jsonString(name)}:${placeholder(each)}`);
      return `{${attributes.join(",")}}`;
    }
    case "tuple":
      return `[${type.elements.map(placeholder).join(",")}]`;
    default:
      return type.kind === "any" ? "null" : "[]";
  }
}
