import type { Scope } from "../hcl/evaluation/scope.ts";
import { Diagnostics } from "../hcl/source/diagnostic.ts";
import type { Block, Body } from "../hcl/syntax/body.ts";
import type { Host } from "../sdk/host.ts";
import { explainFolder } from "./files/explain-folder.ts";
import { findTemplateFiles, type TemplateFiles, type TemplatePath } from "./files/find-template-files.ts";
import { parseSource } from "./files/parse-source.ts";
import { envFunction } from "./functions/env.ts";
import type { ParsedLegacyTemplate } from "./legacy/parse-legacy.ts";
import { type LocalDeclaration, readLocals } from "./structure/locals.ts";
import { checkRequiredVersions, readPackerBlocks } from "./structure/packer-block.ts";
import type { RequiredPlugin } from "./structure/required-plugins.ts";
import { ROOT_SCHEMA, VERSION_SCHEMA } from "./structure/root-schema.ts";
import { readTypedBlocks, type TypedBlock } from "./structure/typed-blocks.ts";
import { collectVariableValues, type VariableInputs } from "./variables/collect-values.ts";
import { readVariableDeclarations } from "./variables/read-declarations.ts";
import type { Variable } from "./variables/variable.ts";

export interface ParseInput extends TemplatePath {
  readonly variables: VariableInputs;
}

/** A template as far as it can be known without evaluating it: the declarations, and the values that variables were given. */
export interface ParsedTemplate {
  readonly language: "hcl2";
  readonly files: TemplateFiles;
  readonly host: Host;
  readonly requiredPlugins: readonly RequiredPlugin[];
  readonly variables: ReadonlyMap<string, Variable>;
  /** Whether every value that was given could be read: else a missing one is no news. */
  readonly inputsAreSound: boolean;
  readonly locals: ReadonlyMap<string, LocalDeclaration>;
  readonly data: ReadonlyMap<string, TypedBlock>;
  readonly sources: ReadonlyMap<string, TypedBlock>;
  readonly builds: readonly Block[];
  readonly registries: readonly Block[];
}

/**
 * Reads the files of a template and what variables were given: all that `validate -syntax-only` looks at. No component
 * is needed. undefined where nothing further can be said: no such file, a syntax that cannot be read, an unsuitable version.
 */
export async function parseTemplate(
  input: ParseInput,
  diagnostics: Diagnostics,
): Promise<ParsedTemplate | ParsedLegacyTemplate | undefined> {
  const files = await findTemplateFiles(input, diagnostics);
  if (!files) return undefined;
  if (files.language === "legacy-json") return parseOldFormat(files, input, diagnostics);
  const found = new Diagnostics();
  const parsed = await parseFiles(files, input, found);
  explainFolder(files, found);
  diagnostics.append(found.all);
  return parsed;
}

async function parseFiles(
  files: TemplateFiles,
  input: ParseInput,
  diagnostics: Diagnostics,
): Promise<ParsedTemplate | undefined> {
  const { host } = input;
  const bodies: Body[] = [];
  for (const { source, syntax } of files.templates) bodies.push(await parseSource(source, syntax, diagnostics));

  // The version comes first: a template for another version may well hold what this one does not know.
  const packers = bodies.flatMap((body) => body.partialContent(VERSION_SCHEMA, new Diagnostics()).content.blocks);
  const isReadable = !diagnostics.hasErrors;
  if (!checkRequiredVersions(packers, diagnostics) || !isReadable) return undefined;

  const blocks = bodies.flatMap((body) => body.content(ROOT_SCHEMA, diagnostics).blocks);
  const ofType = (type: string) => blocks.filter((block) => block.type === type);
  const requiredPlugins = readPackerBlocks(ofType("packer"), diagnostics);
  const declarations = readVariableDeclarations(blocks, scopeOfDefaults(host.environment), diagnostics);
  const inputs = new Diagnostics();
  const variables = await collectVariableValues(declarations, input.variables, files, host, inputs);
  diagnostics.append(inputs.all);
  return {
    language: "hcl2",
    files,
    host,
    requiredPlugins,
    variables,
    inputsAreSound: !inputs.hasErrors,
    locals: readLocals(blocks, diagnostics),
    data: readTypedBlocks(blocks, "data", diagnostics),
    sources: readTypedBlocks(blocks, "source", diagnostics),
    builds: ofType("build"),
    registries: ofType("hcp_packer_registry"),
  };
}

/** A variable's default can call `env`, and nothing else. */
function scopeOfDefaults(environment: Host["environment"]): Scope {
  return { variables: new Map(), functions: new Map([["env", envFunction(environment)]]) };
}

/** What is not named as a template of the language is one of the old JSON format, loaded only then: most are not. */
async function parseOldFormat(files: TemplateFiles, input: ParseInput, diagnostics: Diagnostics) {
  const source = files.templates[0]?.source;
  const holdsValues = /\.pkrvars\.(hcl|json)$/.test(files.path);
  if (source && !holdsValues && (source.name.endsWith(".json") || source.text.trimStart().startsWith("{"))) {
    const { parseLegacy } = await import("./legacy/parse-legacy.ts");
    return parseLegacy(files, source, input, diagnostics);
  }
  diagnostics.error({
    code: "unknown-template-kind",
    summary: "Unknown kind of template",
    detail: holdsValues
      ? `${files.path} holds values for variables. Give it with -var-file=${files.path}, and the template besides.`
      : `The name of a template ends with .pkr.hcl or .pkr.json, and that of ${source?.name} does not; nor is it a template of the old JSON format. Rename it, or give the folder that holds the template.`,
  });
  return undefined;
}
