import { Diagnostics } from "../source/diagnostic.ts";
import type { Range } from "../source/source.ts";
import type { Expression } from "../syntax/tree.ts";
import type { Value } from "../values/value.ts";
import { expressionValues } from "./expression-values.ts";
import type { Scope } from "./scope.ts";

/** What every part of the evaluator needs. `evaluate` is in it so that the parts need not import the whole. */
export interface Context {
  /** Undefined where only constants are allowed. */
  readonly scope: Scope | undefined;
  readonly diagnostics: Diagnostics;
  /** The items that the splats around stand for. */
  readonly splatItem: SplatItem | undefined;
  /** Faults are only counted, not told: no values are gathered for them. */
  readonly quiet?: boolean;
  evaluate(expression: Expression, context: Context): Value;
}

export interface SplatItem {
  readonly id: number;
  readonly value: Value;
  readonly outer: SplatItem | undefined;
}

export interface Fault {
  readonly code: string;
  readonly summary: string;
  readonly detail: string;
  readonly subject: Range;
  readonly context?: Range | undefined;
  /** The expressions whose variables are shown with their values. */
  readonly of?: Expression | readonly Expression[] | undefined;
}

/** Reports a fault, with the values of the variables in the faulty expression. */
export function report(fault: Fault, context: Context): void {
  const { of, ...text } = fault;
  const values = of && !context.quiet ? expressionValues([of].flat(), context) : [];
  context.diagnostics.error({ ...text, ...(values.length > 0 && { values }) });
}

/** Evaluates with a list of faults of its own. */
export function evaluateApart(expression: Expression, context: Context): { value: Value; found: Diagnostics } {
  const found = new Diagnostics();
  return { value: context.evaluate(expression, { ...context, diagnostics: found }), found };
}
