import type { ImageFolder, ImageNode } from "../tree/image-tree.ts";

const FOLDER = 0x10;
const ARCHIVE = 0x20;
const VOLUME = 0x08;
const LONG_NAME = 0x0f;
/** Characters of a long name in one entry of 32 bytes. */
const PART = 13;

interface ShortName {
  readonly base: string;
  readonly extension: string;
}

export const folderEntries = {
  /** One entry for each 13 characters of the long name, the last part first, and then the short one. */
  of(node: ImageNode, short: ShortName, cluster: number, size: number): Buffer[] {
    const name = short.base.padEnd(8) + short.extension.padEnd(3);
    const own = entry(name, node.kind === "folder" ? FOLDER : ARCHIVE, node.modified, cluster, size);
    return [...longName(node.name, checksum(name)), own];
  },
  dots: (own: number, parent: number, modified: Date): Buffer[] => [
    entry(".".padEnd(11), FOLDER, modified, own, 0),
    entry("..".padEnd(11), FOLDER, modified, parent, 0),
  ],
  /** Of a folder below the top one, in bytes. */
  length: ({ children }: ImageFolder): number =>
    children.reduce((sum, { name }) => sum + Math.ceil(name.length / PART) + 1, 2) * 32,
};

export function label(text: string, modified: Date): Buffer {
  return entry(text.toUpperCase().slice(0, 11).padEnd(11), VOLUME, modified, 0, 0);
}

function entry(name: string, attributes: number, modified: Date, cluster: number, size: number): Buffer {
  const bytes = Buffer.alloc(32);
  bytes.write(name, 0, "latin1");
  bytes.set([attributes], 11);
  const day =
    (Math.max(0, modified.getUTCFullYear() - 1980) << 9) | ((modified.getUTCMonth() + 1) << 5) | modified.getUTCDate();
  const time = (modified.getUTCHours() << 11) | (modified.getUTCMinutes() << 5) | (modified.getUTCSeconds() >> 1);
  bytes.writeUInt16LE(time, 22);
  bytes.writeUInt16LE(day, 24);
  bytes.writeUInt16LE(cluster, 26);
  bytes.writeUInt32LE(size, 28);
  return bytes;
}

function longName(name: string, sum: number): Buffer[] {
  const count = Math.ceil(name.length / PART);
  return Array.from({ length: count }, (_, at) => {
    const number = count - at;
    const bytes = Buffer.alloc(32, 0xff);
    bytes.set([number | (at === 0 ? 0x40 : 0)], 0);
    bytes.set([LONG_NAME, 0, sum], 11);
    bytes.writeUInt16LE(0, 26);
    const part = name.slice((number - 1) * PART, number * PART);
    for (let character = 0; character < PART; character++) {
      if (character > part.length) break;
      bytes.writeUInt16LE(character === part.length ? 0 : part.charCodeAt(character), placeOf(character));
    }
    return bytes;
  });
}

function placeOf(character: number): number {
  if (character < 5) return 1 + character * 2;
  return character < 11 ? 14 + (character - 5) * 2 : 28 + (character - 11) * 2;
}

function checksum(name: string): number {
  return [...Buffer.from(name, "latin1")].reduce((sum, byte) => (((sum & 1) << 7) + (sum >> 1) + byte) & 0xff, 0);
}
