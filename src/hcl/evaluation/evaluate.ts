import type { Diagnostics } from "../source/diagnostic.ts";
import type { Expression } from "../syntax/tree.ts";
import { boolValue, NULL, Numeric, numberValue, stringValue, UNKNOWN_VALUE, type Value } from "../values/value.ts";
import { callFunction } from "./call-function.ts";
import { type Context, report } from "./context.ts";
import { accessAttribute, accessIndex } from "./forms/access.ts";
import { evaluateConditional } from "./forms/evaluate-conditional.ts";
import { evaluateFor } from "./forms/evaluate-for.ts";
import { evaluateObject, evaluateTuple } from "./forms/evaluate-literal.ts";
import { evaluateBinary, evaluateUnary } from "./forms/evaluate-operation.ts";
import { evaluateSplat, splatItem } from "./forms/evaluate-splat.ts";
import { evaluateTemplate } from "./forms/evaluate-template.ts";
import { evaluateVariable } from "./forms/evaluate-variable.ts";
import type { Scope } from "./scope.ts";

/**
 * The value of an expression in a scope. Faults go to the diagnostics; what is faulty is an unknown value, so that one
 * fault does not cause others. Never throws for anything that a template can hold.
 */
export function evaluate(expression: Expression, scope: Scope | undefined, diagnostics: Diagnostics): Value {
  try {
    return valueIn(expression, { scope, diagnostics, splatItem: undefined, evaluate: valueIn });
  } catch (error) {
    if (!(error instanceof RangeError && error.message.includes("call stack"))) throw error;
    diagnostics.error({
      code: "expression-too-deep",
      summary: "Expression is nested too deeply",
      detail: "The parts of this expression, or of a value in it, lie inside each other too deeply to be evaluated.",
      subject: expression.range,
    });
    return UNKNOWN_VALUE;
  }
}

/** The value of an expression where no variable and no function may be used. A string of HCL JSON is plain text here. */
export function evaluateConstant(expression: Expression, diagnostics: Diagnostics): Value {
  return evaluate(expression, undefined, diagnostics);
}

function valueIn(expression: Expression, context: Context): Value {
  switch (expression.kind) {
    case "number":
      return numberLiteral(expression, context);
    case "bool":
      return boolValue(expression.value);
    case "null":
      return NULL;
    case "template":
      return evaluateTemplate(expression, context);
    case "json-string":
      if (!context.scope) return stringValue(expression.text);
      context.diagnostics.append(expression.faults ?? []);
      return expression.faults ? UNKNOWN_VALUE : valueIn(expression.template, context);
    case "parentheses":
      return valueIn(expression.inner, context);
    case "variable":
      return evaluateVariable(expression, context);
    case "attribute-access":
      return accessAttribute(expression, context);
    case "legacy-index":
    case "index":
      return accessIndex(expression, context);
    case "splat":
      return evaluateSplat(expression, context);
    case "splat-item":
      return splatItem(expression.id, context);
    case "unary":
      return evaluateUnary(expression, context);
    case "binary":
      return evaluateBinary(expression, context);
    case "conditional":
      return evaluateConditional(expression, context);
    case "call":
      return callFunction(expression, context);
    case "tuple":
      return evaluateTuple(expression, context);
    case "object":
      return evaluateObject(expression, context);
    case "for":
      return evaluateFor(expression, context);
    case "fault":
      return UNKNOWN_VALUE;
  }
}

function numberLiteral(expression: Extract<Expression, { kind: "number" }>, context: Context): Value {
  const number = new Numeric(expression.text);
  if (number.isFinite()) return numberValue(number);
  report(
    {
      code: "number-too-large",
      summary: "Invalid number literal",
      detail: "This number is too large: numbers may have up to 100000 digits.",
      subject: expression.range,
    },
    context,
  );
  return UNKNOWN_VALUE;
}
