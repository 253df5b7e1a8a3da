import type { Type } from "./type.ts";

/** The type as it is written in a template: `list(string)`, `object({ name = string, size = optional(number) })`. */
export function typeText(type: Type): string {
  switch (type.kind) {
    case "list":
    case "set":
    case "map":
      return `${type.kind}(${typeText(type.element)})`;
    case "tuple":
      return `tuple([${type.elements.map(typeText).join(", ")}])`;
    case "object": {
      if (type.attributes.size === 0) return "object({})";
      const attributes = [...type.attributes].map(([name, attribute]) => {
        const text = typeText(attribute);
        return `${attributeName(name)} = ${type.optional?.has(name) ? `optional(${text})` : text}`;
      });
      return `object({ ${attributes.join(", ")} })`;
    }
    default:
      return type.kind;
  }
}

/** Values can have attributes whose names are no identifiers. */
function attributeName(name: string): string {
  return /^[\p{ID_Start}_][\p{ID_Continue}-]*$/u.test(name) ? name : JSON.stringify(name);
}

/** The type in words, for messages: "list of string", "object", "any type". */
export function typeName(type: Type): string {
  switch (type.kind) {
    case "any":
      return "any type";
    case "list":
    case "set":
    case "map":
      return type.element.kind === "any"
        ? `${type.kind} of any single type`
        : `${type.kind} of ${typeName(type.element)}`;
    default:
      return type.kind;
  }
}

/** The type in words behind an article: "a list of string", "an object". */
export function aTypeName(type: Type): string {
  const name = typeName(type);
  if (type.kind === "any") return name;
  return `${type.kind === "object" ? "an" : "a"} ${name}`;
}
