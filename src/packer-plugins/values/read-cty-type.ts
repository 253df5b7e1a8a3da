import {
  ANY,
  BOOL,
  listOf,
  mapOf,
  NUMBER,
  objectOf,
  STRING,
  setOf,
  type Type,
  tupleOf,
} from "../../hcl/values/type.ts";

/** A type from its JSON (`["list","string"]`), parsed already. Throws an Error for what is none. */
export function readCtyType(json: unknown): Type {
  if (typeof json === "string") {
    const type = { string: STRING, number: NUMBER, bool: BOOL, dynamic: ANY }[json];
    if (type) return type;
  }
  if (Array.isArray(json)) {
    const [kind, inside, optional] = json as readonly unknown[];
    if (kind === "list") return listOf(readCtyType(inside));
    if (kind === "set") return setOf(readCtyType(inside));
    if (kind === "map") return mapOf(readCtyType(inside));
    if (kind === "tuple" && Array.isArray(inside)) return tupleOf(inside.map(readCtyType));
    if (kind === "object" && typeof inside === "object" && inside !== null) {
      const attributes = Object.entries(inside).map(([name, type]) => [name, readCtyType(type)] as const);
      return objectOf(new Map(attributes), Array.isArray(optional) ? optional.map(String) : undefined);
    }
  }
  throw new Error(`not a type: ${JSON.stringify(json)}`);
}
