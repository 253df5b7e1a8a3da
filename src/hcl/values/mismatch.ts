import { canConvert } from "./can-convert.ts";
import type { Type } from "./type.ts";
import { aTypeName } from "./type-text.ts";

/** A step into a value: the index of an element, the key of a map element, the name of an attribute. */
export type PathStep = number | { readonly key: string } | { readonly attribute: string };

/** `attribute "x": element 2: `, or nothing for an empty path. */
export function pathText(path: readonly PathStep[]): string {
  return path.map((step) => `${stepText(step)}: `).join("");
}

/** Says in words why no value of one type becomes the other: `attribute "x": a number is required, not a list of string`. */
export function whyNotConvertible(from: Type, to: Type): string {
  if (from.kind === "object" && to.kind === "object") return whyNotObject(from, to);
  if (from.kind === "tuple" && to.kind === "tuple") return whyNotTuple(from, to);
  if (to.kind === "list" || to.kind === "set" || to.kind === "map") {
    const why = whyNotCollection(from, to);
    if (why) return why;
  }
  return `${aTypeName(to)} is required, not ${aTypeName(from)}`;
}

function stepText(step: PathStep): string {
  if (typeof step === "number") return `element ${step}`;
  return "key" in step ? `element ${JSON.stringify(step.key)}` : `attribute ${JSON.stringify(step.attribute)}`;
}

type Structural<K> = Extract<Type, { kind: K }>;

function whyNotObject(from: Structural<"object">, to: Structural<"object">): string {
  const missing = [...to.attributes.keys()].filter((name) => !from.attributes.has(name) && !to.optional?.has(name));
  if (missing.length === 1) return `attribute "${missing[0]}" is required`;
  if (missing.length > 1) {
    const names = missing.sort().map((name) => `"${name}"`);
    return `attributes ${names.slice(0, -1).join(", ")} and ${names.at(-1)} are required`;
  }
  for (const [name, wanted] of to.attributes) {
    const given = from.attributes.get(name);
    if (given && !canConvert(given, wanted)) return `attribute "${name}": ${whyNotConvertible(given, wanted)}`;
  }
  return "the attributes do not fit";
}

function whyNotTuple(from: Structural<"tuple">, to: Structural<"tuple">): string {
  if (from.elements.length !== to.elements.length) {
    return `a tuple of ${to.elements.length} elements is required, not of ${from.elements.length}`;
  }
  const index = from.elements.findIndex((element, at) => !canConvert(element, to.elements[at] ?? element));
  const [given, wanted] = [from.elements[index], to.elements[index]];
  return given && wanted ? `element ${index}: ${whyNotConvertible(given, wanted)}` : "the elements do not fit";
}

function whyNotCollection(from: Type, to: Structural<"list" | "set" | "map">): string | undefined {
  if ("element" in from && (from.kind === "map") === (to.kind === "map")) {
    return `the elements of the ${to.kind} have the wrong type: ${whyNotConvertible(from.element, to.element)}`;
  }
  const items = itemTypes(from, to.kind);
  if (!items) return undefined;
  if (to.element.kind === "any") return `all elements of a ${to.kind} must have the same type`;
  const wrong = items.find(([, type]) => !canConvert(type, to.element));
  return wrong && `${stepText(wrong[0])}: ${whyNotConvertible(wrong[1], to.element)}`;
}

function itemTypes(from: Type, wanted: "list" | "set" | "map"): [PathStep, Type][] | undefined {
  if (wanted === "map") {
    return from.kind === "object" ? [...from.attributes].map(([key, type]) => [{ key }, type]) : undefined;
  }
  return from.kind === "tuple" ? from.elements.map((type, index) => [index, type]) : undefined;
}
