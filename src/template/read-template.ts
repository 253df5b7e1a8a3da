import type { Diagnostics } from "../hcl/source/diagnostic.ts";
import { type EvaluationOptions, evaluateTemplate } from "./evaluate-template.ts";
import type { LoadedTemplate } from "./loaded-template.ts";
import { type ParseInput, parseTemplate } from "./parse-template.ts";

export interface TemplateInput extends ParseInput, EvaluationOptions {}

/** Reads and evaluates a template. undefined, with the reason in `diagnostics`, where it cannot be read at all. */
export async function readTemplate(
  input: TemplateInput,
  diagnostics: Diagnostics,
): Promise<LoadedTemplate | undefined> {
  const parsed = await parseTemplate(input, diagnostics);
  return parsed && evaluateTemplate(parsed, input, diagnostics);
}
