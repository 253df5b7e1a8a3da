import { Failure } from "../../../sdk/failure.ts";
import type { ImageFile, ImageFolder, ImageNode } from "../tree/image-tree.ts";
import { shortNames } from "../tree/short-names.ts";

export const SECTOR = 2048;

/** A folder as one of the two trees of names shows it. */
export interface PlacedFolder {
  readonly folder: ImageFolder;
  /** The number of the folder above, counted from 1 in the order of the path table. */
  readonly parent: number;
  /** In the form of the tree; one zero byte for the root. */
  readonly identifier: Buffer;
  readonly entries: readonly PlacedEntry[];
}

export interface PlacedEntry {
  readonly node: ImageNode;
  readonly identifier: Buffer;
}

/** All folders in the order of the path table: by level, then by the folder above, then by name. */
export function placedFolders(
  root: ImageFolder,
  names: (folder: ImageFolder) => readonly PlacedEntry[],
): PlacedFolder[] {
  const placed: PlacedFolder[] = [{ folder: root, parent: 1, identifier: Buffer.alloc(1), entries: names(root) }];
  // The list grows while it is gone through: that is its order.
  for (let at = 0; at < placed.length; at++) {
    for (const { node, identifier } of placed[at]?.entries ?? []) {
      if (node.kind === "folder") placed.push({ folder: node, parent: at + 1, identifier, entries: names(node) });
    }
  }
  return placed;
}

/** Names of 8 and 3 letters, in capitals: what ISO 9660 itself allows everywhere. */
export function plainNames(folder: ImageFolder): PlacedEntry[] {
  const short = shortNames(folder.children.map(({ name }) => name));
  return sorted(
    folder.children.map((node, at) => {
      const { base = "_", extension = "" } = short[at] ?? {};
      const text = node.kind === "folder" ? base + extension : `${base}.${extension};1`;
      return { node, identifier: Buffer.from(text, "latin1") };
    }),
  );
}

/** Most characters of a name that Joliet's readers take (the standard says 64). */
const LONGEST = 103;

/** Names as they are, in UTF-16: what Windows reads. */
export function jolietNames(folder: ImageFolder): PlacedEntry[] {
  return sorted(
    folder.children.map((node) => {
      if (node.name.length > LONGEST)
        throw new Failure(`The name ${node.name} is too long for a CD (${LONGEST} characters)`);
      return { node, identifier: Buffer.from(node.name, "utf16le").swap16() };
    }),
  );
}

function sorted(entries: PlacedEntry[]): PlacedEntry[] {
  return entries.sort((one, other) => Buffer.compare(one.identifier, other.identifier));
}

export function filesOf(folder: ImageFolder): ImageFile[] {
  return folder.children.flatMap((child) => (child.kind === "file" ? [child] : filesOf(child)));
}

export function sectorsOf(bytes: number): number {
  return Math.ceil(bytes / SECTOR);
}
