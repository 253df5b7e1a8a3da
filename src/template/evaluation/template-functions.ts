import type { HclFunction } from "../../hcl/evaluation/scope.ts";
import type { Host } from "../../sdk/host.ts";
import type { TemplateFiles } from "../files/find-template-files.ts";
import { functionNames, loadFunctions } from "../functions/load-functions.ts";
import { nodeFunctionFiles } from "../functions/node-function-files.ts";

export interface TemplateFunctions {
  readonly functions: ReadonlyMap<string, HclFunction>;
  /** In the conditions of variables relative paths are relative to the working folder, as in Packer. */
  readonly inValidations: ReadonlyMap<string, HclFunction>;
}

/**
 * The functions of the language that the template can call. Only those that its files name are loaded, unless all are
 * wanted because there is more to evaluate than the files.
 */
export async function templateFunctions(
  { templates, folder }: TemplateFiles,
  host: Host,
  startTime: Date,
  all: boolean,
): Promise<TemplateFunctions> {
  const names = all ? functionNames : [...new Set(templates.flatMap(({ source }) => calledNames(source.text)))];
  const world = { cwd: host.cwd, home: host.home, files: nodeFunctionFiles, startTime, now: () => host.now() };
  const functions = await loadFunctions(names, { ...world, templateFolder: folder });
  if (folder === host.cwd) return { functions, inValidations: functions };
  return { functions, inValidations: await loadFunctions(names, { ...world, templateFolder: host.cwd }) };
}

/** Whatever stands before a parenthesis: all calls, in strings of JSON too, and some words that are none. */
function calledNames(text: string): string[] {
  return text.match(/[\p{ID_Start}_][\p{ID_Continue}-]*(?=\s*\()/gu) ?? [];
}
