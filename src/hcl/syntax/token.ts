/** A piece of the text, `start` and `end` in UTF-16 code units. Between tokens there are only blanks (and a BOM). */
export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
}

export type TokenKind =
  | "identifier"
  | "number"
  /** Without the line break behind it. */
  | "comment"
  | "newline"
  /** Behind the last character; always the last token. */
  | "end"
  /** A character, or a string in a foreign kind of quotes, that the lexer has already reported. */
  | "invalid"
  | "open-quote"
  /** Empty where it is missing in the text; the lexer has reported that. So are the other `close-` kinds. */
  | "close-quote"
  /** `<<NAME` with its line break. */
  | "open-heredoc"
  /** The name with the blanks around it. */
  | "close-heredoc"
  /** Literal text in quotes, with its backslash escapes. */
  | "quoted-text"
  /** Literal text of a heredoc or a bare template; ends with the line. */
  | "text"
  | "open-interpolation"
  | "open-directive"
  | "close-template"
  | Punctuation;

export type Punctuation =
  | ("{" | "}" | "[" | "]" | "(" | ")")
  | ("." | "..." | "," | "::" | ":" | "?" | "=" | "=>")
  | ("+" | "-" | "*" | "/" | "%" | "!" | "&&" | "||" | "==" | "!=" | "<" | "<=" | ">" | ">=");
