import { createHash } from "node:crypto";
import { relative, resolve, sep } from "node:path";
import picomatch from "picomatch";
import { FunctionFault, type HclFunction, type Parameter } from "../../hcl/evaluation/scope.ts";
import { define, textAt } from "../../hcl/functions/define.ts";
import { toBase64, utf8Text } from "../../hcl/functions/encoding/base64.ts";
import { makeSet } from "../../hcl/values/make-set.ts";
import { BOOL, STRING, setOf } from "../../hcl/values/type.ts";
import { boolValue, stringValue } from "../../hcl/values/value.ts";
import type { FunctionWorld } from "./function-world.ts";
import { resolvePath } from "./paths.ts";

const PATH: Parameter = { name: "path", type: STRING };

/** Functions that read files. Their relative paths start at the template's folder, except that of `filebase64`. */
export function fileFunctions(world: FunctionWorld): HclFunction[] {
  return [
    define({
      name: "file",
      doc: "The text of a file, which must be UTF-8.",
      parameters: [PATH],
      returns: STRING,
      call: (args) => stringValue(readTextFile(textAt(args, 0), world)),
    }),
    define({
      name: "filebase64",
      doc: "The bytes of a file as base64. A relative path is taken against the current folder.",
      parameters: [PATH],
      returns: STRING,
      call: (args) => stringValue(toBase64(readFileBytes(textAt(args, 0), world.cwd, world))),
    }),
    fileexists(world),
    fileset(world),
    ...["md5", "sha1", "sha256", "sha512"].map((algorithm) => fileHash(`file${algorithm}`, algorithm, "hex", world)),
    ...["sha256", "sha512"].map((algorithm) => fileHash(`filebase64${algorithm}`, algorithm, "base64", world)),
  ];
}

/** The text of a file that a template names. Throws `FunctionFault`. */
export function readTextFile(path: string, world: FunctionWorld): string {
  const text = utf8Text(readFileBytes(path, world.templateFolder, world));
  if (text === undefined) throw new FunctionFault(`${path} is no text in UTF-8; filebase64 reads any file`, 0);
  return text;
}

function readFileBytes(path: string, folder: string, world: FunctionWorld): Uint8Array {
  const absolute = resolvePath(path, folder, world);
  try {
    return world.files.read(absolute);
  } catch (error) {
    throw new FunctionFault(`${reasonOf(error)} at ${absolute}`, 0);
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR") return "there is no file";
  if (code === "EISDIR") return "there is a folder and no file";
  if (code === "EACCES" || code === "EPERM") return "there is no permission to read the file";
  if (code === undefined) throw error;
  return `the file cannot be read (${String(code)})`;
}

function fileexists(world: FunctionWorld): HclFunction {
  return define({
    name: "fileexists",
    doc: "Whether there is a file. Something else of that name is a fault.",
    parameters: [PATH],
    returns: BOOL,
    call(args) {
      const absolute = resolvePath(textAt(args, 0), world.templateFolder, world);
      let kind: ReturnType<FunctionWorld["files"]["kind"]>;
      try {
        kind = world.files.kind(absolute);
      } catch (error) {
        throw new FunctionFault(`${reasonOf(error)} at ${absolute}`, 0);
      }
      if (kind === "folder" || kind === "other") {
        throw new FunctionFault(`${absolute} is ${kind === "folder" ? "a folder" : "something else"} and no file`, 0);
      }
      return boolValue(kind === "file");
    },
  });
}

function fileset(world: FunctionWorld): HclFunction {
  return define({
    name: "fileset",
    doc: "The files in a folder whose paths match a pattern (*, ?, **, [a-z], {a,b}), as paths relative to the folder, with slashes.",
    parameters: [PATH, { name: "pattern", type: STRING }],
    returns: setOf(STRING),
    call(args) {
      const folder = resolvePath(textAt(args, 0), world.templateFolder, world);
      const paths = matchingFiles(folder, textAt(args, 1), world);
      return makeSet(STRING, paths.map(stringValue));
    },
  });
}

function matchingFiles(folder: string, pattern: string, world: FunctionWorld): string[] {
  const parts = pattern.split("/").filter((part) => part !== "" && part !== ".");
  const firstGlob = parts.findIndex((part) => /[*?[{\\]/.test(part));
  const fixed = parts.slice(0, firstGlob < 0 ? parts.length : firstGlob);
  const base = resolve(folder, ...fixed);
  const toPath = (path: string) => relative(folder, path).split(sep).join("/");
  if (firstGlob < 0) return world.files.kind(base) === "file" ? [toPath(base)] : [];
  const rest = parts.slice(firstGlob);
  const matches = picomatch(rest.join("/"), { dot: true, noextglob: true, strictSlashes: true });
  const deepest = rest.some((part) => part.includes("**")) ? 100 : rest.length;
  const found: string[] = [];
  const walk = (path: string, inside: string, depth: number): void => {
    for (const name of namesIn(path, world)) {
      const kind = world.files.kind(resolve(path, name));
      const at = inside === "" ? name : `${inside}/${name}`;
      if (kind === "file" && matches(at)) found.push(toPath(resolve(path, name)));
      else if (kind === "folder" && depth < deepest) walk(resolve(path, name), at, depth + 1);
    }
  };
  walk(base, "", 1);
  return found;
}

/** Nothing where there is no folder, or none that may be read: then nothing in it matches. */
function namesIn(path: string, world: FunctionWorld): readonly string[] {
  try {
    return world.files.list(path);
  } catch {
    return [];
  }
}

function fileHash(name: string, algorithm: string, form: "hex" | "base64", world: FunctionWorld): HclFunction {
  return define({
    name,
    doc: `The ${algorithm} of a file, as ${form}.`,
    parameters: [PATH],
    returns: STRING,
    call(args) {
      const bytes = readFileBytes(textAt(args, 0), world.templateFolder, world);
      return stringValue(createHash(algorithm).update(bytes).digest(form));
    },
  });
}
