import { resolve, sep } from "node:path";
import { FunctionFault, type HclFunction, type Parameter } from "../../hcl/evaluation/scope.ts";
import { define, textAt } from "../../hcl/functions/define.ts";
import { STRING } from "../../hcl/values/type.ts";
import { stringValue } from "../../hcl/values/value.ts";
import type { FunctionWorld } from "./function-world.ts";

const PATH: Parameter = { name: "path", type: STRING };

function ofPath(name: string, doc: string, change: (path: string) => string): HclFunction {
  return define({
    name,
    doc,
    parameters: [PATH],
    returns: STRING,
    call: (args) => stringValue(change(textAt(args, 0))),
  });
}

/** Functions on paths, which look at no file. */
export function pathFunctions(world: FunctionWorld): HclFunction[] {
  return [
    ofPath(
      "abspath",
      "The path made absolute, with slashes; a relative one is taken against the current folder.",
      (path) => slashed(resolve(world.cwd, path)),
    ),
    ofPath("basename", "The last part of a path.", basename),
    ofPath("dirname", "The path without its last part.", dirname),
    ofPath("pathexpand", "The path with the home folder in place of a ~ at its start.", (path) =>
      expandHome(path, world),
    ),
  ];
}

/** The absolute path of one that a template names: `~` is the home folder, relative ones are taken against the folder. */
export function resolvePath(path: string, folder: string, world: FunctionWorld): string {
  return resolve(folder, expandHome(path, world));
}

function slashed(path: string): string {
  return sep === "/" ? path : path.replaceAll(sep, "/");
}

function expandHome(path: string, world: FunctionWorld): string {
  if (!path.startsWith("~")) return path;
  if (path !== "~" && !/^~[/\\]/.test(path)) throw new FunctionFault("only the own home folder can be written ~", 0);
  return path === "~" ? world.home : resolve(world.home, path.slice(2));
}

function basename(path: string): string {
  if (path === "") return ".";
  const trimmed = path.replace(/[/]+$/, "");
  return trimmed === "" ? "/" : trimmed.slice(trimmed.lastIndexOf("/") + 1);
}

/** Everything before the last slash, cleaned up as Go does. */
function dirname(path: string): string {
  return cleaned(path.slice(0, path.lastIndexOf("/") + 1));
}

function cleaned(path: string): string {
  const isAbsolute = path.startsWith("/");
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (!isAbsolute) parts.push("..");
  }
  const joined = (isAbsolute ? "/" : "") + parts.join("/");
  return joined === "" ? "." : joined;
}
