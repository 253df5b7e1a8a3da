import { canConvert } from "./can-convert.ts";
import { ANY, isPrimitive, listOf, mapOf, objectOf, sameType, type Type, tupleOf } from "./type.ts";

/**
 * The one type to which all of these can be converted, or undefined if there is none: the most general of them, or one
 * built from them (objects alike in their names attribute by attribute, others as a map; tuples likewise, else as a list).
 */
export function unify(types: readonly Type[]): Type | undefined {
  const distinct = distinctTypes(types);
  const [first] = distinct;
  if (!first || distinct.length === 1) return first;
  const kinds = new Set(distinct.map((type) => type.kind));
  const dynamic = kinds.delete("any");
  if (kinds.size === 1) {
    switch (kinds.values().next().value) {
      case "list":
      case "set":
      case "map":
        return dynamic ? ANY : unifyCollections(distinct);
      case "object":
        return dynamic ? ANY : unifyObjects(distinct);
      case "tuple":
        return dynamic ? ANY : unifyTuples(distinct);
      default:
    }
  }
  const only = (a: Type["kind"], b: Type["kind"]) => kinds.size === 2 && kinds.has(a) && kinds.has(b);
  if (only("map", "object")) {
    const unified = unifyWithout(distinct, "object", unifyAsMap);
    if (unified?.kind === "map") return unified;
  } else if (only("list", "tuple")) {
    const unified = unifyWithout(distinct, "tuple", unifyAsList);
    if (unified?.kind === "list") return unified;
  } else if (kinds.has("object") && kinds.has("tuple")) return undefined;
  return mostGeneral(distinct);
}

function distinctTypes(types: readonly Type[]): Type[] {
  const distinct: Type[] = [];
  for (const type of types) if (!distinct.some((other) => sameType(other, type))) distinct.push(type);
  return distinct;
}

/** The first of the types, the more general ones before, to which all others convert. */
function mostGeneral(types: readonly Type[]): Type | undefined {
  return generalFirst(types).find((wanted) =>
    types.every((type) => sameType(type, wanted) || canConvert(type, wanted)),
  );
}

function generalFirst(types: readonly Type[]): Type[] {
  const above = types.map((type) => types.filter((other) => generality(other, type) > 0).length);
  const waiting = types.map((type, index) => ({ type, above: above[index] ?? 0 }));
  const queue = waiting.filter((item) => item.above === 0);
  for (const item of queue) {
    for (const other of waiting) {
      if (generality(item.type, other.type) > 0 && --other.above === 0) queue.push(other);
    }
  }
  return queue.map((item) => item.type);
}

/** Above 0 where `a` is more general than `b`, below 0 where less, 0 where neither or not comparable. */
function generality(a: Type, b: Type): number {
  if (a.kind === "any" || b.kind === "any") return Number(b.kind === "any") - Number(a.kind === "any");
  if (isPrimitive(a) && isPrimitive(b)) return Number(a.kind === "string") - Number(b.kind === "string");
  if ("element" in a && "element" in b && a.kind === b.kind) return generality(a.element, b.element);
  if (a.kind === "object" && b.kind === "object") return objectGenerality(a, b);
  if (a.kind === "tuple" && b.kind === "tuple") {
    if (a.elements.length !== b.elements.length) return 0;
    return agreed(a.elements.map((element, index) => generality(element, b.elements[index] ?? ANY)));
  }
  return collectionRank(a, b) - collectionRank(b, a);
}

function objectGenerality(a: Extract<Type, { kind: "object" }>, b: Extract<Type, { kind: "object" }>): number {
  if (a.attributes.size !== b.attributes.size) return 0;
  const each: number[] = [];
  for (const [name, type] of a.attributes) {
    const other = b.attributes.get(name);
    if (!other) return 0;
    each.push(generality(type, other));
  }
  return agreed(each);
}

function agreed(each: readonly number[]): number {
  const more = each.some((value) => value > 0);
  const less = each.some((value) => value < 0);
  return more === less ? 0 : more ? 1 : -1;
}

/** 1 where `a` can be made of everything of the kind of `b` but not the other way round. */
function collectionRank(a: Type, b: Type): number {
  if (a.kind === "list") return b.kind === "tuple" || b.kind === "set" ? 1 : 0;
  if (a.kind === "map") return b.kind === "object" ? 1 : 0;
  if (a.kind === "tuple") return b.kind === "set" ? 1 : 0;
  return 0;
}

function unifyCollections(types: readonly Type[]): Type | undefined {
  const [first] = types;
  const element = unify(types.flatMap((type) => ("element" in type ? [type.element] : [])));
  return first && "element" in first && element ? { kind: first.kind, element } : undefined;
}

function unifyObjects(types: readonly Type[]): Type | undefined {
  const objects = types.filter((type) => type.kind === "object");
  const [first] = objects;
  if (!first) return undefined;
  const names = [...first.attributes.keys()];
  const alike = objects.every(
    ({ attributes }) => attributes.size === names.length && names.every((name) => attributes.has(name)),
  );
  if (!alike) return unifyAsMap(objects);
  const attributes = new Map<string, Type>();
  for (const name of names) {
    const type = unify(objects.map((object) => object.attributes.get(name) ?? ANY));
    if (!type) return undefined;
    attributes.set(name, type);
  }
  const unified = objectOf(attributes);
  return types.every((type) => canConvert(type, unified)) ? unified : unifyAsMap(types);
}

function unifyAsMap(types: readonly Type[]): Type | undefined {
  const element = unify(types.flatMap((type) => (type.kind === "object" ? [...type.attributes.values()] : [])));
  if (!element) return undefined;
  const unified = mapOf(element);
  return types.every((type) => canConvert(type, unified)) ? unified : undefined;
}

function unifyTuples(types: readonly Type[]): Type | undefined {
  const tuples = types.filter((type) => type.kind === "tuple");
  const length = tuples[0]?.elements.length ?? 0;
  if (tuples.some((tuple) => tuple.elements.length !== length)) return unifyAsList(tuples);
  const elements: Type[] = [];
  for (let index = 0; index < length; index++) {
    const type = unify(tuples.map((tuple) => tuple.elements[index] ?? ANY));
    if (!type) return undefined;
    elements.push(type);
  }
  const unified = tupleOf(elements);
  return types.every((type) => canConvert(type, unified)) ? unified : unifyAsList(types);
}

function unifyAsList(types: readonly Type[]): Type | undefined {
  const element = unify(types.flatMap((type) => (type.kind === "tuple" ? type.elements : [])));
  if (!element) return undefined;
  const unified = listOf(element);
  return types.every((type) => canConvert(type, unified)) ? unified : undefined;
}

/** Unifies with all types of one kind replaced by the collection that they make together. */
function unifyWithout(
  types: readonly Type[],
  kind: "object" | "tuple",
  collect: (types: readonly Type[]) => Type | undefined,
): Type | undefined {
  const collected = collect(types.filter((type) => type.kind === kind));
  return collected && unify(types.map((type) => (type.kind === kind ? collected : type)));
}
