import type { HclFunction } from "../evaluation/scope.ts";
import { ANY } from "../values/type.ts";
import type { FunctionTable } from "./define.ts";

/**
 * The functions that need nothing but their arguments, of which only those named are loaded (a template uses few, and
 * some stand on large libraries). The others are in the map as well, so that a misspelt name finds its neighbour, but
 * must not be called.
 */
export async function loadPureFunctions(names: Iterable<string>): Promise<FunctionTable> {
  const used = new Set(names);
  const families = FAMILIES.filter((family) => family.names.some((name) => used.has(name)));
  const loaded = await Promise.all(families.map((family) => family.load()));
  const functions = new Map<string, HclFunction>(loaded.flatMap((table) => [...table]));
  for (const name of pureFunctionNames) if (!functions.has(name)) functions.set(name, notLoaded(name));
  return functions;
}

interface Family {
  readonly names: readonly string[];
  load(): Promise<FunctionTable>;
}

const FAMILIES: readonly Family[] = [
  {
    names: ["abs", "ceil", "floor", "log", "max", "min", "parseint", "pow", "signum", "sum"],
    load: async () => (await import("./numeric.ts")).numericFunctions,
  },
  {
    names: [
      ...["chomp", "endswith", "indent", "join", "lower", "replace", "sort", "split", "startswith", "strcontains"],
      ...["strrev", "substr", "title", "trim", "trimprefix", "trimspace", "trimsuffix", "upper"],
    ],
    load: async () => (await import("./text.ts")).textFunctions,
  },
  { names: ["format", "formatlist"], load: async () => (await import("./format.ts")).formatFunctions },
  {
    names: ["regex", "regex_replace", "regexall", "regexreplace"],
    load: async () => (await import("./regex.ts")).regexFunctions,
  },
  {
    names: [
      ...["alltrue", "anytrue", "chunklist", "coalesce", "coalescelist", "compact", "concat", "contains", "distinct"],
      ...["element", "flatten", "index", "length", "matchkeys", "one", "range", "reverse", "slice"],
    ],
    load: async () => (await import("./sequences.ts")).sequenceFunctions,
  },
  {
    names: ["keys", "lookup", "merge", "transpose", "values", "zipmap"],
    load: async () => (await import("./mappings.ts")).mappingFunctions,
  },
  {
    names: ["setintersection", "setproduct", "setsubtract", "setunion"],
    load: async () => (await import("./sets.ts")).setFunctions,
  },
  {
    names: [
      ...["can", "convert", "issensitive", "nonsensitive", "sensitive", "tobool", "tolist", "tomap", "tonumber"],
      ...["toset", "tostring", "try", "type"],
    ],
    load: async () => (await import("./types.ts")).typeFunctions,
  },
];

/** All names, in order. */
export const pureFunctionNames: readonly string[] = FAMILIES.flatMap((family) => family.names).sort();

function notLoaded(name: string): HclFunction {
  return {
    name,
    doc: "",
    parameters: [],
    variadic: { name: "arguments", type: ANY, allowNull: true, allowUnknown: true, allowMarked: true },
    resultType: () => ANY,
    call() {
      throw new Error(`the function ${name} was not loaded before it was called`);
    },
  };
}
