import { evaluate } from "../../hcl/evaluation/evaluate.ts";
import type { Scope } from "../../hcl/evaluation/scope.ts";
import { Diagnostics } from "../../hcl/source/diagnostic.ts";
import { parseExpression } from "../../hcl/syntax/parse.ts";
import { stringValue, type Value } from "../../hcl/values/value.ts";
import type { Rendered } from "../../spec/go-template/render-template.ts";

/** Where lines are evaluated. */
export interface Evaluating {
  readonly scope: Scope;
  /** Renders a line of the old template language, as `{{timestamp}}`; absent where only expressions are taken. */
  readonly render?: ((text: string) => Rendered) | undefined;
  /** Every line is of the old template language: text without `{{ }}` stands for itself. */
  readonly rendersAll?: boolean;
}

/** The value of one line of the console, or what is wrong with it; warnings may come with a value. */
export function evaluateLine(
  line: string,
  { scope, render, rendersAll = false }: Evaluating,
): { readonly value: Value | undefined; readonly diagnostics: Diagnostics } {
  const diagnostics = new Diagnostics();
  const source = { name: "<console-input>", text: line };
  if (render && (rendersAll || line.includes("{{")))
    return { value: rendered(render(line), source, diagnostics), diagnostics };
  const expression = parseExpression(source, diagnostics);
  if (diagnostics.hasErrors) return { value: undefined, diagnostics };
  const value = evaluate(expression, scope, diagnostics);
  return { value: diagnostics.hasErrors ? undefined : value, diagnostics };
}

function rendered(
  result: Rendered,
  source: { readonly name: string; readonly text: string },
  diagnostics: Diagnostics,
): Value | undefined {
  if ("text" in result) return stringValue(result.text);
  diagnostics.error({
    code: "console-template-invalid",
    summary: "Error in template",
    detail: "error" in result ? `It cannot be rendered: ${result.error}.` : "It needs values that only a build has.",
    subject: { source, start: 0, end: source.text.length },
  });
  return undefined;
}
