import { Diagnostics } from "../source/diagnostic.ts";
import type { Source } from "../source/source.ts";
import { parseExpression } from "./parse.ts";
import type { Expression } from "./tree.ts";
import { type Traversal, traversalOf } from "./variables-of.ts";

/**
 * An expression read as a reference and not evaluated: `source.docker.base`, a bare word, or, in a JSON template, the
 * string that holds one. Undefined where it is anything else.
 */
export function absoluteTraversal(expression: Expression): Traversal | undefined {
  if (expression.kind === "json-string") return traversalOfText(expression.text, expression.range.source);
  if (expression.kind === "bool" || expression.kind === "null") {
    const root = expression.kind === "null" ? "null" : String(expression.value);
    return { root, rootRange: expression.range, steps: [], range: expression.range };
  }
  return traversalOf(expression);
}

/** The one bare word that an expression is (`string`, `any`); undefined where it is anything else. */
export function keyword(expression: Expression): string | undefined {
  const traversal = absoluteTraversal(expression);
  return traversal && traversal.steps.length === 0 ? traversal.root : undefined;
}

function traversalOfText(text: string, source: Source): Traversal | undefined {
  const diagnostics = new Diagnostics();
  const name = source.name;
  const traversal = traversalOf(parseExpression({ name, text }, diagnostics));
  return diagnostics.hasErrors ? undefined : traversal;
}
