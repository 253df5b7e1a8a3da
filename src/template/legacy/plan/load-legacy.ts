import { childScope, emptyScope } from "../../../hcl/evaluation/scope.ts";
import { Diagnostics } from "../../../hcl/source/diagnostic.ts";
import { STRING } from "../../../hcl/values/type.ts";
import { objectValue, sensitive, stringValue, unknownOf, type Value } from "../../../hcl/values/value.ts";
import { type TemplateWorld, templateFunctions } from "../../../spec/go-template/packer-functions.ts";
import { renderUntilStable } from "../../../spec/go-template/render-template.ts";
import type { EvaluationOptions } from "../../evaluate-template.ts";
import type { LoadedTemplate } from "../../loaded-template.ts";
import { PACKER_VERSION } from "../../packer-version.ts";
import type { Variable } from "../../variables/variable.ts";
import type { ParsedLegacyTemplate } from "../parse-legacy.ts";
import { originOf, resolveVariables } from "../variables/resolve-variables.ts";
import { warnUndefined } from "../variables/warn-undefined.ts";
import { checkMinimumVersion, checkNames } from "./check-legacy.ts";
import { planLegacy } from "./plan-legacy.ts";

/** Evaluates the variables of a legacy template, and checks what is not a matter of components. */
export function loadLegacy(
  parsed: ParsedLegacyTemplate,
  options: EvaluationOptions,
  diagnostics: Diagnostics,
): LoadedTemplate {
  const { files, host, template, given } = parsed;
  const world: TemplateWorld = {
    startTime: host.now(),
    packerVersion: PACKER_VERSION,
    cwd: host.cwd,
    templateFolder: files.folder,
  };
  const found = new Diagnostics();
  let values: Readonly<Record<string, string>> = Object.create(null);
  if (checkMinimumVersion(template, found)) {
    checkNames(template, found);
    const declared = template.variables;
    const { requireValues } = options;
    values = resolveVariables(
      { declared, given, requireValues, world: { ...world, environment: host.environment } },
      found,
    );
    warnUndefined(template.root, new Set([...declared.keys(), ...given.keys()]), found);
  }
  diagnostics.append(found.all);

  const secretNames = new Set(template.sensitiveVariables.map(({ text }) => text));
  const variables = variablesOf(parsed, values, secretNames);
  const secrets = new Set([...secretNames].map((name) => values[name] ?? "").filter((text) => text !== ""));
  const userWorld = { ...world, userVariables: values };
  return {
    language: "json",
    legacy: {
      template,
      render: (text) => renderUntilStable(text, {}, templateFunctions(userWorld)),
    },
    files,
    variables,
    locals: new Map(),
    data: new Map(),
    requiredPlugins: [],
    builds: [],
    scope: childScope(
      emptyScope,
      new Map([["var", objectValue([...variables].map(([name, { value }]) => [name, value] as const))]]),
    ),
    secrets,
    async plan(filters, into) {
      const toPlan = { template, world: userWorld, catalogue: options.catalogue, path: files.path };
      return {
        templatePath: files.path,
        templateFolder: files.root,
        // With faulty variables, or for another version, nothing further that is said would be true.
        builds: found.hasErrors ? [] : await planLegacy(toPlan, filters, into),
        secrets,
      };
    },
  };
}

function variablesOf(
  { template, given }: ParsedLegacyTemplate,
  values: Readonly<Record<string, string>>,
  secretNames: ReadonlySet<string>,
): Map<string, Variable> {
  const variables = new Map<string, Variable>();
  for (const { name, nameRange, default: text, range } of template.variables.values()) {
    const isSecret = secretNames.has(name);
    const marked = (value: Value) => (isSecret ? sensitive(value) : value);
    const value = values[name];
    variables.set(name, {
      declaration: {
        name,
        nameRange,
        header: nameRange,
        constraint: { type: STRING },
        ...(text !== undefined && { default: stringValue(text), defaultRange: range }),
        sensitive: isSecret,
        validations: [],
      },
      value: marked(value === undefined ? unknownOf(STRING) : stringValue(value)),
      origin: originOf(name, { declared: template.variables, given }),
      ...(!isSecret && { place: given.get(name)?.range ?? range }),
    });
  }
  return variables;
}
