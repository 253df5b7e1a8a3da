import { Failure } from "../../../sdk/failure.ts";
import type { ImageFolder, ImageNode } from "../tree/image-tree.ts";
import { shortNames } from "../tree/short-names.ts";
import { folderEntries, label as labelEntry } from "./folder-entries.ts";

const SECTOR = 512;
const SECTORS = 2880;
const FAT_SECTORS = 9;
const ROOT_ENTRIES = 224;
const FIRST_DATA = 1 + 2 * FAT_SECTORS + (ROOT_ENTRIES * 32) / SECTOR;
const CLUSTERS = SECTORS - FIRST_DATA;

/** A floppy of 1.44 MB (FAT12, long names) that holds the tree. A Failure when it does not fit. */
export async function floppyImage(root: ImageFolder, label = "packer"): Promise<Buffer> {
  const disk = Buffer.alloc(SECTORS * SECTOR);
  writeBootSector(disk, label);
  const fat = [0xff0, 0xfff];
  const store = (bytes: Buffer): number => {
    const count = Math.ceil(bytes.length / SECTOR);
    if (count === 0) return 0;
    const first = fat.length;
    if (first - 2 + count > CLUSTERS) throw tooMuch();
    for (let at = 0; at < count; at++) fat.push(at === count - 1 ? 0xfff : first + at + 1);
    bytes.copy(disk, (FIRST_DATA + first - 2) * SECTOR);
    return first;
  };
  /** Its children's clusters are only known once they are stored; its own must be known to them: it reserves first. */
  const writeFolder = async (folder: ImageFolder, own: number, parent: number): Promise<Buffer> => {
    const names = shortNames(folder.children.map(({ name }) => name));
    const entries =
      folder === root ? [labelEntry(label, root.modified)] : folderEntries.dots(own, parent, folder.modified);
    for (const [at, child] of folder.children.entries()) {
      const short = names[at];
      if (!short) continue;
      const { cluster, size } = await writeNode(child, own);
      entries.push(...folderEntries.of(child, short, cluster, size));
    }
    return Buffer.concat(entries);
  };
  const writeNode = async (node: ImageNode, parent: number): Promise<{ cluster: number; size: number }> => {
    if (node.kind === "file") {
      const bytes = await contentOf(node);
      return { cluster: store(bytes), size: bytes.length };
    }
    const length = folderEntries.length(node);
    const cluster = store(Buffer.alloc(length));
    (await writeFolder(node, cluster, parent)).copy(disk, (FIRST_DATA + cluster - 2) * SECTOR);
    return { cluster, size: 0 };
  };
  const top = await writeFolder(root, 0, 0);
  if (top.length > ROOT_ENTRIES * 32) throw new Failure("The floppy cannot hold so many files in its top folder");
  top.copy(disk, (1 + 2 * FAT_SECTORS) * SECTOR);
  const table = packed(fat);
  for (const copy of [0, 1]) table.copy(disk, (1 + copy * FAT_SECTORS) * SECTOR);
  return disk;
}

async function contentOf(file: Extract<ImageNode, { kind: "file" }>): Promise<Buffer> {
  if (file.size > CLUSTERS * SECTOR) throw tooMuch();
  const chunks: Uint8Array[] = [];
  for await (const chunk of file.read()) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function tooMuch(): Failure {
  return new Failure("The files do not fit on a floppy of 1.44 MB", {
    hint: "Put them on a CD with `cd_files` and `cd_content`, or serve them with `http_directory`.",
  });
}

function writeBootSector(disk: Buffer, label: string): void {
  disk.write("\xeb\x3c\x90MSDOS5.0", 0, "latin1");
  disk.writeUInt16LE(SECTOR, 11);
  disk.set([1], 13); // Sectors a cluster.
  disk.writeUInt16LE(1, 14); // Reserved sectors.
  disk.set([2], 16); // Tables.
  disk.writeUInt16LE(ROOT_ENTRIES, 17);
  disk.writeUInt16LE(SECTORS, 19);
  disk.set([0xf0], 21);
  disk.writeUInt16LE(FAT_SECTORS, 22);
  disk.writeUInt16LE(18, 24); // Sectors a track.
  disk.writeUInt16LE(2, 26); // Heads.
  disk.set([0x29], 38);
  disk.writeUInt32LE(0x4e474f54, 39); // Serial number.
  disk.write(label.toUpperCase().slice(0, 11).padEnd(11), 43, "latin1");
  disk.write("FAT12   ", 54, "latin1");
  disk.write("\xeb\xfe", 62, "latin1"); // Booted, it stands still.
  disk.writeUInt16LE(0xaa55, 510);
}

/** Two entries of 12 bits in three bytes. */
function packed(fat: readonly number[]): Buffer {
  const table = Buffer.alloc(FAT_SECTORS * SECTOR);
  fat.forEach((value, at) => {
    const place = at + (at >> 1);
    const old = table.readUInt16LE(place);
    table.writeUInt16LE(at % 2 === 0 ? (old & 0xf000) | value : (old & 0x000f) | (value << 4), place);
  });
  return table;
}
