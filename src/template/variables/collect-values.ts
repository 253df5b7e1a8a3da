import type { Diagnostics } from "../../hcl/source/diagnostic.ts";
import { nearestName } from "../../hcl/source/nearest-name.ts";
import type { Range } from "../../hcl/source/source.ts";
import { ConversionFault } from "../../hcl/values/convert.ts";
import { typeText } from "../../hcl/values/type-text.ts";
import { sensitive, type Value } from "../../hcl/values/value.ts";
import type { Host } from "../../sdk/host.ts";
import { FAULTY_VALUE } from "../evaluation/faulty.ts";
import type { TemplateFiles } from "../files/find-template-files.ts";
import { conform } from "./conform.ts";
import { parseVariableText } from "./parse-variable-text.ts";
import { readVariableFile } from "./read-variable-file.ts";
import type { Variable, VariableDeclaration, VariableOrigin } from "./variable.ts";

/** What the command line says about variables. The environment comes from the host. */
export interface VariableInputs {
  /** `-var`: "name=value", in order. */
  readonly vars: readonly string[];
  /** `-var-file`, in order. */
  readonly varFiles: readonly string[];
  /** Whether a name in a variable file that is not declared is worth a warning. */
  readonly warnOnUndeclared: boolean;
}

/** A value for a variable, not yet converted. */
export interface Assignment {
  readonly name: string;
  readonly value: Value;
  readonly origin: VariableOrigin;
  readonly place: Range;
  /** Of the name, where it is written in a file. */
  readonly nameRange?: Range;
}

/**
 * Finds the value of each variable. Later wins: default, environment (PKR_VAR_name), variable files of the folder,
 * `-var-file` in order, `-var`. Every value given is converted and a misfit reported, even where a later one wins.
 */
export async function collectVariableValues(
  declarations: ReadonlyMap<string, VariableDeclaration>,
  inputs: VariableInputs,
  files: TemplateFiles,
  host: Host,
  diagnostics: Diagnostics,
): Promise<Map<string, Variable>> {
  const assignments = [
    ...fromEnvironment(declarations, host, diagnostics),
    ...(await fromFiles(declarations, inputs, files, host, diagnostics)),
    ...fromArguments(declarations, inputs, diagnostics),
  ];
  const variables = new Map(
    [...declarations.values()].map((declaration) => [declaration.name, byDefault(declaration)]),
  );
  for (const assignment of assignments) {
    const declaration = declarations.get(assignment.name);
    if (declaration) variables.set(assignment.name, assign(declaration, assignment, diagnostics));
  }
  return variables;
}

function byDefault(declaration: VariableDeclaration): Variable {
  return declaration.default === undefined
    ? { declaration, value: FAULTY_VALUE, origin: undefined }
    : {
        declaration,
        value: markedFor(declaration, declaration.default),
        origin: "default",
        ...(!declaration.sensitive && declaration.defaultRange && { place: declaration.defaultRange }),
      };
}

function markedFor(declaration: VariableDeclaration, value: Value): Value {
  return declaration.sensitive ? sensitive(value) : value;
}

const MISFIT_TITLES = {
  default: "Invalid default value for variable",
  env: "Invalid value for variable",
  varfile: "Invalid value for variable",
  cmd: "Invalid argument value for -var variable",
} as const satisfies Record<VariableOrigin, string>;

function assign(declaration: VariableDeclaration, assignment: Assignment, diagnostics: Diagnostics): Variable {
  const { origin } = assignment;
  const place = declaration.sensitive ? undefined : assignment.place;
  const value = conform(assignment.value, declaration.constraint);
  if (!(value instanceof ConversionFault)) {
    return { declaration, value: markedFor(declaration, value), origin, ...(place && { place }) };
  }
  diagnostics.error({
    code: "invalid-variable-value",
    summary: MISFIT_TITLES[origin],
    detail: `The value for variable "${declaration.name}" from ${assignment.place.source.name} does not fit its type ${typeText(declaration.constraint.type)}: ${value.message}.`,
    subject: place,
  });
  return { declaration, value: FAULTY_VALUE, origin };
}

const ENVIRONMENT_PREFIX = "PKR_VAR_";

function fromEnvironment(
  declarations: ReadonlyMap<string, VariableDeclaration>,
  host: Host,
  diagnostics: Diagnostics,
): Assignment[] {
  return [...declarations.values()].flatMap((declaration) => {
    const key = `${ENVIRONMENT_PREFIX}${declaration.name}`;
    const text = host.environment[key];
    if (text === undefined) return [];
    const source = { name: `the environment variable ${key}`, text };
    return [parseVariableText(declaration, source, "env", MISFIT_TITLES.env, diagnostics)];
  });
}

async function fromFiles(
  declarations: ReadonlyMap<string, VariableDeclaration>,
  inputs: VariableInputs,
  files: TemplateFiles,
  host: Host,
  diagnostics: Diagnostics,
): Promise<Assignment[]> {
  const assignments: Assignment[] = [];
  for (const path of [...files.autoVariableFiles, ...inputs.varFiles]) {
    for (const assignment of await readVariableFile(path, host, diagnostics)) {
      assignments.push(assignment);
      if (inputs.warnOnUndeclared && !declarations.has(assignment.name)) {
        warnUndeclared(assignment, declarations, diagnostics);
      }
    }
  }
  return assignments;
}

function warnUndeclared(
  assignment: Assignment,
  declarations: ReadonlyMap<string, VariableDeclaration>,
  diagnostics: Diagnostics,
): void {
  diagnostics.warning({
    code: "undeclared-variable",
    summary: "Undefined variable",
    detail: `The variable "${assignment.name}" is set in ${assignment.place.source.name}, but the template declares no such variable.${hint(assignment.name, declarations)}`,
    subject: assignment.nameRange,
  });
}

function fromArguments(
  declarations: ReadonlyMap<string, VariableDeclaration>,
  inputs: VariableInputs,
  diagnostics: Diagnostics,
): Assignment[] {
  const last = new Map<string, string>();
  for (const argument of inputs.vars) {
    const split = argument.indexOf("=");
    if (split >= 0) last.set(argument.slice(0, split), argument.slice(split + 1));
    else reportNoValue(argument, diagnostics);
  }
  return [...last].flatMap(([name, text]) => {
    const declaration = declarations.get(name);
    const source = { name: `-var ${name}`, text };
    if (declaration) return [parseVariableText(declaration, source, "cmd", MISFIT_TITLES.cmd, diagnostics)];
    diagnostics.error({
      code: "undefined-var-argument",
      summary: "Undefined -var variable",
      detail: `A value for the variable "${name}" was given with -var, but the template declares no such variable.${hint(name, declarations)}`,
    });
    return [];
  });
}

function reportNoValue(argument: string, diagnostics: Diagnostics): void {
  diagnostics.error({
    code: "invalid-var-argument",
    summary: "Invalid -var argument",
    detail: `A -var argument is written name=value, but "${argument}" has no "=".`,
  });
}

function hint(name: string, declarations: ReadonlyMap<string, VariableDeclaration>): string {
  const near = nearestName(name, declarations.keys());
  return near === undefined ? ` To declare it, write: variable "${name}" {}` : ` Did you mean "${near}"?`;
}
