import type { Token, TokenKind } from "../syntax/token.ts";

/** A token on its way through the formatter, which changes only the blanks before it. */
export interface Piece {
  readonly kind: TokenKind;
  readonly text: string;
  /** It ends its line: a line break, or a comment together with the line break behind it. */
  readonly endsLine: boolean;
  blanks: number;
}

/** What the lexer has added is left out; a tab counts as one blank, and a byte order mark as none. */
export function piecesOf(text: string, tokens: readonly Token[]): Piece[] {
  const pieces: Piece[] = [];
  let behind = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    if (!token || (token.start === token.end && token.kind !== "end")) continue;
    const next = tokens[index + 1];
    const lineComment =
      token.kind === "comment" && text[token.start + 1] !== "*" && next?.kind === "newline" && next.start === token.end;
    const end = lineComment ? next.end : token.end;
    if (lineComment) index++;
    pieces.push({
      kind: token.kind,
      text: text.slice(token.start, end),
      endsLine: lineComment || token.kind === "newline",
      blanks: token.start - behind,
    });
    behind = end;
  }
  return pieces;
}

/** How many more brackets are open behind it than before it. */
export function bracketChange({ kind }: Piece): number {
  switch (kind) {
    case "{":
    case "[":
    case "(":
    case "open-interpolation":
    case "open-directive":
      return 1;
    case "}":
    case "]":
    case ")":
    case "close-template":
      return -1;
    default:
      return 0;
  }
}
