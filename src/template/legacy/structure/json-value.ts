import type { JsonNode, JsonObject, JsonString } from "../../../hcl/json/json-tree.ts";
import type { Expression } from "../../../hcl/syntax/tree.ts";
import {
  boolValue,
  NULL,
  numberValue,
  objectValue,
  stringValue,
  tupleValue,
  type Value,
} from "../../../hcl/values/value.ts";
import type { ValueLayer } from "../../../spec/decode.ts";

/** The options in an object but for those named, as a component decodes them. Texts are taken as they are. */
export function optionsOf(node: JsonObject, without: readonly string[] = []): ValueLayer {
  const members = node.members.filter(({ name }) => !without.includes(name.text));
  const object: JsonObject = { ...node, members };
  return { value: jsonValue(object), range: node.range, expression: placesOf(object) };
}

export function jsonValue(node: JsonNode): Value {
  switch (node.kind) {
    case "string":
      return stringValue(node.text);
    case "number":
      return numberValue(node.text);
    case "bool":
      return boolValue(node.value);
    case "array":
      return tupleValue(node.items.map(jsonValue));
    case "object":
      return objectValue(node.members.map(({ name, value }) => [name.text, jsonValue(value)] as const));
    default:
      return NULL;
  }
}

/** An expression of the same shape, which only tells where each part of the value is written. */
function placesOf(node: JsonNode): Expression {
  const { range } = node;
  switch (node.kind) {
    case "string":
      return literal(node);
    case "array":
      return { kind: "tuple", items: node.items.map(placesOf), range };
    case "object":
      return {
        kind: "object",
        items: node.members.map(({ name, value }) => ({ key: literal(name), value: placesOf(value) })),
        range,
      };
    default:
      return { kind: "null", range };
  }
}

function literal({ text, range }: JsonString): Expression {
  const template: Expression = { kind: "template", form: "bare", parts: [{ kind: "text", text, range }], range };
  return { kind: "json-string", text, template, range };
}
