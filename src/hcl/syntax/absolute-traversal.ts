import { staticExpression } from "./static-expression.ts";
import type { Expression } from "./tree.ts";
import { type Traversal, traversalOf } from "./variables-of.ts";

/**
 * An expression read as a reference and not evaluated: `source.docker.base`, a bare word, or, in a JSON template, the
 * string that holds one. Undefined where it is anything else.
 */
export function absoluteTraversal(expression: Expression): Traversal | undefined {
  const written = staticExpression(expression);
  if (written.kind !== "bool" && written.kind !== "null") return traversalOf(written);
  const root = written.kind === "null" ? "null" : String(written.value);
  return { root, rootRange: written.range, steps: [], range: written.range };
}

/** The one bare word that an expression is (`string`, `any`); undefined where it is anything else. */
export function keyword(expression: Expression): string | undefined {
  const traversal = absoluteTraversal(expression);
  return traversal && traversal.steps.length === 0 ? traversal.root : undefined;
}
