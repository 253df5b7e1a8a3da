import { childScope, type HclFunction, type Scope } from "../../hcl/evaluation/scope.ts";
import { objectValue, stringValue, type Value } from "../../hcl/values/value.ts";
import type { Host } from "../../sdk/host.ts";
import type { TemplateFiles } from "../files/find-template-files.ts";
import { PACKER_VERSION } from "../packer-version.ts";

/** Functions, `path` and `packer`: what every expression with a scope can use. */
export function rootScope(files: TemplateFiles, host: Host, functions: ReadonlyMap<string, HclFunction>): Scope {
  const cwd = host.platform === "win32" ? host.cwd.replaceAll("\\", "/") : host.cwd;
  const variables = new Map<string, Value>([
    ["path", objectValue({ root: stringValue(files.root), cwd: stringValue(cwd) })],
    ["packer", objectValue({ version: stringValue(PACKER_VERSION) })],
  ]);
  return { variables, functions };
}

/** The root scope with `var`. */
export function variablesScope(root: Scope, variables: Iterable<readonly [string, Value]>): Scope {
  return childScope(root, new Map([["var", objectValue(variables)]]));
}

/** With `local` and `data` too. `data`: by "type.name". */
export function valuesScope(
  parent: Scope,
  locals: Iterable<readonly [string, Value]>,
  data: Iterable<readonly [string, Value]>,
): Scope {
  return childScope(
    parent,
    new Map([
      ["local", objectValue(locals)],
      ["data", byTypeAndName(data)],
    ]),
  );
}

/** `data.TYPE.NAME` as an object of objects. */
function byTypeAndName(data: Iterable<readonly [string, Value]>): Value {
  const byType = new Map<string, [string, Value][]>();
  for (const [key, value] of data) {
    const dot = key.indexOf(".");
    const type = key.slice(0, dot);
    const named = byType.get(type) ?? [];
    named.push([key.slice(dot + 1), value]);
    byType.set(type, named);
  }
  return objectValue([...byType].map(([type, named]) => [type, objectValue(named)] as const));
}

/** In the body of a source: `source.type` and `source.name`. */
export function sourceVariables(type: string, name: string): [string, Value][] {
  return [["source", objectValue({ type: stringValue(type), name: stringValue(name) })]];
}

/**
 * In builders, provisioners and post-processors `packer` knows more names: values of HCP's registry, which hold
 * `<unknown>` where there is no registry, as in Packer.
 */
export const packerInComponents: [string, Value] = [
  "packer",
  objectValue({
    version: stringValue(PACKER_VERSION),
    versionFingerprint: stringValue("<unknown>"),
    iterationID: stringValue("<unknown>"),
  }),
];
