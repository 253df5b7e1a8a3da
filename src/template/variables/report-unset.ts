import { Diagnostics } from "../../hcl/source/diagnostic.ts";
import { typeText } from "../../hcl/values/type-text.ts";
import type { Host } from "../../sdk/host.ts";
import type { TemplateFiles } from "../files/find-template-files.ts";
import { readVariableFile } from "./read-variable-file.ts";
import type { Variable } from "./variable.ts";

interface Inputs {
  readonly files: TemplateFiles;
  readonly host: Host;
  readonly variables: ReadonlyMap<string, Variable>;
  readonly inputsAreSound: boolean;
}

/** Reports variables without a value. */
export async function reportUnset(inputs: Inputs, diagnostics: Diagnostics): Promise<void> {
  const unset = [...inputs.variables.values()].filter(({ origin }) => origin === undefined);
  if (unset.length === 0 || !inputs.inputsAreSound) return;
  const ignored = await ignoredAutoValues(inputs);
  for (const { declaration } of unset) {
    const { name } = declaration;
    const file = ignored.get(name);
    diagnostics.error({
      code: "unset-variable",
      summary: `Unset variable "${name}"`,
      detail: file
        ? `It has no default, and no value was given. ${file} would set it, but such files are loaded only where a folder is given and not a single file: give the folder ${inputs.files.root}, or -var-file=${file}.`
        : `It has no default, and no value was given. Give one with -var '${name}=…', in a file with -var-file, or in the environment as PKR_VAR_${name}.${typeHint(declaration.constraint.type)}`,
      subject: declaration.header,
    });
  }
}

/**
 * Packer does not load a folder's `*.auto.pkrvars.*` files where a single file is given, and neither do we: templates
 * may rely on it. But a default that wins because of it is likely a surprise, so there is a warning.
 */
export async function warnIgnoredAutoFiles(inputs: Inputs, diagnostics: Diagnostics): Promise<void> {
  const ignored = await ignoredAutoValues(inputs);
  const byFile = new Map<string, string[]>();
  for (const [name, file] of ignored) {
    if (inputs.variables.get(name)?.origin !== "default") continue;
    byFile.set(file, [...(byFile.get(file) ?? []), name]);
  }
  for (const [file, names] of byFile) {
    diagnostics.warning({
      code: "auto-file-not-loaded",
      summary: `Variable file not loaded: ${file}`,
      detail: `Files of this kind are loaded only where a folder is given and not a single file. So ${names.map((name) => `"${name}"`).join(", ")} ${names.length === 1 ? "has its default value" : "have their default values"}. To load it, give the folder ${inputs.files.root}, or -var-file=${file}.`,
    });
  }
}

/** By variable, the variable file beside the template that would set it, had a folder been given. */
async function ignoredAutoValues({ files, host }: Inputs): Promise<Map<string, string>> {
  const values = new Map<string, string>();
  for (const file of files.siblings.autoVariableFiles) {
    for (const { name } of await readVariableFile(file, host, new Diagnostics())) values.set(name, file);
  }
  return values;
}

function typeHint(type: Variable["declaration"]["constraint"]["type"]): string {
  return type.kind === "any" || type.kind === "string" ? "" : ` Its type is ${typeText(type)}.`;
}
