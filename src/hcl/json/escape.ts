/** The escape sequence of JSON at a backslash: its text, its length in the source, and what is wrong with it. */
export function readEscape(text: string, at: number): { text: string; length: number; fault?: string } {
  const selector = text.charAt(at + 1);
  const plain = PLAIN.get(selector);
  if (plain !== undefined) return { text: plain, length: 2 };
  if (selector === "u") {
    const digits = /^[0-9a-fA-F]{4}/.exec(text.slice(at + 2, at + 6))?.[0];
    if (digits === undefined)
      return { text: "", length: 2, fault: "Behind \\u there must be four hexadecimal digits." };
    return { text: unicode(text, at, Number.parseInt(digits, 16)), length: 6 };
  }
  if (selector === "" || selector === "\n" || selector === "\r") {
    return { text: "", length: 1, fault: "A backslash must be followed by what it escapes." };
  }
  return {
    text: selector,
    length: 2,
    fault: `"\\${selector}" is no escape sequence of JSON; a backslash itself is written "\\\\".`,
  };
}

/** A half of a surrogate pair without the other half is the replacement character, as Go reads it. */
function unicode(text: string, at: number, code: number): string {
  const character = String.fromCharCode(code);
  if (code >= 0xd800 && code <= 0xdbff)
    return /^\\u[dD][c-fC-F]/.test(text.slice(at + 6, at + 12)) ? character : "\ufffd";
  if (code < 0xdc00 || code > 0xdfff) return character;
  return /\\u[dD][89abAB][0-9a-fA-F]{2}$/.test(text.slice(Math.max(0, at - 6), at)) ? character : "\ufffd";
}

const PLAIN: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["\\", "\\"],
  ["/", "/"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);
