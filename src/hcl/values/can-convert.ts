import { isPrimitive, sameType, type Type } from "./type.ts";
import { unify } from "./unify.ts";

/**
 * Whether some value of one type can become the other: it may still fail for a certain value ("x" is no number, a map
 * lacks a key). Anything converts to `any` and from it.
 */
export function canConvert(from: Type, to: Type): boolean {
  if (to.kind === "any" || from.kind === "any") return true;
  if (isPrimitive(from))
    return isPrimitive(to) && (from.kind === to.kind || from.kind === "string" || to.kind === "string");
  switch (to.kind) {
    case "list":
    case "set":
      if (from.kind === "list" || from.kind === "set") return canConvert(from.element, to.element);
      return from.kind === "tuple" && canCollect(from.elements, to.element);
    case "map":
      if (from.kind === "map") return canConvert(from.element, to.element);
      return from.kind === "object" && canCollect([...from.attributes.values()], to.element, true);
    case "tuple":
      return (
        from.kind === "tuple" &&
        from.elements.length === to.elements.length &&
        from.elements.every((element, index) => {
          const wanted = to.elements[index];
          return wanted !== undefined && canConvert(element, wanted);
        })
      );
    case "object":
      if (from.kind !== "object" && from.kind !== "map") return false;
      return to.attributes.entries().every(([name, wanted]) => {
        const optional = to.optional?.has(name) ?? false;
        if (from.kind === "map") return optional || canConvert(from.element, wanted);
        const given = from.attributes.get(name);
        return given ? sameType(given, wanted) || canConvert(given, wanted) : optional;
      });
    default:
      return false;
  }
}

/** Whether items of these types can become items of one collection. Only maps may mix in items of unknown types. */
function canCollect(items: readonly Type[], element: Type, mixed = false): boolean {
  if (items.length === 0) return true;
  if (element.kind !== "any") return items.every((item) => canConvert(item, element));
  const unified = unify(items);
  return unified !== undefined && (mixed || unified.kind !== "any" || items.every((item) => item.kind === "any"));
}
