import type { Diagnostics } from "./diagnostic.ts";
import { rangeOf, type Source } from "./source.ts";

/** The text of a file's bytes. What is not UTF-8 is reported once, where it begins, and shown as U+FFFD. */
export function decodeSource(name: string, bytes: Uint8Array, diagnostics: Diagnostics): Source {
  const source = { name, text: new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes) };
  if (!source.text.includes("\ufffd") || isUtf8(bytes)) return source;
  const start = firstFault(source.text, bytes);
  diagnostics.error({
    code: "invalid-encoding",
    summary: "Invalid character encoding",
    detail: "These bytes are not UTF-8. Set your editor to save the file as UTF-8.",
    subject: rangeOf(source, start, start + 1),
  });
  return source;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** The first replacement character that the bytes do not hold themselves. */
function firstFault(text: string, bytes: Uint8Array): number {
  const encoder = new TextEncoder();
  for (let at = text.indexOf("\ufffd"); at >= 0; at = text.indexOf("\ufffd", at + 1)) {
    const byte = encoder.encode(text.slice(0, at)).length;
    const own = bytes[byte] === 0xef && bytes[byte + 1] === 0xbf && bytes[byte + 2] === 0xbd;
    if (!own) return at;
  }
  return 0;
}
