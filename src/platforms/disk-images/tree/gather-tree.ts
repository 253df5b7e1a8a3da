import { basename } from "node:path";
import { Failure } from "../../../sdk/failure.ts";
import type { FileStat, Files } from "../../../sdk/host.ts";
import type { ImageFile, ImageFolder, ImageNode } from "./image-tree.ts";

export interface Gathering {
  /** Paths and globs (`cd_files`, `floppy_files`, `floppy_dirs`): a folder goes in with all that is below it; `folder/` is what is in it. */
  readonly files: readonly string[];
  /** Texts by their path in the image (`cd_content`, `floppy_content`). They win over files. */
  readonly content: Readonly<Record<string, string>>;
  /** Of the texts, and of folders that only they need. */
  readonly modified: Date;
}

/** The tree that a template describes. Links are followed: what they lead to is in the image. */
export async function gatherTree(
  files: Files,
  { files: patterns, content, modified }: Gathering,
): Promise<ImageFolder> {
  const root: ImageFolder = { kind: "folder", name: "", modified, children: [] };
  for (const pattern of patterns) {
    const matches = /[*?[{]/.test(pattern) ? await files.glob(pattern) : [pattern];
    if (matches.length === 0) throw new Failure(`Nothing matches ${pattern}`);
    for (const path of matches) await add(files, root, path);
  }
  for (const [path, text] of Object.entries(content)) {
    const parts = path.split(/[/\\]/).filter((part) => part !== "" && part !== ".");
    const name = parts.pop();
    if (name === undefined || parts.includes(".."))
      throw new Failure(`${JSON.stringify(path)} is no path of a file in an image`);
    const folder = parts.reduce((parent, part) => folderIn(parent, part, modified), root);
    const bytes = Buffer.from(text, "utf8");
    put(folder, { kind: "file", name, modified, size: bytes.length, read: () => [bytes] });
  }
  return root;
}

async function add(files: Files, root: ImageFolder, path: string): Promise<void> {
  const stat = await files.stat(path);
  if (stat === undefined || stat.kind === "link") throw new Failure(`There is no file ${path} to put into the image`);
  if (stat.kind === "folder" && /[/\\]$/.test(path)) return await addContents(files, root, path, []);
  await addNode(files, root, path, basename(path), stat, []);
}

/** `above`: the real places of the folders that this one is in. */
async function addContents(files: Files, folder: ImageFolder, path: string, above: readonly string[]): Promise<void> {
  // A link to a folder above would go round for ever.
  if (above.length > 64)
    throw new Failure(`The folders in ${above[0]} lie too deep: is there a link to a folder above?`);
  for (const name of await files.list(path)) {
    const place = files.resolve(path, name);
    const stat = await files.stat(place);
    if (stat === undefined || stat.kind === "link") throw new Failure(`The link ${place} leads nowhere`);
    await addNode(files, folder, place, name, stat, [...above, path]);
  }
}

async function addNode(
  files: Files,
  parent: ImageFolder,
  path: string,
  name: string,
  { kind, size, modified }: FileStat,
  above: readonly string[],
): Promise<void> {
  if (kind === "folder") return await addContents(files, folderIn(parent, name, modified), path, above);
  if (kind !== "file") throw new Failure(`${path} is no file: it cannot be put into the image`);
  const file: ImageFile = { kind, name, modified, size, read: () => files.reader(path) };
  put(parent, file);
}

function folderIn(parent: ImageFolder, name: string, modified: Date): ImageFolder {
  const known = parent.children.find((child) => child.name === name);
  if (known?.kind === "folder") return known;
  const folder: ImageFolder = { kind: "folder", name, modified, children: [] };
  put(parent, folder);
  return folder;
}

/** What comes later takes the place of what is there. */
function put(parent: ImageFolder, node: ImageNode): void {
  const at = parent.children.findIndex((child) => child.name === node.name);
  if (at >= 0) parent.children.splice(at, 1);
  parent.children.push(node);
}
