import { evaluate } from "../../hcl/evaluation/evaluate.ts";
import { FunctionFault, type HclFunction, type Parameter } from "../../hcl/evaluation/scope.ts";
import { at, define, textAt } from "../../hcl/functions/define.ts";
import { type Diagnostic, Diagnostics } from "../../hcl/source/diagnostic.ts";
import type { Source } from "../../hcl/source/source.ts";
import { parseTemplate } from "../../hcl/syntax/parse.ts";
import { ANY, STRING } from "../../hcl/values/type.ts";
import { aTypeName } from "../../hcl/values/type-text.ts";
import { isUnknown, UNKNOWN_VALUE, type Value, withMarks } from "../../hcl/values/value.ts";
import { readTextFile } from "./files.ts";
import type { FunctionWorld } from "./function-world.ts";

const VARS: Parameter = { name: "vars", type: ANY, allowMarked: true, allowUnknown: true };

/** Functions that render templates of HCL. */
export function templateRenderers(world: FunctionWorld): HclFunction[] {
  return [
    define({
      name: "templatefile",
      doc: "The template in a file, rendered with variables. All functions can be called in it but this one.",
      parameters: [{ name: "path", type: STRING }, VARS],
      returns: ANY,
      call(args) {
        const path = textAt(args, 0);
        return rendered({ name: path, text: readTextFile(path, world) }, at(args, 1), world);
      },
    }),
    define({
      name: "templatestring",
      doc: "A text that is a template, rendered with variables.",
      parameters: [{ name: "template", type: STRING }, VARS],
      returns: ANY,
      call: (args) => rendered({ name: "template", text: textAt(args, 0) }, at(args, 1), world),
    }),
  ];
}

function rendered(source: Source, vars: Value, world: FunctionWorld): Value {
  const variables = variablesOf(vars);
  const diagnostics = new Diagnostics();
  const template = parseTemplate(source, diagnostics);
  if (!diagnostics.hasErrors && variables) {
    const functions = new Map(world.functions());
    functions.delete("templatefile");
    functions.delete("templatestring");
    const value = evaluate(template, { variables, functions, takesVariables: true }, diagnostics);
    if (!diagnostics.hasErrors) return withMarks(value, vars.marks);
  }
  const fault = diagnostics.all.find((each) => each.severity === "error");
  if (fault) throw new FunctionFault(`${placeOf(fault, source)}: ${fault.summary}: ${fault.detail.replace(/\.$/, "")}`);
  return withMarks(UNKNOWN_VALUE, vars.marks);
}

/** Undefined where it is not known which variables there are. */
function variablesOf(vars: Value): ReadonlyMap<string, Value> | undefined {
  const { type, data } = vars;
  if (type.kind !== "any" && type.kind !== "map" && type.kind !== "object") {
    throw new FunctionFault(`a map or object is required, not ${aTypeName(type)}`, 1);
  }
  if (isUnknown(vars) || !(data instanceof Map)) return undefined;
  for (const name of data.keys()) {
    if (!/^[\p{ID_Start}_][\p{ID_Continue}-]*$/u.test(name)) {
      throw new FunctionFault(
        `${JSON.stringify(name)} cannot be the name of a variable: letters, digits, _ and - can, a letter first`,
        1,
      );
    }
  }
  return data;
}

/** `motd.tpl:3,5`: line and column, counted from 1. */
function placeOf(fault: Diagnostic, source: Source): string {
  const before = source.text.slice(0, fault.subject?.start ?? 0).split("\n");
  return `${source.name}:${before.length},${(before.at(-1) ?? "").length + 1}`;
}
