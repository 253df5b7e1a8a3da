import type { HclFunction } from "../../hcl/evaluation/scope.ts";
import { define, textAt } from "../../hcl/functions/define.ts";
import { STRING } from "../../hcl/values/type.ts";
import { stringValue } from "../../hcl/values/value.ts";

/** `env(name)`: only the defaults of variables can call it. A variable that is not set is an empty text. */
export function envFunction(environment: Readonly<Record<string, string | undefined>>): HclFunction {
  return define({
    name: "env",
    doc: "The value of an environment variable, empty if it is not set. Only in the default of a variable.",
    parameters: [{ name: "key", type: STRING }],
    returns: STRING,
    call: (args) => stringValue(environment[textAt(args, 0)] ?? ""),
  });
}
