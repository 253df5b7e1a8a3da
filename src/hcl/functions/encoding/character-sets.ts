import { FunctionFault } from "../../evaluation/scope.ts";

/** The text in a character encoding. Throws `FunctionFault` for an unknown encoding and for what it cannot hold. */
export function encodeText(text: string, encoding: string): Uint8Array {
  const name = nameOf(encoding);
  if (name === "utf-8") return new TextEncoder().encode(text);
  if (name === "utf-16") return utf16(`\ufeff${text}`, false);
  if (name === "utf-16le" || name === "utf-16be") return utf16(text, name === "utf-16le");
  const table = tableOf(name);
  const bytes: number[] = [];
  for (const character of text) {
    const code = table.get(character);
    if (!code) throw new FunctionFault(`the encoding ${encoding} has no "${character}"`, 0);
    bytes.push(...code);
  }
  return Uint8Array.from(bytes);
}

/** The text of bytes in a character encoding. Throws `FunctionFault`. */
export function decodeText(bytes: Uint8Array, encoding: string): string {
  const name = nameOf(encoding);
  const fail = () => new FunctionFault(`the bytes are no text in ${encoding}`, 0);
  if (name === "us-ascii" && bytes.some((byte) => byte > 0x7f)) throw fail();
  if (name === "iso-8859-1" || name === "us-ascii")
    return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  if (name === "utf-16") {
    const little = bytes[0] === 0xff && bytes[1] === 0xfe;
    const marked = little || (bytes[0] === 0xfe && bytes[1] === 0xff);
    return decodeText(marked ? bytes.subarray(2) : bytes, little ? "utf-16le" : "utf-16be");
  }
  try {
    return new TextDecoder(name, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw fail();
  }
}

const OWN = new Set(["utf-8", "utf-16", "utf-16le", "utf-16be", "iso-8859-1", "us-ascii"]);
const ALIASES: Readonly<Record<string, string>> = { utf8: "utf-8", ascii: "us-ascii", latin1: "iso-8859-1" };

function nameOf(encoding: string): string {
  const lower = encoding.trim().toLowerCase();
  const name = Object.hasOwn(ALIASES, lower) ? (ALIASES[lower] ?? lower) : lower;
  if (OWN.has(name)) return name;
  try {
    return new TextDecoder(name).encoding;
  } catch {
    throw new FunctionFault(`there is no character encoding named ${JSON.stringify(encoding)}`, 1);
  }
}

function utf16(text: string, little: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(text.length * 2));
  for (let index = 0; index < text.length; index++) view.setUint16(index * 2, text.charCodeAt(index), little);
  return new Uint8Array(view.buffer);
}

const tables = new Map<string, ReadonlyMap<string, readonly number[]>>();

/** The platform only decodes: what each character is written as is found by decoding all sequences of one and two bytes. */
function tableOf(encoding: string): ReadonlyMap<string, readonly number[]> {
  const known = tables.get(encoding);
  if (known) return known;
  const table = new Map<string, readonly number[]>();
  const add = (...bytes: number[]) => {
    let text: string;
    try {
      text = decodeText(Uint8Array.from(bytes), encoding);
    } catch {
      return false;
    }
    if ([...text].length === 1 && !table.has(text)) table.set(text, bytes);
    return true;
  };
  for (let first = 0; first < 256; first++) {
    if (add(first)) continue;
    for (let second = 0; second < 256; second++) add(first, second);
  }
  tables.set(encoding, table);
  return table;
}
