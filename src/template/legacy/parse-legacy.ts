import { Diagnostics } from "../../hcl/source/diagnostic.ts";
import type { Source } from "../../hcl/source/source.ts";
import type { Host } from "../../sdk/host.ts";
import type { TemplateFiles } from "../files/find-template-files.ts";
import type { VariableInputs } from "../variables/collect-values.ts";
import type { LegacyTemplate } from "./structure/legacy-template.ts";
import { readLegacyStructure } from "./structure/read-legacy-structure.ts";
import { type GivenValue, readGivenValues } from "./variables/given-values.ts";

/** A template of Packer's old JSON format, and what variables were given. */
export interface ParsedLegacyTemplate {
  readonly language: "json";
  readonly files: TemplateFiles;
  readonly host: Host;
  readonly template: LegacyTemplate;
  readonly given: ReadonlyMap<string, GivenValue>;
}

/** Reads a template of the old JSON format: all that `validate -syntax-only` looks at. undefined where that found errors. */
export async function parseLegacy(
  files: TemplateFiles,
  source: Source,
  { host, variables }: { readonly host: Host; readonly variables: VariableInputs },
  diagnostics: Diagnostics,
): Promise<ParsedLegacyTemplate | undefined> {
  const found = new Diagnostics();
  const template = readLegacyStructure(source, found);
  const given = await readGivenValues(variables, host, found);
  diagnostics.append(found.all);
  if (!template || found.hasErrors) return undefined;
  return { language: "json", files, host, template, given };
}
