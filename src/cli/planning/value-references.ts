import { type Traversal, variablesOf } from "../../hcl/syntax/variables-of.ts";
import { isWhollyKnown } from "../../hcl/values/value.ts";
import type { LoadedTemplate } from "../../template/loaded-template.ts";
import type { ParsedTemplate } from "../../template/parse-template.ts";

/** What the values of a template are made from, by key: "var.image", "local.tags", "data.http.latest". */
export interface ValueReferences {
  /** Locals and data sources, in the order of the text, each with the keys that it refers to. */
  readonly uses: ReadonlyMap<string, readonly string[]>;
  /** Locals and data sources in the order in which they can be evaluated: each stage needs only those before it. */
  readonly stages: readonly (readonly string[])[];
  /** The data sources that a value waits for, itself included; none where it is known. */
  readonly waitsFor: (key: string) => readonly string[];
}

export function valueReferences(parsed: ParsedTemplate, loaded: LoadedTemplate): ValueReferences {
  const uses = new Map<string, readonly string[]>();
  for (const { name, expression } of parsed.locals.values()) {
    uses.set(`local.${name}`, expression ? keysOf(variablesOf(expression)) : []);
  }
  for (const { key, body } of parsed.data.values()) uses.set(`data.${key}`, keysOf(body.references()));
  const waitsFor = (key: string, within: readonly string[] = []): string[] => {
    if (within.includes(key)) return [];
    if (key.startsWith("data.")) return isKnown(loaded.data.get(key.slice(5))) ? [] : [key];
    if (!key.startsWith("local.") || isKnown(loaded.locals.get(key.slice(6)))) return [];
    return distinct((uses.get(key) ?? []).flatMap((used) => waitsFor(used, [...within, key])));
  };
  return { uses, stages: stagesOf(uses), waitsFor };
}

/** The values that traversals lead to, each once: variables, locals and data sources. */
export function keysOf(traversals: readonly Traversal[]): string[] {
  return distinct(traversals.flatMap((traversal) => keyOf(traversal) ?? []));
}

function keyOf({ root, steps }: Traversal): string | undefined {
  const depth = { var: 1, local: 1, data: 2 }[root];
  if (depth === undefined || steps.length < depth) return undefined;
  const names = steps.slice(0, depth).map((step) => (step.kind === "attribute" ? step.name : step.key));
  return [root, ...names].join(".");
}

function isKnown(value: Parameters<typeof isWhollyKnown>[0] | undefined): boolean {
  return value === undefined || isWhollyKnown(value);
}

function stagesOf(uses: ReadonlyMap<string, readonly string[]>): string[][] {
  const stages: string[][] = [];
  const done = new Set<string>();
  let left = [...uses.keys()];
  while (left.length > 0) {
    const ready = left.filter((key) => (uses.get(key) ?? []).every((used) => done.has(used) || !uses.has(used)));
    // What remains goes round in circles, which was reported.
    if (ready.length === 0) break;
    stages.push(ready);
    for (const key of ready) done.add(key);
    left = left.filter((key) => !done.has(key));
  }
  return stages;
}

export function distinct<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}
