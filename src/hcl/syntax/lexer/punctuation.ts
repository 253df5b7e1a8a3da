import type { Punctuation } from "../token.ts";
import { AMPERSAND, BANG, BAR, COLON, DOT, EQUALS, GREATER, LESS } from "./characters.ts";

/** The punctuation that begins here, the longest there is. */
export function punctuationAt(text: string, at: number): Punctuation | undefined {
  return longPunctuation(text, at) ?? PUNCTUATION[text.charCodeAt(at)];
}

/** The punctuation of more than one character. */
function longPunctuation(text: string, at: number): Punctuation | undefined {
  const next = text.charCodeAt(at + 1);
  switch (text.charCodeAt(at)) {
    case EQUALS:
      return next === EQUALS ? "==" : next === GREATER ? "=>" : undefined;
    case BANG:
      return next === EQUALS ? "!=" : undefined;
    case LESS:
      return next === EQUALS ? "<=" : undefined;
    case GREATER:
      return next === EQUALS ? ">=" : undefined;
    case COLON:
      return next === COLON ? "::" : undefined;
    case AMPERSAND:
      return next === AMPERSAND ? "&&" : undefined;
    case BAR:
      return next === BAR ? "||" : undefined;
    case DOT:
      return next === DOT && text.charCodeAt(at + 2) === DOT ? "..." : undefined;
    default:
      return undefined;
  }
}

/** By character code. */
const PUNCTUATION: readonly (Punctuation | undefined)[] = (() => {
  const table = new Array<Punctuation | undefined>(128).fill(undefined);
  const singles: readonly Punctuation[] = [
    ...(["{", "}", "[", "]", "(", ")", ".", ",", ":", "?", "="] as const),
    ...(["+", "-", "*", "/", "%", "!", "<", ">"] as const),
  ];
  for (const single of singles) table[single.charCodeAt(0)] = single;
  return table;
})();
