import type { DiagnosticText } from "../../source/diagnostic.ts";
import type { TokenKind } from "../token.ts";

/**
 * What begins here is no part of the language: how long it is, what it is read as so that the parser can go on behind
 * it, and what to tell.
 */
export function foreignText(text: string, start: number): { kind: TokenKind; length: number; fault: DiagnosticText } {
  const character = String.fromCodePoint(text.codePointAt(start) ?? 0);
  const { length } = character;
  const closing = FOREIGN_QUOTES.get(character);
  if (closing !== undefined) {
    // A whole string in foreign quotes is one fault.
    const end = stringEnd(text, start + length, closing, character === "`");
    return { kind: "invalid", length: (end ?? start + length) - start, fault: invalid(quoteDetail(character)) };
  }
  const operator = BITWISE.get(character);
  if (operator !== undefined) {
    return {
      kind: operator,
      length,
      fault: unsupported(`There are no bitwise operators. Did you mean "${operator}"?`),
    };
  }
  if (character === "^") {
    const detail = "There are no bitwise operators. For a power, use the function pow.";
    return { kind: "invalid", length, fault: unsupported(detail) };
  }
  if (character === ";") {
    const detail = "Semicolons separate nothing here: write each argument on its own line, and commas between items.";
    return { kind: "newline", length, fault: invalid(detail) };
  }
  if (character >= "\ud800" && character <= "\udfff" && length === 1) {
    const fault: DiagnosticText = {
      code: "invalid-encoding",
      summary: "Invalid character encoding",
      detail: "This is half of a surrogate pair, which is no character. Save the file as UTF-8.",
    };
    return { kind: "invalid", length, fault };
  }
  const name = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
  const shown = /[\p{L}\p{N}\p{P}\p{S}]/u.test(character) ? `"${character}" (${name})` : name;
  const detail = `The character ${shown} means nothing outside of strings and comments.`;
  return { kind: "invalid", length, fault: invalid(detail) };
}

function stringEnd(text: string, from: number, closing: string, overLines: boolean): number | undefined {
  const limit = Math.min(text.length, from + MOST_TEXT);
  for (let at = from; at < limit; at++) {
    if (text[at] === closing) return at + 1;
    if (text[at] === "\n" && !overLines) return undefined;
  }
  return undefined;
}

const MOST_TEXT = 2000;

function quoteDetail(quote: string): string {
  if (quote === "`") {
    return 'Backticks do not make strings. Use double quotes ("), or for several lines a heredoc, like <<EOT.';
  }
  if (quote === "'") return 'Single quotes do not make strings. Use double quotes (").';
  return 'Curly quotes do not make strings; they often come from a document or a web page. Use straight ones (").';
}

function invalid(detail: string): DiagnosticText {
  return { code: "invalid-character", summary: "Invalid character", detail };
}

function unsupported(detail: string): DiagnosticText {
  return { code: "unsupported-operator", summary: "Unsupported operator", detail };
}

const FOREIGN_QUOTES: ReadonlyMap<string, string> = new Map([
  ["'", "'"],
  ["`", "`"],
  ["“", "”"],
  ["”", "”"],
  ["‘", "’"],
  ["’", "’"],
]);

/** What a bitwise operator was probably meant to be. */
const BITWISE: ReadonlyMap<string, "&&" | "||" | "!"> = new Map([
  ["&", "&&"],
  ["|", "||"],
  ["~", "!"],
]);
