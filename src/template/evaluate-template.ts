import type { Scope } from "../hcl/evaluation/scope.ts";
import { Diagnostics } from "../hcl/source/diagnostic.ts";
import { unknownOf, type Value } from "../hcl/values/value.ts";
import type { Catalogue, Reading } from "../sdk/component.ts";
import { planBuilds } from "./builds/plan-builds.ts";
import { readBuild } from "./builds/read-build.ts";
import { packerInterpolation } from "./components/interpolation.ts";
import { readDataSource } from "./components/read-data-source.ts";
import { evaluateValues } from "./evaluation/evaluate-values.ts";
import { rootScope, valuesScope, variablesScope } from "./evaluation/scopes.ts";
import { templateFunctions } from "./evaluation/template-functions.ts";
import { explanationOfMissingNames } from "./files/explain-missing-names.ts";
import type { ParsedLegacyTemplate } from "./legacy/parse-legacy.ts";
import type { LoadedTemplate } from "./loaded-template.ts";
import type { ParsedTemplate } from "./parse-template.ts";
import { secretTexts } from "./secret-texts.ts";
import { checkRegistries } from "./structure/hcp-registry.ts";
import { reportUnset, warnIgnoredAutoFiles } from "./variables/report-unset.ts";
import { validateVariables } from "./variables/validate-variables.ts";

export interface EvaluationOptions {
  readonly catalogue: Catalogue;
  /** Whether a variable without a value is a fault (`build`, `validate`), or just unknown (`inspect`, `console`). */
  readonly requireValues: boolean;
  /** Whether every function is loaded, and not only those that the template calls (`console`). */
  readonly allFunctions?: boolean | undefined;
  /** What data sources work with. Absent: none is read, and their values are unknown. */
  readonly reading?: Reading | undefined;
}

/** Evaluates variables, locals, data sources and the meta-arguments of builds. Always gives what could be found. */
export async function evaluateTemplate(
  parsed: ParsedTemplate | ParsedLegacyTemplate,
  options: EvaluationOptions,
  diagnostics: Diagnostics,
): Promise<LoadedTemplate> {
  if (parsed.language === "json") {
    const { loadLegacy } = await import("./legacy/plan/load-legacy.ts");
    return loadLegacy(parsed, options, diagnostics);
  }
  const { files, host, requiredPlugins } = parsed;
  const found = new Diagnostics();
  const startTime = host.now();
  const { functions, inValidations } = await templateFunctions(files, host, startTime, options.allFunctions ?? false);
  const root = rootScope(files, host, functions);
  if (options.requireValues) await reportUnset(parsed, found);
  await warnIgnoredAutoFiles(parsed, found);
  validateVariables(parsed.variables.values(), { ...root, functions: inValidations }, found);

  const secrets = new Set<string>();
  const values = variablesScope(root, valuesOf(parsed, options));
  const interpolation = packerInterpolation(host, files, startTime);
  const { locals, data } = await evaluateValues(
    {
      locals: parsed.locals,
      data: parsed.data,
      scope: values,
      readData: (block, scope, into) =>
        readDataSource(
          block,
          scope,
          {
            catalogue: options.catalogue,
            requiredPlugins,
            host,
            interpolate: interpolation(),
            secret: (text) => void secrets.add(text),
            reading: options.reading,
          },
          into,
        ),
    },
    found,
  );
  const scope = valuesScope(values, locals, data);
  const builds = readBuilds(parsed, scope, found);
  const explain = explanationOfMissingNames(files, host);
  await explain(found);
  diagnostics.append(found.all);

  for (const { value } of parsed.variables.values()) for (const text of secretTexts(value)) secrets.add(text);
  for (const value of [...locals.values(), ...data.values()]) for (const text of secretTexts(value)) secrets.add(text);
  return {
    language: "hcl2",
    files,
    variables: parsed.variables,
    locals,
    data,
    requiredPlugins,
    builds,
    scope,
    secrets,
    async plan(filters, into) {
      const { sources } = parsed;
      const { catalogue } = options;
      const template = { builds, sources, scope, catalogue, requiredPlugins, interpolation, explain };
      return {
        templatePath: files.path,
        templateFolder: files.root,
        builds: await planBuilds(template, filters, into),
        secrets,
      };
    },
  };
}

/** Where values need not be there, what is missing is just unknown and nothing derived from it is a fault. */
function valuesOf(parsed: ParsedTemplate, options: EvaluationOptions): [string, Value][] {
  return [...parsed.variables.values()].map(({ declaration, value, origin }) => [
    declaration.name,
    origin === undefined && !options.requireValues ? unknownOf(declaration.constraint.type) : value,
  ]);
}

function readBuilds(parsed: ParsedTemplate, scope: Scope, diagnostics: Diagnostics) {
  const declared = new Set(parsed.sources.keys());
  const builds = parsed.builds.map((block) => readBuild(block, scope, declared, diagnostics));
  const inBuilds = builds.flatMap(({ registries }) => registries);
  checkRegistries(parsed.registries, inBuilds, scope, diagnostics);
  return builds;
}
