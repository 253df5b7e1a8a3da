import { readdir, stat } from "node:fs/promises";
import { isAbsolute, parse, resolve } from "node:path";
import picomatch from "picomatch";
import { inByteOrder, statOfEntry } from "./walk.ts";

/**
 * Paths that match a shell glob, in byte order, written as the pattern is: relative to `cwd` where that is. `*` and
 * `**` match leading dots too. `**` does not go through links to folders; a named segment does.
 */
export async function glob(pattern: string, cwd: string): Promise<string[]> {
  const found = new Set<string>();
  for (const plain of alternatives(pattern)) {
    const root = isAbsolute(plain) ? parse(plain).root : "";
    const segments = slashes(plain.slice(root.length))
      .split("/")
      .filter((segment) => segment !== "");
    await match({ cwd, found }, slashes(root), segments);
  }
  return [...found].sort(inByteOrder);
}

interface Search {
  readonly cwd: string;
  readonly found: Set<string>;
}

async function match(search: Search, at: string, segments: readonly string[]): Promise<void> {
  const [segment, ...rest] = segments;
  if (segment === undefined) {
    if (at !== "") search.found.add(at);
    return;
  }
  if (segment === "**") {
    // No folders at all, or one more: a match of what follows at every depth. A last `**` is everything below.
    if (rest.length > 0) await match(search, at, rest);
    for (const name of await namesIn(search, at)) {
      const path = joined(at, name);
      const entry = await statOfEntry(resolve(search.cwd, path)).catch(() => undefined);
      if (rest.length === 0) search.found.add(path);
      if (entry?.kind === "folder") await match(search, path, segments);
    }
    return;
  }
  const names = isPlain(segment) ? [unescaped(segment)] : (await namesIn(search, at)).filter(matcherOf(segment));
  for (const name of names) {
    const path = joined(at, name);
    if (await leadsOn(resolve(search.cwd, path), rest.length > 0)) await match(search, path, rest);
  }
}

async function leadsOn(path: string, mustBeFolder: boolean): Promise<boolean> {
  if (!mustBeFolder) return (await statOfEntry(path).catch(() => undefined)) !== undefined;
  return await stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

// A folder that cannot be read matches nothing, as in a shell.
async function namesIn(search: Search, folder: string): Promise<string[]> {
  return await readdir(resolve(search.cwd, folder)).catch(() => []);
}

function joined(folder: string, name: string): string {
  return folder === "" || folder.endsWith("/") ? `${folder}${name}` : `${folder}/${name}`;
}

function matcherOf(segment: string): (name: string) => boolean {
  // A shell's `[!a]`, which picomatch knows only as `[^a]`.
  const known = segment.replace(/(?<!\\)\[!/g, "[^");
  const matches = picomatch(known, { dot: true, nonegate: true, noextglob: true });
  // Its second parameter asks for an object instead of a boolean: `filter` would pass one.
  return (name) => matches(name);
}

function isPlain(segment: string): boolean {
  return !/[*?[\]{}]/.test(segment.replace(/\\./g, ""));
}

function unescaped(segment: string): string {
  return process.platform === "win32" ? segment : segment.replace(/\\(.)/g, "$1");
}

// On Windows `\` parts folders; elsewhere it takes the meaning from the character after it.
function slashes(path: string): string {
  return process.platform === "win32" ? path.replaceAll("\\", "/") : path;
}

/** `a/{b,c/d}` as `a/b` and `a/c/d`: an alternative may hold a slash, and so does not fit into one segment. */
function alternatives(pattern: string): string[] {
  const open = findOpening(pattern);
  if (open === undefined) return [pattern];
  const { start, end, commas } = open;
  const edges = [start, ...commas, end];
  const choices = edges.slice(1).map((edge, index) => pattern.slice((edges[index] ?? 0) + 1, edge));
  return choices.flatMap((choice) => alternatives(pattern.slice(0, start) + choice + pattern.slice(end + 1)));
}

/** The first brace that has a comma of its own and is closed. */
function findOpening(pattern: string): { start: number; end: number; commas: number[] } | undefined {
  const open: { start: number; commas: number[] }[] = [];
  const closed: { start: number; end: number; commas: number[] }[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at];
    if (character === "\\" && process.platform !== "win32") at++;
    else if (character === "{") open.push({ start: at, commas: [] });
    else if (character === ",") open.at(-1)?.commas.push(at);
    else if (character === "}") {
      const group = open.pop();
      if (group && group.commas.length > 0) closed.push({ ...group, end: at });
    }
  }
  return closed.sort((a, b) => a.start - b.start)[0];
}
