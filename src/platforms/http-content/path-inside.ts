import { posix } from "node:path";
import type { FileStat, Files } from "../../sdk/host.ts";

export interface Found {
  readonly path: string;
  readonly stat: FileStat;
}

/** As many as Linux follows. */
const MOST_LINKS = 40;

/**
 * What a folder holds under a decoded path of a URL. Links are followed as long as they stay in the folder; what leads
 * out of it, by `..`, a link or any other way, is not there.
 */
export async function pathInside(files: Files, folder: string, path: string): Promise<Found | undefined> {
  const root = files.resolve(folder);
  let left = path.split("/").filter((part) => part !== "" && part !== ".");
  let inside: string[] = [];
  let links = 0;
  let stat = await files.stat(root);
  while (left.length > 0) {
    const [part = "", ...rest] = left;
    // A backslash or a colon is a way out on Windows.
    if (part === ".." || /[\0\\]/.test(part) || /^[a-z]:/i.test(part)) return undefined;
    stat = await files.stat(files.resolve(root, ...inside, part), { follow: false });
    if (stat === undefined) return undefined;
    if (stat.kind !== "link") {
      inside.push(part);
      left = rest;
      continue;
    }
    const target = targetInside(inside, stat.linkTarget ?? "");
    if (target === undefined || ++links > MOST_LINKS) return undefined;
    // What it leads to may itself be reached through links.
    left = [...target, ...rest];
    inside = [];
    stat = await files.stat(root);
  }
  return stat && { path: files.resolve(root, ...inside), stat };
}

/** Where a link in the folder `inside` leads, counted from the root. undefined: out of it. */
function targetInside(inside: readonly string[], target: string): string[] | undefined {
  if (target === "" || posix.isAbsolute(target)) return undefined;
  const joined = posix.normalize([...inside, target].join("/"));
  return joined === ".." || joined.startsWith("../") ? undefined : joined.split("/").filter((part) => part !== ".");
}
