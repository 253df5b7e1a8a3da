import { memberOf } from "../../../hcl/json/json-tree.ts";
import type { Diagnostics } from "../../../hcl/source/diagnostic.ts";
import { type Range, rangeOf } from "../../../hcl/source/source.ts";
import type { Host } from "../../../sdk/host.ts";
import { readSource } from "../../files/find-template-files.ts";
import type { VariableInputs } from "../../variables/collect-values.ts";
import type { VariableOrigin } from "../../variables/variable.ts";
import { readStrictJson } from "../structure/json-faults.ts";

/** A value from a variable file or the command line: maybe a `{{ … }}` template. */
export interface GivenValue {
  readonly text: string;
  readonly origin: VariableOrigin;
  readonly range: Range;
}

/** What the command line says about the variables of a legacy template. Later wins: files in order, then `-var`. */
export async function readGivenValues(
  inputs: VariableInputs,
  host: Host,
  diagnostics: Diagnostics,
): Promise<Map<string, GivenValue>> {
  const values = new Map<string, GivenValue>();
  for (const path of inputs.varFiles) {
    for (const [name, value] of await readFile(path, host, diagnostics)) values.set(name, value);
  }
  for (const argument of inputs.vars) {
    const split = argument.indexOf("=");
    if (split < 0) {
      diagnostics.error({
        code: "invalid-var-argument",
        summary: "Invalid -var argument",
        detail: `A -var argument is written name=value, but "${argument}" has no "=".`,
      });
      continue;
    }
    const name = argument.slice(0, split);
    const source = { name: `-var ${name}`, text: argument.slice(split + 1) };
    values.set(name, { text: source.text, origin: "cmd", range: rangeOf(source, 0, source.text.length) });
  }
  return values;
}

/** A JSON object of texts. */
async function readFile(path: string, host: Host, diagnostics: Diagnostics): Promise<[string, GivenValue][]> {
  const source = await readSource(host, path, "variable file", diagnostics);
  if (!source) return [];
  const summary = `Error reading variables in '${path}'`;
  const detail =
    'A variable file of a template in the old JSON format is a JSON object with a text for each variable, as in {"name": "value"}.';
  if (path.endsWith(".hcl") && !source.text.trimStart().startsWith("{")) {
    diagnostics.error({ code: "unknown-variable-file-format", summary, detail });
    return [];
  }
  const root = readStrictJson(source, diagnostics);
  if (!root) return [];
  if (root.kind !== "object") {
    diagnostics.error({ code: "unknown-variable-file-format", summary, detail, subject: root.range });
    return [];
  }
  return root.members.flatMap(({ name }): [string, GivenValue][] => {
    const value = memberOf(root, name.text)?.value;
    // Null is an empty text for Go.
    if (value?.kind === "null") return [[name.text, { text: "", origin: "varfile", range: value.range }]];
    if (value?.kind === "string") {
      return [[name.text, { text: value.text, origin: "varfile", range: value.range }]];
    }
    diagnostics.error({
      code: "variable-not-text",
      summary,
      detail: `The value of "${name.text}" must be a text, in quotes.`,
      subject: value?.range,
    });
    return [];
  });
}
