import type { HclFunction } from "../../hcl/evaluation/scope.ts";
import type { Host } from "../../sdk/host.ts";
import type { TemplateFiles } from "../files/find-template-files.ts";

/** The functions of the language that the template may call, by name. Only those that it names are loaded. */
export async function loadFunctions(_files: TemplateFiles, _host: Host): Promise<ReadonlyMap<string, HclFunction>> {
  return new Map();
}
