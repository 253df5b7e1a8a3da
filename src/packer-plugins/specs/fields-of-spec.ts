import { mapOf } from "../../hcl/values/type.ts";
import { Failure } from "../../sdk/failure.ts";
import type { Field, Fields } from "../../spec/field.ts";
import type { ObjectSpec, Spec } from "./spec.ts";

/**
 * A plugin's spec as the declaration of our components' options. Attributes decode to values of the language, whole:
 * what is written reaches the plugin as it is, templates (`{{ … }}`) too, which the plugin renders itself.
 * Throws a Failure for blocks with labels: no plugin is known to have them.
 */
export function fieldsOfSpec(spec: ObjectSpec): Fields {
  return Object.fromEntries([...spec.attributes.values()].flatMap(fieldsOf));
}

function fieldsOf(spec: Spec): (readonly [string, Field])[] {
  const plain = { doc: "", templating: "later" } as const;
  switch (spec.kind) {
    case "attribute": {
      const { name, type, required } = spec;
      return [[name, { ...plain, required, shape: { kind: "attribute", type, as: "value" } }]];
    }
    case "any-attributes": {
      const { name, element, required } = spec;
      return [[name, { ...plain, required, shape: { kind: "attribute", type: mapOf(element), as: "value" } }]];
    }
    case "block": {
      const { name, nested, required } = spec;
      return [[name, { ...plain, required, shape: { kind: "block", fields: fieldsIn(nested) } }]];
    }
    case "blocks": {
      const { name, nested, least, most } = spec;
      const bounds = { ...(least > 0 && { least }), ...(most > 0 && { most }) };
      const shape = { kind: "blocks", fields: fieldsIn(nested), ...bounds } as const;
      return [[name, { ...plain, required: least > 0, default: [], shape }]];
    }
    case "default":
      return fieldsOf(spec.primary).map(([name, field]) => [name, { ...field, required: false }]);
    case "literal":
      return [];
    case "object":
      return [...spec.attributes.values()].flatMap(fieldsOf);
    case "labelled":
      throw new Failure(`Its block "${spec.name}" has labels, which are not supported in plugins`);
  }
}

function fieldsIn(nested: Spec): Fields {
  return Object.fromEntries(fieldsOf(nested));
}
