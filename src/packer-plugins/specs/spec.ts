import { ANY, listOf, mapOf, objectOf, setOf, type Type, tupleOf } from "../../hcl/values/type.ts";
import type { Value } from "../../hcl/values/value.ts";

/** What a plugin says of its configuration: the specs of HCL's decoder, as data. */
export type Spec =
  | ObjectSpec
  | { readonly kind: "attribute"; readonly name: string; readonly type: Type; readonly required: boolean }
  | { readonly kind: "block"; readonly name: string; readonly nested: Spec; readonly required: boolean }
  | {
      readonly kind: "blocks";
      readonly name: string;
      readonly nested: Spec;
      readonly as: "list" | "set" | "tuple";
      /** 0: any number. */
      readonly least: number;
      readonly most: number;
    }
  | {
      readonly kind: "labelled";
      readonly name: string;
      readonly labels: readonly string[];
      readonly nested: Spec;
      readonly as: "map" | "object";
    }
  | { readonly kind: "any-attributes"; readonly name: string; readonly element: Type; readonly required: boolean }
  | { readonly kind: "default"; readonly primary: Spec; readonly otherwise: Spec }
  | { readonly kind: "literal"; readonly value: Value };

/** By the names that the attributes of the value have; a spec inside has its own name in the template. */
export interface ObjectSpec {
  readonly kind: "object";
  readonly attributes: ReadonlyMap<string, Spec>;
}

/** The type of the values that the spec makes. */
export function typeOfSpec(spec: Spec): Type {
  switch (spec.kind) {
    case "object":
      return objectOf(new Map([...spec.attributes].map(([name, each]) => [name, typeOfSpec(each)])));
    case "attribute":
      return spec.type;
    case "block":
      return typeOfSpec(spec.nested);
    case "blocks": {
      const element = typeOfSpec(spec.nested);
      if (spec.as === "tuple") return tupleOf([]);
      return spec.as === "set" ? setOf(element) : listOf(element);
    }
    case "labelled":
      return spec.as === "object" ? ANY : spec.labels.reduce<Type>((inner) => mapOf(inner), typeOfSpec(spec.nested));
    case "any-attributes":
      return mapOf(spec.element);
    case "default":
      return typeOfSpec(spec.primary);
    case "literal":
      return spec.value.type;
  }
}
