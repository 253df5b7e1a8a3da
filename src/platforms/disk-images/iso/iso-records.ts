import { Failure } from "../../../sdk/failure.ts";
import type { ImageNode } from "../tree/image-tree.ts";
import { type PlacedFolder, SECTOR } from "./iso-layout.ts";

/** Where the content of a node lies, and its length in bytes. */
export interface Extent {
  readonly sector: number;
  readonly length: number;
}

export type ExtentOf = (node: ImageNode) => Extent;

/** A folder's records, filled up to whole sectors; none lies across two. `rockRidge`: with Unix names and modes. */
export function folderRecords(placed: PlacedFolder, above: ImageNode, extentOf: ExtentOf, rockRidge: boolean): Buffer {
  const { folder, entries, parent, identifier } = placed;
  const isRoot = parent === 1 && identifier.length === 1 && identifier[0] === 0;
  const unix = (node: ImageNode, name?: string): Buffer => (rockRidge ? unixFields(node, name) : Buffer.alloc(0));
  const first = rockRidge && isRoot ? Buffer.concat([sharing, unix(folder), extensions]) : unix(folder);
  const records = [
    record(folder, Buffer.from([0]), extentOf(folder), first),
    record(above, Buffer.from([1]), extentOf(above), unix(above)),
    ...entries.map((entry) =>
      record(entry.node, entry.identifier, extentOf(entry.node), unix(entry.node, entry.node.name)),
    ),
  ];
  const parts: Buffer[] = [];
  let length = 0;
  for (const bytes of records) {
    const room = SECTOR - (length % SECTOR);
    if (bytes.length > room) {
      parts.push(Buffer.alloc(room));
      length += room;
    }
    parts.push(bytes);
    length += bytes.length;
  }
  parts.push(Buffer.alloc((SECTOR - (length % SECTOR)) % SECTOR));
  return Buffer.concat(parts);
}

export function record(node: ImageNode, identifier: Buffer, extent: Extent, unix: Buffer = Buffer.alloc(0)): Buffer {
  const named = 33 + identifier.length + (identifier.length % 2 === 0 ? 1 : 0);
  const length = named + unix.length + (unix.length % 2);
  if (length > 254) throw new Failure(`The name ${node.name} is too long for a CD`);
  const bytes = Buffer.alloc(length);
  bytes.set([length], 0);
  bothWays32(bytes, 2, extent.sector);
  bothWays32(bytes, 10, extent.length);
  shortDate(node.modified).copy(bytes, 18);
  bytes.set([node.kind === "folder" ? 2 : 0], 25);
  bothWays16(bytes, 28, 1);
  bytes.set([identifier.length], 32);
  identifier.copy(bytes, 33);
  unix.copy(bytes, named);
  return bytes;
}

/** The path table; `bigEndian` is the form that hardly anything reads. */
export function pathTable(folders: readonly PlacedFolder[], extentOf: ExtentOf, bigEndian: boolean): Buffer {
  return Buffer.concat(
    folders.map(({ folder, parent, identifier }) => {
      const bytes = Buffer.alloc(8 + identifier.length + (identifier.length % 2));
      bytes.set([identifier.length], 0);
      const { sector } = extentOf(folder);
      if (bigEndian) {
        bytes.writeUInt32BE(sector, 2);
        bytes.writeUInt16BE(parent, 6);
      } else {
        bytes.writeUInt32LE(sector, 2);
        bytes.writeUInt16LE(parent, 6);
      }
      identifier.copy(bytes, 8);
      return bytes;
    }),
  );
}

export function bothWays32(bytes: Buffer, at: number, value: number): void {
  bytes.writeUInt32LE(value, at);
  bytes.writeUInt32BE(value, at + 4);
}

export function bothWays16(bytes: Buffer, at: number, value: number): void {
  bytes.writeUInt16LE(value, at);
  bytes.writeUInt16BE(value, at + 2);
}

/** SP: the fields of Rock Ridge begin right after each name. */
const sharing = Buffer.from([0x53, 0x50, 7, 1, 0xbe, 0xef, 0]);

/** ER: that they are Rock Ridge's. */
const extensions = Buffer.concat([Buffer.from([0x45, 0x52, 18, 1, 10, 0, 0, 1]), Buffer.from("RRIP_1991A", "latin1")]);

/** PX (mode, owner root), TF (when it was modified) and NM (its name as it is). */
function unixFields(node: ImageNode, name: string | undefined): Buffer {
  const mode = Buffer.alloc(36);
  mode.set([0x50, 0x58, 36, 1]);
  bothWays32(mode, 4, node.kind === "folder" ? 0o40555 : 0o100444);
  bothWays32(mode, 12, node.kind === "folder" ? 2 : 1);
  const time = Buffer.concat([Buffer.from([0x54, 0x46, 12, 1, 0x02]), shortDate(node.modified)]);
  if (name === undefined) return Buffer.concat([mode, time]);
  const text = Buffer.from(name, "utf8");
  return Buffer.concat([mode, time, Buffer.from([0x4e, 0x4d, (5 + text.length) & 0xff, 1, 0]), text]);
}

function shortDate(date: Date): Buffer {
  const year = Math.max(0, date.getUTCFullYear() - 1900);
  const day = [date.getUTCMonth() + 1, date.getUTCDate()];
  return Buffer.from([year, ...day, date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds(), 0]);
}
