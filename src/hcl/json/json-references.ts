import { type Traversal, variablesOf } from "../syntax/variables-of.ts";
import { jsonExpression } from "./json-expression.ts";
import { type JsonNode, type JsonObject, memberOf } from "./json-tree.ts";

/** What the strings in a JSON value refer to, however deep; in the content of a `dynamic` block its iterator is bound. */
export function jsonReferences(node: JsonNode): Traversal[] {
  const found: Traversal[] = [];
  visit(node, new Set(), found);
  return found;
}

function visit(node: JsonNode, bound: ReadonlySet<string>, found: Traversal[]): void {
  if (node.kind === "array") for (const item of node.items) visit(item, bound, found);
  else if (node.kind === "string") {
    found.push(...variablesOf(jsonExpression(node)).filter(({ root }) => !bound.has(root)));
  } else if (node.kind === "object") {
    for (const { name, value } of node.members) {
      visit(name, bound, found);
      if (name.text === "dynamic") visitDynamics(value, bound, found);
      else visit(value, bound, found);
    }
  }
}

function visitDynamics(node: JsonNode, bound: ReadonlySet<string>, found: Traversal[]): void {
  if (node.kind === "array") for (const item of node.items) visitDynamics(item, bound, found);
  else if (node.kind !== "object") visit(node, bound, found);
  else {
    for (const { name, value } of node.members) {
      for (const block of value.kind === "array" ? value.items : [value]) {
        if (block.kind === "object") visitDynamic(block, name.text, bound, found);
        else visit(block, bound, found);
      }
    }
  }
}

function visitDynamic(block: JsonObject, type: string, bound: ReadonlySet<string>, found: Traversal[]): void {
  const named = memberOf(block, "iterator")?.value;
  const inner = new Set([...bound, named?.kind === "string" ? named.text : type]);
  for (const { name, value } of block.members) {
    if (name.text !== "iterator") visit(value, name.text === "for_each" ? bound : inner, found);
  }
}
