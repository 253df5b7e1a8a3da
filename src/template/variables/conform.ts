import { applyDefaults } from "../../hcl/evaluation/apply-defaults.ts";
import type { TypeSpecification } from "../../hcl/evaluation/type-expression.ts";
import { type ConversionFault, convert } from "../../hcl/values/convert.ts";
import type { Value } from "../../hcl/values/value.ts";

/** The value as a variable of this type has it: the defaults of `optional()` first, then the conversion. */
export function conform(value: Value, { type, defaults }: TypeSpecification): Value | ConversionFault {
  return convert(applyDefaults(value, defaults), type);
}
