import { Diagnostics } from "../source/diagnostic.ts";
import { parseExpression } from "./parse.ts";
import type { Expression } from "./tree.ts";

/**
 * An expression for a place where the written form counts and nothing is evaluated: a type, a reference, a call. In a
 * JSON template such a thing is written as a string, which is read here; a `fault` where the string holds no expression.
 */
export function staticExpression(expression: Expression): Expression {
  if (expression.kind !== "json-string") return expression;
  const { source } = expression.range;
  const diagnostics = new Diagnostics();
  const parsed = parseExpression({ name: source.name, text: expression.text }, diagnostics);
  // Its ranges lie in a text of its own: what is wrong with it is shown at the whole string.
  return diagnostics.hasErrors ? { kind: "fault", range: expression.range } : atOnePlace(parsed, expression.range);
}

function atOnePlace(parsed: Expression, range: Expression["range"]): Expression {
  const move = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(move);
    if (typeof node !== "object" || node === null) return node;
    if ("source" in node && "start" in node) return range;
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, move(value)]));
  };
  return move(parsed) as Expression; // the same tree at another place
}
