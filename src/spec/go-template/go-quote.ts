/** The text as a Go string literal in double quotes. */
export function goQuote(text: string): string {
  return quoteWith(text, '"');
}

/** The character as a Go rune literal: 'a'. */
export function goQuoteRune(text: string): string {
  return quoteWith(text, "'");
}

/** What a Go literal means ("…" with escapes, `…` without, '…' one character), or undefined where it is malformed. */
export function goUnquote(literal: string): string | undefined {
  const quote = literal[0];
  const inner = literal.slice(1, -1);
  if (quote === "`") return inner.replaceAll("\r", "");
  const bytes: number[] = [];
  const character = /\\(?:([abfnrtv\\'"])|x([0-9a-fA-F]{2})|([0-7]{3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))|[^\\]/uy;
  for (let at = 0; at < inner.length; at = character.lastIndex) {
    character.lastIndex = at;
    const match = character.exec(inner);
    if (match === null) return undefined;
    const [whole, letter, hex, octal, short, long] = match;
    if ((letter === '"' || letter === "'") && letter !== quote) return undefined;
    const byte = hex !== undefined ? Number.parseInt(hex, 16) : octal !== undefined ? Number.parseInt(octal, 8) : -1;
    if (byte > 255) return undefined;
    if (byte >= 0 && quote === '"') {
      bytes.push(byte);
      continue;
    }
    const code = byte >= 0 ? byte : Number.parseInt(short ?? long ?? "", 16);
    if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return undefined;
    const text =
      letter !== undefined ? (ESCAPED.get(letter) ?? letter) : code >= 0 ? String.fromCodePoint(code) : whole;
    bytes.push(...new TextEncoder().encode(text));
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}

const ESCAPED = new Map([
  ["a", "\x07"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["v", "\v"],
]);
const ESCAPES = new Map([...ESCAPED].map(([letter, character]) => [character, `\\${letter}`]));

function quoteWith(text: string, quote: string): string {
  const escaped = Array.from(text, (character) => {
    if (character === quote || character === "\\") return `\\${character}`;
    const short = ESCAPES.get(character);
    if (short !== undefined) return short;
    // Go prints letters, marks, numbers, symbols, punctuation and the ASCII space; the rest as code.
    if (character === " " || !/[\p{C}\p{Z}]/u.test(character)) return character;
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, "0")}`;
    return code < 0x10000 ? `\\u${code.toString(16).padStart(4, "0")}` : `\\U${code.toString(16).padStart(8, "0")}`;
  });
  return quote + escaped.join("") + quote;
}
