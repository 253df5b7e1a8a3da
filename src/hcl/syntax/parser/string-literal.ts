import type { Token } from "../token.ts";
import type { Cursor } from "./cursor.ts";

/** The text that a token of literal text stands for: `$${` is `${`, and in quotes backslashes escape. */
export function literalText(cursor: Cursor, token: Token, quoted: boolean): string {
  const raw = cursor.textOf(token);
  if (!(quoted && raw.includes("\\")) && !raw.includes("$${") && !raw.includes("%%{")) return raw;
  let text = "";
  for (let at = 0; at < raw.length; at++) {
    const character = raw.charAt(at);
    if ((character === "$" || character === "%") && raw.startsWith(`${character}{`, at + 1)) {
      text += `${character}{`;
      at += 2;
    } else if (character === "\\" && quoted) {
      const sequence = readEscape(cursor, token.start + at, raw.slice(at, at + 10));
      text += sequence.text;
      at += sequence.length - 1;
    } else text += character;
  }
  return text;
}

/** `raw` begins with the backslash, `start` is its place in the source. */
function readEscape(cursor: Cursor, start: number, raw: string): { text: string; length: number } {
  const selector = String.fromCodePoint(raw.codePointAt(1) ?? 0);
  const plain = PLAIN.get(selector);
  if (plain !== undefined) return { text: plain, length: 2 };
  const digits = selector === "u" ? 4 : selector === "U" ? 8 : 0;
  const length = 1 + selector.length + digits;
  const report = (to: number, detail: string) =>
    cursor.report({
      code: "invalid-escape",
      summary: "Invalid escape sequence",
      detail,
      subject: cursor.range({ start }, { end: start + to }),
    });
  if (digits === 0) {
    if (raw.length < 2) report(1, "A backslash must be followed by what it escapes.");
    else {
      report(
        length,
        `"\\${selector}" is no escape sequence. There are \\n, \\r, \\t, \\", \\\\, \\uNNNN and \\UNNNNNNNN; ` +
          "a backslash itself is written \\\\.",
      );
    }
    return { text: raw.length < 2 ? "" : selector, length: raw.length < 2 ? 1 : length };
  }
  const hex = /^[0-9a-fA-F]*/.exec(raw.slice(2, 2 + digits))?.[0] ?? "";
  if (hex.length < digits) {
    report(2 + hex.length, `Behind \\${selector} there must be ${digits} hexadecimal digits.`);
    return { text: "", length: 2 + hex.length };
  }
  const code = Number.parseInt(hex, 16);
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
    report(length, `U+${hex.toUpperCase()} is no character.`);
    return { text: "", length };
  }
  return { text: String.fromCodePoint(code), length };
}

const PLAIN: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ['"', '"'],
  ["\\", "\\"],
]);
