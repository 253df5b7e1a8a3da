import type { TypeSpecification } from "../../hcl/evaluation/type-expression.ts";
import type { Range } from "../../hcl/source/source.ts";
import type { Expression } from "../../hcl/syntax/tree.ts";
import type { Value } from "../../hcl/values/value.ts";

/** An input variable as the template declares it. */
export interface VariableDeclaration {
  readonly name: string;
  readonly nameRange: Range;
  /** `variable "name"`, or the attribute in a `variables` block. */
  readonly header: Range;
  /** As declared, or that of the default; `any` where neither tells. */
  readonly constraint: TypeSpecification;
  readonly default?: Value | undefined;
  readonly defaultRange?: Range | undefined;
  readonly description?: string | undefined;
  readonly sensitive: boolean;
  readonly validations: readonly VariableValidation[];
}

export interface VariableValidation {
  readonly condition: Expression;
  readonly errorMessage: string;
  readonly range: Range;
}

/** Where a variable's value came from, in the words of Packer's messages. */
export type VariableOrigin = "default" | "env" | "varfile" | "cmd";

/** A variable and the value that won. */
export interface Variable {
  readonly declaration: VariableDeclaration;
  /** Unknown where there is none; marked where the variable is sensitive. */
  readonly value: Value;
  /** undefined: it has no value. */
  readonly origin: VariableOrigin | undefined;
  /** Where the value is written; absent for secrets, so that no message quotes them. */
  readonly place?: Range | undefined;
}
