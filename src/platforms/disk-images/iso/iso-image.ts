import { Readable } from "node:stream";
import { Failure } from "../../../sdk/failure.ts";
import type { ImageFile, ImageFolder, ImageNode } from "../tree/image-tree.ts";
import { filesOf, jolietNames, type PlacedFolder, placedFolders, plainNames, SECTOR, sectorsOf } from "./iso-layout.ts";
import { type Extent, type ExtentOf, folderRecords, pathTable } from "./iso-records.ts";
import { endOfDescriptors, volumeDescriptor } from "./volume-descriptor.ts";

/** Where the first descriptor lies; what is before belongs to the system. */
const DESCRIPTORS = 16;

/**
 * A CD that holds the tree, as a stream: ISO 9660 with Joliet (Windows reads its names) and Rock Ridge (Unix reads those).
 * `label` is what a guest finds it by: "cidata".
 */
export function isoImage(root: ImageFolder, label: string): Readable {
  const files = filesOf(root);
  const trees = [tree(root, true), tree(root, false)] as const;
  let sector = DESCRIPTORS + 3;
  const tables = trees.map((one) => {
    const length = pathTable(one.folders, () => nowhere, false).length;
    const [little, big] = [sector, sector + sectorsOf(length)];
    sector += 2 * sectorsOf(length);
    return { length, little, big };
  });
  for (const one of trees) sector = one.place(sector);
  const fileExtents = new Map<ImageNode, Extent>();
  for (const file of files) {
    if (file.size > 0xffff_ffff)
      throw new Failure(`${file.name} is too large for a CD: a file there has less than 4 GiB`);
    fileExtents.set(file, { sector: file.size === 0 ? 0 : sector, length: file.size });
    sector += sectorsOf(file.size);
  }
  const size = sector;
  const head = trees.flatMap((one, at): Buffer[] => {
    const table = tables[at] ?? { length: 0, little: 0, big: 0 };
    const extentOf = one.extents(fileExtents);
    return [volumeDescriptor({ label, size, table, root, rootExtent: extentOf(root), joliet: !one.rockRidge })];
  });
  const body = [
    ...trees.flatMap((one) =>
      [false, true].map((big) => padded(pathTable(one.folders, one.extents(fileExtents), big))),
    ),
    ...trees.flatMap((one) => one.records(one.extents(fileExtents))),
  ];
  return Readable.from(content([Buffer.alloc(DESCRIPTORS * SECTOR), ...head, endOfDescriptors(), ...body], files), {
    objectMode: false,
  });
}

const nowhere: Extent = { sector: 0, length: 0 };

interface Tree {
  readonly rockRidge: boolean;
  readonly folders: readonly PlacedFolder[];
  /** Gives each folder its place from `sector` on, and the first sector after them. */
  place(sector: number): number;
  extents(files: ReadonlyMap<ImageNode, Extent>): ExtentOf;
  records(extentOf: ExtentOf): Buffer[];
}

function tree(root: ImageFolder, rockRidge: boolean): Tree {
  const folders = placedFolders(root, rockRidge ? plainNames : jolietNames);
  const extents = new Map<ImageNode, Extent>();
  const records = (extentOf: ExtentOf): Buffer[] =>
    folders.map((placed) => folderRecords(placed, folders[placed.parent - 1]?.folder ?? root, extentOf, rockRidge));
  return {
    rockRidge,
    folders,
    records,
    place(sector) {
      let next = sector;
      // Their lengths do not depend on where things lie.
      for (const [at, { length }] of records(() => nowhere).entries()) {
        const folder = folders[at]?.folder;
        if (folder) extents.set(folder, { sector: next, length });
        next += sectorsOf(length);
      }
      return next;
    },
    extents: (files) => (node) => extents.get(node) ?? files.get(node) ?? nowhere,
  };
}

async function* content(head: readonly Buffer[], files: readonly ImageFile[]): AsyncGenerator<Uint8Array> {
  yield* head;
  for (const file of files) {
    let length = 0;
    for await (const chunk of file.read()) {
      length += chunk.length;
      yield chunk;
    }
    if (length !== file.size) throw new Failure(`${file.name} changed while it was put on the CD`);
    yield Buffer.alloc((SECTOR - (length % SECTOR)) % SECTOR);
  }
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((SECTOR - (bytes.length % SECTOR)) % SECTOR)]);
}
