import type { ImageFolder } from "../tree/image-tree.ts";
import { SECTOR } from "./iso-layout.ts";
import { bothWays16, bothWays32, type Extent, record } from "./iso-records.ts";

export interface Volume {
  readonly label: string;
  /** Of the whole image, in sectors. */
  readonly size: number;
  /** Its length in bytes, and the sectors of its two forms. */
  readonly table: { readonly length: number; readonly little: number; readonly big: number };
  readonly root: ImageFolder;
  readonly rootExtent: Extent;
  readonly joliet: boolean;
}

export function volumeDescriptor({ label, size, table, root, rootExtent, joliet }: Volume): Buffer {
  const bytes = Buffer.alloc(SECTOR);
  bytes.set([joliet ? 2 : 1], 0);
  bytes.write("CD001\x01", 1, "latin1");
  const text = (value: string, at: number, length: number): void => {
    const space = joliet ? wide(" ".repeat(length / 2)) : Buffer.alloc(length, 0x20);
    space.copy(bytes, at);
    (joliet ? wide(value) : Buffer.from(value, "latin1")).copy(bytes, at, 0, length);
  };
  text("", 8, 32);
  text(label, 40, 32);
  bothWays32(bytes, 80, size);
  // The escape sequence that says UTF-16.
  if (joliet) bytes.write("%/E", 88, "latin1");
  bothWays16(bytes, 120, 1);
  bothWays16(bytes, 124, 1);
  bothWays16(bytes, 128, SECTOR);
  bothWays32(bytes, 132, table.length);
  bytes.writeUInt32LE(table.little, 140);
  bytes.writeUInt32BE(table.big, 148);
  record(root, Buffer.alloc(1), rootExtent).copy(bytes, 156);
  for (const at of [190, 318, 446]) text("", at, 128);
  text("INGOT", 574, 128);
  for (const at of [702, 739, 776]) text("", at, 36);
  const written = longDate(root.modified);
  written.copy(bytes, 813);
  written.copy(bytes, 830);
  noDate.copy(bytes, 847);
  noDate.copy(bytes, 864);
  bytes.set([1], 881);
  return bytes;
}

export function endOfDescriptors(): Buffer {
  const bytes = Buffer.alloc(SECTOR);
  bytes.write("\xffCD001\x01", 0, "latin1");
  return bytes;
}

const noDate = Buffer.from(`${"0".repeat(16)}\0`, "latin1");

function longDate(date: Date): Buffer {
  const digits = date.toISOString().replaceAll(/\D/g, "").slice(0, 16);
  return Buffer.from(`${digits}\0`, "latin1");
}

function wide(text: string): Buffer {
  return Buffer.from(text, "utf16le").swap16();
}
