import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { HclFunction, Scope } from "../../src/hcl/evaluation/scope.ts";
import { makeSet } from "../../src/hcl/values/make-set.ts";
import { ANY, listOf, mapOf, objectOf, setOf, type Type, tupleOf } from "../../src/hcl/values/type.ts";
import {
  boolValue,
  listValue,
  mapValue,
  NULL,
  nullOf,
  numberValue,
  objectValue,
  sensitive,
  stringValue,
  tupleValue,
  unknownOf,
  type Value,
} from "../../src/hcl/values/value.ts";

/** A type as the reference writes it in JSON. */
type TypeJson =
  | "string"
  | "number"
  | "bool"
  | "dynamic"
  | readonly [string, TypeJson | TypeJson[] | Record<string, TypeJson>];

interface VariableJson {
  readonly type: TypeJson;
  readonly value?: unknown;
  readonly unknown?: boolean;
  readonly sensitive?: boolean;
}

/** The variables of scope.json, which the reference was given too. */
export function readScope(functions: ReadonlyMap<string, HclFunction>): Scope {
  const written: Record<string, VariableJson> = JSON.parse(
    readFileSync(join(import.meta.dirname, "scope.json"), "utf8"),
  );
  const variables = new Map(Object.entries(written).map(([name, each]) => [name, variableOf(each)]));
  return { variables, functions };
}

function variableOf({ type, value, unknown, sensitive: secret }: VariableJson): Value {
  const read = unknown ? unknownOf(typeOf(type)) : valueFrom(value, typeOf(type));
  return secret ? sensitive(read) : read;
}

function typeOf(json: TypeJson): Type {
  if (json === "dynamic") return ANY;
  if (typeof json === "string") return { kind: json };
  const [kind, inner] = json;
  if (kind === "object") {
    return objectOf(new Map(Object.entries(inner as Record<string, TypeJson>).map(([k, t]) => [k, typeOf(t)])));
  }
  if (kind === "tuple") return tupleOf((inner as TypeJson[]).map(typeOf));
  const element = typeOf(inner as TypeJson);
  return kind === "list" ? listOf(element) : kind === "set" ? setOf(element) : mapOf(element);
}

function valueFrom(json: unknown, type: Type): Value {
  if (type.kind === "any") return NULL;
  if (json === null) return nullOf(type);
  switch (type.kind) {
    case "string":
      return stringValue(String(json));
    case "number":
      return numberValue(String(json));
    case "bool":
      return boolValue(json === true);
    case "map":
      return mapValue(
        type.element,
        entriesOf(json).map(([key, item]) => [key, valueFrom(item, type.element)] as const),
      );
    case "object":
      return objectValue(
        entriesOf(json).map(([key, item]) => [key, valueFrom(item, type.attributes.get(key) ?? ANY)] as const),
      );
    case "tuple":
      return tupleValue((json as unknown[]).map((item, index) => valueFrom(item, type.elements[index] ?? ANY)));
    default: {
      const items = (json as unknown[]).map((item) => valueFrom(item, type.element));
      return type.kind === "list" ? listValue(type.element, items) : makeSet(type.element, items);
    }
  }
}

function entriesOf(json: unknown): [string, unknown][] {
  return Object.entries(json as Record<string, unknown>);
}
