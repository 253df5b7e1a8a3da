/** Where the identifier that starts here ends; `start` itself where none does. Rules of Unicode, and `-` within. */
export function identifierEnd(text: string, start: number): number {
  let at = start;
  for (;;) {
    const code = text.charCodeAt(at);
    if (isAsciiLetter(code) || (at > start && (isDigit(code) || code === 0x2d))) at++;
    else if (code > 0x7f) {
      const word = at === start ? IDENTIFIER_START : IDENTIFIER_PART;
      word.lastIndex = at;
      if (!word.test(text)) return at;
      at = word.lastIndex;
    } else return at;
  }
}

/** Where the number ends that starts with the digit at `start`: it takes dots and exponents, but no dot at its end. */
export function numberEnd(text: string, start: number): number {
  let end = start + 1;
  for (let at = end; ; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x2e) continue;
    if (code === 0x65 || code === 0x45) {
      const sign = text.charCodeAt(at + 1);
      if (sign === 0x2b || sign === 0x2d) at++;
      at++;
      if (!isDigit(text.charCodeAt(at))) return end;
    } else if (!isDigit(code)) return end;
    end = at + 1;
  }
}

const IDENTIFIER_START = /\p{ID_Start}/uy;
const IDENTIFIER_PART = /\p{ID_Continue}/uy;

/** The underscore counts as a letter. */
function isAsciiLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
