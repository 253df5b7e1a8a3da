import { evaluate } from "../../hcl/evaluation/evaluate.ts";
import type { Scope } from "../../hcl/evaluation/scope.ts";
import type { Diagnostics } from "../../hcl/source/diagnostic.ts";
import { ConversionFault, convert } from "../../hcl/values/convert.ts";
import { BOOL } from "../../hcl/values/type.ts";
import { isUnknown, objectValue, withoutMarks } from "../../hcl/values/value.ts";
import { isFaulty } from "../evaluation/faulty.ts";
import { placeText } from "../structure/place-text.ts";
import type { Variable, VariableValidation } from "./variable.ts";

/** Checks each variable's value against its `validation` blocks. `root`: functions, `path` and `packer`. */
export function validateVariables(variables: Iterable<Variable>, root: Scope, diagnostics: Diagnostics): void {
  for (const variable of variables) {
    if (variable.declaration.validations.length === 0 || isFaulty(variable.value)) continue;
    const self = objectValue([[variable.declaration.name, variable.value]]);
    const scope: Scope = { variables: new Map([["var", self]]), functions: root.functions, parent: root };
    for (const validation of variable.declaration.validations) checkRule(variable, validation, scope, diagnostics);
  }
}

function checkRule(variable: Variable, validation: VariableValidation, scope: Scope, diagnostics: Diagnostics): void {
  const before = diagnostics.all.length;
  const result = withoutMarks(evaluate(validation.condition, scope, diagnostics));
  if (diagnostics.all.length > before || isUnknown(result)) return;
  const holds = convert(result, BOOL);
  if (holds instanceof ConversionFault || holds.data === null) {
    diagnostics.error({
      code: "invalid-validation-result",
      summary: "Invalid variable validation result",
      detail:
        holds instanceof ConversionFault
          ? `The condition must give true or false: ${holds.message}.`
          : "The condition must give true or false, but it gives null.",
      subject: validation.range,
    });
    return;
  }
  if (holds.data === true) return;
  diagnostics.error({
    code: "validation-failed",
    summary: `Invalid value for ${variable.origin ?? "default"} variable`,
    detail: `${validation.errorMessage} This is the rule for variable "${variable.declaration.name}" ${placeText(validation.range)}.`,
    subject: variable.place ?? variable.declaration.header,
  });
}
