/** One entry of a tar archive. */
export interface TarHeader {
  /** With `/`, no leading one; folders without a trailing one. */
  readonly path: string;
  readonly kind: "file" | "folder" | "link" | "hard-link" | "other";
  /** Bytes of content; 0 for anything but files. */
  readonly size: number;
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds since 1970. */
  readonly modified: number;
  readonly linkTarget?: string;
}

export const BLOCK = 512;
/** Content is followed by zeros up to the next block. */
export function paddingOf(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

/** The largest number that an octal field of 11 digits holds: 8 GiB - 1. */
const OCTAL_LIMIT = 0o77777777777;
const TYPES = { file: "0", "hard-link": "1", link: "2", folder: "5", other: "0" } as const;

/** The blocks before an entry's content: one, or three and more where the entry does not fit into one (PAX). */
export function encodeHeader(header: TarHeader): Buffer {
  const path = header.kind === "folder" ? `${header.path}/` : header.path;
  const extra: [string, string][] = [];
  if (Buffer.byteLength(path) > 100) extra.push(["path", path]);
  if (Buffer.byteLength(header.linkTarget ?? "") > 100) extra.push(["linkpath", header.linkTarget ?? ""]);
  if (header.size > OCTAL_LIMIT) extra.push(["size", String(header.size)]);
  const plain = block({ ...header, path, type: TYPES[header.kind] });
  if (extra.length === 0) return plain;
  const records = Buffer.from(extra.map(([key, value]) => record(key, value)).join(""));
  const name = `PaxHeaders/${path.slice(0, 50)}`;
  const about = block({ ...header, path: name, size: records.length, type: "x", linkTarget: "" });
  return Buffer.concat([about, records, Buffer.alloc(paddingOf(records.length)), plain]);
}

function block(header: Omit<TarHeader, "kind"> & { type: string }): Buffer {
  const bytes = Buffer.alloc(BLOCK);
  bytes.write(header.path, 0, 100);
  octal(bytes, header.mode, 100, 8);
  octal(bytes, header.uid, 108, 8);
  octal(bytes, header.gid, 116, 8);
  octal(bytes, Math.min(header.size, OCTAL_LIMIT), 124, 12);
  octal(bytes, Math.max(0, header.modified), 136, 12);
  bytes.write(header.type, 156);
  bytes.write(header.linkTarget ?? "", 157, 100);
  bytes.write("ustar\x0000", 257, "latin1");
  bytes.fill(" ", 148, 156);
  let sum = 0;
  for (const byte of bytes) sum += byte;
  bytes.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return bytes;
}

function octal(bytes: Buffer, value: number, at: number, width: number): void {
  bytes.write(
    Math.floor(value)
      .toString(8)
      .padStart(width - 1, "0"),
    at,
    width - 1,
    "latin1",
  );
}

/** "LENGTH KEY=VALUE\n", where LENGTH counts its own digits too. */
function record(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const length = Buffer.byteLength(rest);
  let total = length + String(length).length;
  if (length + String(total).length !== total) total = length + String(total).length;
  return `${total}${rest}`;
}

/** The plain fields of one header block, and the letter of its type. undefined: the block of zeros at the end. */
export function decodeHeader(bytes: Buffer): (TarHeader & { readonly type: string }) | undefined {
  if (bytes.every((byte) => byte === 0)) return undefined;
  const type = String.fromCharCode(bytes[156] || 0x30);
  const prefix = bytes.toString("latin1", 257, 263) === "ustar\0" ? text(bytes, 345, 155) : "";
  const name = text(bytes, 0, 100);
  return {
    type,
    path: cleanPath(prefix === "" ? name : `${prefix}/${name}`),
    kind: kindOf(type, name),
    size: type === "5" || type === "2" || type === "1" ? 0 : number(bytes, 124, 12),
    mode: number(bytes, 100, 8) & 0o7777,
    uid: number(bytes, 108, 8),
    gid: number(bytes, 116, 8),
    modified: number(bytes, 136, 12),
    linkTarget: text(bytes, 157, 100),
  };
}

/** The records of a PAX header's content. */
export function decodeRecords(bytes: Buffer): Map<string, string> {
  const records = new Map<string, string>();
  let at = 0;
  while (at < bytes.length) {
    const space = bytes.indexOf(0x20, at);
    const length = Number(bytes.toString("latin1", at, space));
    if (space < 0 || !(length > 0)) break;
    const [key = "", ...value] = bytes.toString("utf8", space + 1, at + length - 1).split("=");
    records.set(key, value.join("="));
    at += length;
  }
  return records;
}

/** Without a leading `./` or `/` and a trailing `/`. */
export function cleanPath(path: string): string {
  return path.replace(/^(\.?\/)+/, "").replace(/\/+$/, "");
}

function kindOf(type: string, name: string): TarHeader["kind"] {
  if (type === "5" || (type === "0" && name.endsWith("/"))) return "folder";
  if (type === "0" || type === "7") return "file";
  if (type === "2") return "link";
  return type === "1" ? "hard-link" : "other";
}

function text(bytes: Buffer, at: number, width: number): string {
  const end = bytes.indexOf(0, at);
  return bytes.toString("utf8", at, end < 0 || end > at + width ? at + width : end);
}

/** Octal digits, or (a GNU way for large numbers) a set high bit and a big-endian integer. */
function number(bytes: Buffer, at: number, width: number): number {
  if (((bytes[at] ?? 0) & 0x80) !== 0) return bytes.readUIntBE(at + width - 6, 6);
  const digits = bytes
    .toString("latin1", at, at + width)
    .replace(/[\0 ]+$/, "")
    .trim();
  return digits === "" ? 0 : Number.parseInt(digits, 8);
}
