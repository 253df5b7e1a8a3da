import { evaluate } from "../../hcl/evaluation/evaluate.ts";
import { Diagnostics } from "../../hcl/source/diagnostic.ts";
import { rangeOf, type Source } from "../../hcl/source/source.ts";
import { parseExpression } from "../../hcl/syntax/parse.ts";
import type { Type } from "../../hcl/values/type.ts";
import { typeText } from "../../hcl/values/type-text.ts";
import { stringValue } from "../../hcl/values/value.ts";
import { FAULTY_VALUE } from "../evaluation/faulty.ts";
import type { Assignment } from "./collect-values.ts";
import type { VariableDeclaration, VariableOrigin } from "./variable.ts";

/**
 * The value of a text from the environment or a flag. For variables of type string, number or of no type it is the text
 * itself; for any other type it is an expression, without variables and functions.
 */
export function parseVariableText(
  declaration: VariableDeclaration,
  source: Source,
  origin: VariableOrigin,
  title: string,
  diagnostics: Diagnostics,
): Assignment {
  const { name } = declaration;
  const { type } = declaration.constraint;
  const place = rangeOf(source, 0, source.text.length);
  if (isTakenLiterally(type)) return { name, value: stringValue(source.text), origin, place };

  const faults = new Diagnostics();
  const expression = parseExpression(source, faults);
  const value = faults.hasErrors ? FAULTY_VALUE : evaluate(expression, undefined, faults);
  const [fault] = faults.all;
  if (!fault) return { name, value, origin, place };
  diagnostics.error({
    code: "invalid-variable-value",
    summary: title,
    detail: `The value for variable "${name}" of type ${typeText(type)} from ${source.name} is read as an expression, and it is none: ${fault.summary}. ${fault.detail}${example(type)}`,
    subject: declaration.sensitive ? undefined : (fault.subject ?? place),
  });
  return { name, value: FAULTY_VALUE, origin, place };
}

function isTakenLiterally(type: Type): boolean {
  return type.kind === "string" || type.kind === "number" || type.kind === "any";
}

function example(type: Type): string {
  if (type.kind === "bool") return " Write true or false.";
  if (type.kind === "map" || type.kind === "object")
    return ' Write it as {key = "text"}, with quotes around each text.';
  return ' Write it as ["a", "b"], with quotes around each text.';
}
