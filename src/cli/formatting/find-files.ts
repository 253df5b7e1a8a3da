import { join } from "node:path";
import { Failure } from "../../sdk/failure.ts";
import type { Files } from "../../sdk/host.ts";

const SUFFIXES = [".pkr.hcl", ".pkrvars.hcl"];

/**
 * The files that a path on `fmt`'s command line stands for: a file itself, or the template and variable files of a
 * folder, by name; with `recursive` those of the folders in it too. Throws a Failure for what is no file of the language.
 */
export async function findFilesToFormat(path: string, recursive: boolean, files: Files): Promise<string[]> {
  const stat = await files.stat(path);
  if (!stat) throw new Failure(`There is no file or folder ${path}`);
  if (stat.kind === "folder") return inFolder(path, recursive, files);
  if (isOurs(path)) return [path];
  throw new Failure(`Cannot tell whether ${path} contains HCL2 configuration data`, {
    hint: `The name of a file to format ends with ${SUFFIXES.join(" or ")}; JSON is not formatted.`,
  });
}

async function inFolder(folder: string, recursive: boolean, files: Files): Promise<string[]> {
  const found: string[] = [];
  for (const name of await files.list(folder)) {
    if (isIgnored(name)) continue;
    const path = join(folder, name);
    // A link to a folder is not followed, so that nothing goes round in circles; one to a file is.
    const { kind } = (await files.stat(path, { follow: false })) ?? {};
    if (kind === "folder") {
      if (recursive) found.push(...(await inFolder(path, recursive, files)));
    } else if (isOurs(name) && (await files.stat(path))?.kind === "file") found.push(path);
  }
  return found;
}

function isOurs(name: string): boolean {
  return SUFFIXES.some((suffix) => name.endsWith(suffix));
}

/** Hidden ones and what editors leave behind: Packer's rule. */
function isIgnored(name: string): boolean {
  return name.startsWith(".") || name.endsWith("~") || (name.startsWith("#") && name.endsWith("#"));
}
