import type { HclFunction } from "../../hcl/evaluation/scope.ts";
import { loadPureFunctions } from "../../hcl/functions/load-pure-functions.ts";
import type { TemplateFiles } from "../files/find-template-files.ts";

/** The functions of the language that the template may call, by name. Only those that it names are loaded. */
export async function loadFunctions({ templates }: TemplateFiles): Promise<ReadonlyMap<string, HclFunction>> {
  return loadPureFunctions(new Set(templates.flatMap(({ source }) => calledNames(source.text))));
}

/** Whatever stands before a parenthesis: all calls, in strings of JSON too, and some words that are none. */
function calledNames(text: string): string[] {
  return text.match(/[\p{ID_Start}_][\p{ID_Continue}-]*(?=\s*\()/gu) ?? [];
}
