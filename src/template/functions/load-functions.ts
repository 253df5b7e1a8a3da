import type { HclFunction } from "../../hcl/evaluation/scope.ts";
import { loadPureFunctions, notLoaded, pureFunctionNames } from "../../hcl/functions/load-pure-functions.ts";
import type { FunctionWorld } from "./function-world.ts";

/** Everything but `functions`, which is what `loadFunctions` makes. */
export type OuterWorld = Omit<FunctionWorld, "functions">;

/**
 * All functions of the language by name, of which those in `names` are loaded and can be called; the others are there
 * for suggestions only. Whoever names `templatefile` gets all: only its file will tell what it calls.
 */
export async function loadFunctions(
  names: Iterable<string>,
  outer: OuterWorld,
): Promise<ReadonlyMap<string, HclFunction>> {
  const used = new Set(names);
  if (used.has("templatefile") || used.has("templatestring")) for (const name of functionNames) used.add(name);
  const world: FunctionWorld = { ...outer, functions: () => functions };
  const families = FAMILIES.filter((family) => family.names.some((name) => used.has(name)));
  const [pure, ...loaded] = await Promise.all([
    loadPureFunctions(used),
    ...families.map((family) => family.load(world)),
  ]);
  const functions = new Map(pure);
  for (const each of loaded.flat()) functions.set(each.name, each);
  for (const name of worldFunctionNames) if (!functions.has(name)) functions.set(name, notLoaded(name));
  return functions;
}

interface Family {
  readonly names: readonly string[];
  load(world: FunctionWorld): Promise<readonly HclFunction[]>;
}

const FAMILIES: readonly Family[] = [
  {
    names: ["abspath", "basename", "dirname", "pathexpand"],
    load: async (world) => (await import("./paths.ts")).pathFunctions(world),
  },
  {
    names: [
      ...["file", "filebase64", "filebase64sha256", "filebase64sha512", "fileexists", "filemd5", "fileset"],
      ...["filesha1", "filesha256", "filesha512"],
    ],
    load: async (world) => (await import("./files.ts")).fileFunctions(world),
  },
  {
    names: ["templatefile", "templatestring"],
    load: async (world) => (await import("./templates.ts")).templateRenderers(world),
  },
  {
    names: ["base64gzip", "base64sha256", "base64sha512", "md5", "sha1", "sha256", "sha512"],
    load: async () => (await import("./hashes.ts")).hashFunctions,
  },
  { names: ["bcrypt", "rsadecrypt"], load: async () => (await import("./ciphers.ts")).cipherFunctions },
  { names: ["uuid", "uuidv4", "uuidv5"], load: async () => (await import("./identifiers.ts")).identifierFunctions },
  {
    names: ["legacy_isotime", "legacy_strftime", "plantimestamp", "timestamp"],
    load: async (world) => (await import("./clock.ts")).clockFunctions(world),
  },
];

const worldFunctionNames: readonly string[] = FAMILIES.flatMap((family) => family.names);

/** All names, in order. `env` is none of them: it stands only in the defaults of variables. */
export const functionNames: readonly string[] = [...pureFunctionNames, ...worldFunctionNames].sort();
