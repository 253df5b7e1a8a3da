import type { HclFunction, Parameter, UnevaluatedCall } from "../../evaluation/scope.ts";
import { ANY } from "../../values/type.ts";
import type { Value } from "../../values/value.ts";

/** A parameter that takes everything as it is. */
export const VALUE: Parameter = { name: "value", type: ANY, allowNull: true, allowUnknown: true, allowMarked: true };

/** A function that gets its arguments unevaluated. */
export function unevaluated(
  declaration: { name: string; doc: string; parameters?: readonly string[]; variadic?: string },
  evaluate: (call: UnevaluatedCall) => Value,
): HclFunction {
  return {
    name: declaration.name,
    doc: declaration.doc,
    parameters: (declaration.parameters ?? []).map((name) => ({ ...VALUE, name })),
    variadic: declaration.variadic === undefined ? undefined : { ...VALUE, name: declaration.variadic },
    resultType: () => ANY,
    call() {
      throw new Error(`${declaration.name} must be called with unevaluated arguments`);
    },
    evaluate,
  };
}
