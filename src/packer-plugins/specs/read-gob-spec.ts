import { BOOL, listOf, mapOf, NUMBER, objectOf, STRING, setOf, type Type, tupleOf } from "../../hcl/values/type.ts";
import { GobFault } from "../gob/gob-bytes.ts";
import { type GobValue, readGob } from "../gob/read-gob.ts";
import type { ObjectSpec, Spec } from "./spec.ts";

/** A spec as a plugin sends it in gob. Throws GobFault for what is none, and for kinds that plugins do not use. */
export function readGobSpec(bytes: Uint8Array): ObjectSpec {
  return objectSpecOf(readGob(bytes));
}

function objectSpecOf(value: GobValue): ObjectSpec {
  if (!(value instanceof Map)) throw new GobFault("a spec that is no object");
  const attributes = [...value].map(([name, each]): [string, Spec] => [textOf(name), specOf(each)]);
  return { kind: "object", attributes: new Map(attributes.sort(([a], [b]) => (a < b ? -1 : 1))) };
}

function specOf(given: GobValue | undefined): Spec {
  if (given === undefined || given === null || typeof given !== "object" || !("name" in given)) {
    throw new GobFault("a spec without a kind");
  }
  // Packages may be vendored, so what stands before the last name differs.
  const kind = given.name.split(".").at(-1) ?? "";
  if (kind === "ObjectSpec") return objectSpecOf(given.value);
  const fields = structOf(given.value);
  const name = textOf(fields.TypeName ?? fields.Name);
  const required = fields.Required === true;
  switch (kind) {
    case "AttrSpec":
      return { kind: "attribute", name, type: readGobType(fields.Type), required };
    case "BlockSpec":
      return { kind: "block", name, nested: specOf(fields.Nested), required };
    case "BlockListSpec":
    case "BlockSetSpec":
    case "BlockTupleSpec": {
      const as = kind === "BlockListSpec" ? "list" : kind === "BlockSetSpec" ? "set" : "tuple";
      const [least, most] = [Number(fields.MinItems ?? 0n), Number(fields.MaxItems ?? 0n)];
      return { kind: "blocks", name, nested: specOf(fields.Nested), as, least, most };
    }
    case "BlockMapSpec":
    case "BlockObjectSpec": {
      const labels = itemsOf(fields.LabelNames).map(textOf);
      return {
        kind: "labelled",
        name,
        labels,
        nested: specOf(fields.Nested),
        as: kind === "BlockMapSpec" ? "map" : "object",
      };
    }
    case "BlockAttrsSpec":
      return { kind: "any-attributes", name, element: readGobType(fields.ElementType), required };
    case "DefaultSpec":
      return { kind: "default", primary: specOf(fields.Primary), otherwise: specOf(fields.Default) };
    default:
      throw new GobFault(`a spec of the kind ${kind}, which plugins do not use`);
  }
}

/** A type is a gob stream of its own, in the bytes of one value. */
export function readGobType(bytes: GobValue | undefined): Type {
  if (!(bytes instanceof Uint8Array)) throw new GobFault("a type that is none");
  const inside = structOf(readGob(bytes)).Impl;
  if (typeof inside !== "object" || inside === null || !("name" in inside)) throw new GobFault("a type without a kind");
  const fields = structOf(inside.value);
  const kind = inside.name.split(".").at(-1);
  switch (kind) {
    case "primitiveType": {
      const primitive = { S: STRING, N: NUMBER, B: BOOL }[String.fromCharCode(Number(fields.Kind ?? 0n))];
      if (primitive) return primitive;
      break;
    }
    case "typeList":
      return listOf(readGobType(fields.ElementTypeT));
    case "typeSet":
      return setOf(readGobType(fields.ElementTypeT));
    case "typeMap":
      return mapOf(readGobType(fields.ElementTypeT));
    case "typeTuple":
      return tupleOf(itemsOf(fields.ElemTypes).map(readGobType));
    case "typeObject": {
      const attributes = fields.AttrTypes instanceof Map ? [...fields.AttrTypes] : [];
      return objectOf(new Map(attributes.map(([name, type]) => [textOf(name), readGobType(type)])));
    }
  }
  throw new GobFault(`the type ${kind}`);
}

function structOf(value: GobValue): Readonly<Record<string, GobValue>> {
  if (typeof value === "object" && value !== null && "struct" in value) return value.struct as Record<string, GobValue>;
  throw new GobFault("something else where a struct should be");
}

function itemsOf(value: GobValue | undefined): readonly GobValue[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: GobValue | undefined): string {
  return typeof value === "string" ? value : "";
}
