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
    load: async () => (await import("./text/plain-text.ts")).textFunctions,
  },
  { names: ["format", "formatlist"], load: async () => (await import("./text/format.ts")).formatFunctions },
  {
    names: ["regex", "regex_replace", "regexall", "regexreplace"],
    load: async () => (await import("./text/regex.ts")).regexFunctions,
  },
  {
    names: [
      ...["chunklist", "compact", "concat", "contains", "distinct", "element", "flatten", "index", "length"],
      ...["matchkeys", "range", "reverse", "slice"],
    ],
    load: async () => (await import("./collections/sequences.ts")).sequenceFunctions,
  },
  {
    names: ["alltrue", "anytrue", "coalesce", "coalescelist", "one"],
    load: async () => (await import("./collections/choices.ts")).choiceFunctions,
  },
  {
    names: ["keys", "lookup", "merge", "transpose", "values", "zipmap"],
    load: async () => (await import("./collections/mappings.ts")).mappingFunctions,
  },
  {
    names: ["setintersection", "setproduct", "setsubtract", "setunion"],
    load: async () => (await import("./collections/sets.ts")).setFunctions,
  },
  { names: ["can", "try"], load: async () => (await import("./values/attempts.ts")).attemptFunctions },
  {
    names: ["convert", "tobool", "tolist", "tomap", "tonumber", "toset", "tostring", "type"],
    load: async () => (await import("./values/conversions.ts")).conversionFunctions,
  },
  {
    names: ["issensitive", "nonsensitive", "sensitive"],
    load: async () => (await import("./values/secrecy.ts")).secrecyFunctions,
  },
  {
    names: [
      ...["base64decode", "base64encode", "csvdecode", "jsondecode", "jsonencode", "textdecodebase64"],
      ...["textencodebase64", "urlencode"],
    ],
    load: async () => (await import("./encoding/encodings.ts")).encodingFunctions,
  },
  { names: ["yamldecode", "yamlencode"], load: async () => (await import("./encoding/yaml.ts")).yamlFunctions },
  {
    names: ["formatdate", "rfc3339_parse", "timeadd", "timecmp", "unix_timestamp_parse"],
    load: async () => (await import("./dates/dates.ts")).dateFunctions,
  },
  {
    names: ["cidrcontains", "cidrhost", "cidrnetmask", "cidrsubnet", "cidrsubnets"],
    load: async () => (await import("./network/cidr.ts")).cidrFunctions,
  },
];

/** All names, in order. */
export const pureFunctionNames: readonly string[] = FAMILIES.flatMap((family) => family.names).sort();

/** Stands in for a function that is not loaded, so that its name is known. */
export function notLoaded(name: string): HclFunction {
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
