import type { HclFunction, Scope } from "../../hcl/evaluation/scope.ts";
import { STRING } from "../../hcl/values/type.ts";
import { stringValue } from "../../hcl/values/value.ts";
import type { Host } from "../../sdk/host.ts";

/** The only scope that a variable's default has: the function `env`, and nothing else. */
export function scopeOfDefaults(host: Host): Scope {
  return { variables: new Map(), functions: new Map([["env", envFunction(host.environment)]]) };
}

function envFunction(environment: Host["environment"]): HclFunction {
  return {
    name: "env",
    doc: "The value of an environment variable of this machine; empty text where it is not set. Only in the default of a variable.",
    parameters: [{ name: "name", type: STRING, doc: "The name of the environment variable." }],
    resultType: () => STRING,
    call: ([name]) => stringValue(typeof name?.data === "string" ? (environment[name.data] ?? "") : ""),
  };
}
