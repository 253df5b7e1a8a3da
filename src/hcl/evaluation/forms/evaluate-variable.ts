import type { Expression } from "../../syntax/tree.ts";
import { UNKNOWN_VALUE, type Value } from "../../values/value.ts";
import { type Context, report } from "../context.ts";
import { nearestName } from "../nearest-name.ts";
import { findVariable, variableNames } from "../scope.ts";

/** The value of a name, looked up from the innermost scope outwards. */
export function evaluateVariable(expression: Extract<Expression, { kind: "variable" }>, context: Context): Value {
  const found = findVariable(context.scope, expression.name);
  if (found) return found;
  const names = variableNames(context.scope);
  if (names.length === 0 && !context.scope?.takesVariables) {
    report(
      {
        code: "variables-not-allowed",
        summary: "Variables not allowed",
        detail: "Only a constant value can stand here, so no variable can be used.",
        subject: expression.range,
      },
      context,
    );
  } else {
    report(
      {
        code: "unknown-variable",
        summary: "Unknown variable",
        detail: `There is no variable named "${expression.name}" here. ${whatInstead(expression.name, names, context)}`,
        subject: expression.range,
      },
      context,
    );
  }
  return UNKNOWN_VALUE;
}

/** A near name; or the collection that has this very name (`var.x` for `x`); or what there is at all. */
function whatInstead(name: string, names: readonly string[], context: Context): string {
  const holders = names.filter((holder) => {
    const data = findVariable(context.scope, holder)?.data;
    return data instanceof Map && data.has(name);
  });
  if (holders.length > 0) return `Did you mean ${holders.map((holder) => `"${holder}.${name}"`).join(" or ")}?`;
  const near = nearestName(name, names);
  if (near !== undefined) return `Did you mean "${near}"?`;
  return names.length === 0 ? "There are none." : `What can be used here: ${[...names].sort().join(", ")}.`;
}
