import { goQuote } from "./go-quote.ts";

/** A token of a template. `at` in UTF-16 code units; `line` counts from 1. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly at: number;
  readonly line: number;
}

export type TokenKind =
  | "text"
  | "open"
  | "close"
  | "space"
  | "="
  | ":="
  | "|"
  | "("
  | ")"
  | "character"
  | "string"
  | "raw-string"
  | "char-constant"
  | "number"
  | "identifier"
  | "keyword"
  | "field"
  | "dot"
  | "nil"
  | "variable"
  | "bool"
  | "end"
  | "error";

/** Cuts a template into tokens: the last is `end`, or `error` with the fault as its text. Comments yield nothing. */
export function scanTemplate(text: string): Token[] {
  const scanner = new Scanner(text);
  scanner.scan();
  return scanner.tokens;
}

const KEYWORDS = new Set(["block", "break", "continue", "define", "else", "end", "if", "range", "template", "with"]);
const SPACES = " \t\r\n";
const LETTER = /[\p{L}\p{Nd}_]/u;
const PLAIN = new Set(["=", "|", "(", ")"]);

class Scanner {
  readonly tokens: Token[] = [];
  private readonly text: string;
  private position = 0;
  private start = 0;
  private line = 1;
  private depth = 0;

  constructor(text: string) {
    this.text = text;
  }

  scan(): void {
    while (this.position < this.text.length) {
      const open = this.text.indexOf("{{", this.position);
      this.position = open < 0 ? this.text.length : open;
      const trims = open >= 0 && this.text[open + 2] === "-" && isSpace(this.text[open + 3]);
      if (trims) while (this.position > this.start && isSpace(this.text[this.position - 1])) this.position--;
      if (this.position > this.start) this.emit("text");
      if (open < 0) break;
      this.position = open + 2;
      if (!(this.text.startsWith("/*", this.position + (trims ? 2 : 0)) ? this.comment(trims) : this.action(trims)))
        return;
    }
    this.skip();
    this.emit("end");
  }

  private comment(trims: boolean): boolean {
    this.position += trims ? 2 : 0;
    this.skip();
    const end = this.text.indexOf("*/", this.position + 2);
    if (end < 0) return this.fail("unclosed comment");
    this.position = end + 2;
    const trimsAfter = this.text[this.position + 1] === "-" && isSpace(this.text[this.position]);
    if (trimsAfter) this.position += 2;
    if (!this.text.startsWith("}}", this.position)) return this.fail("comment ends before closing delimiter");
    this.position += 2;
    if (trimsAfter) this.passSpaces();
    this.skip();
    return true;
  }

  private action(trims: boolean): boolean {
    this.skipTo(this.position - 2);
    this.emit("open");
    this.position += trims ? 2 : 0;
    this.skip();
    this.depth = 0;
    for (;;) {
      const trimsAfter = isSpace(this.text[this.position]) && this.text.startsWith("-}}", this.position + 1);
      if (trimsAfter || this.text.startsWith("}}", this.position)) {
        if (this.depth > 0) return this.fail("unclosed left paren");
        this.position += trimsAfter ? 2 : 0;
        this.skip();
        this.position += 2;
        this.emit("close");
        if (trimsAfter) this.passSpaces();
        this.skip();
        return true;
      }
      if (!this.inAction()) return false;
    }
  }

  private inAction(): boolean {
    const letter = this.peek();
    if (letter === "") return this.fail("unclosed action");
    if (isSpace(letter)) return this.spaces();
    this.position += letter.length;
    if (letter === ":") {
      if (this.peek() !== "=") return this.failAfterOne("expected :=");
      this.position++;
      return this.emit(":=");
    }
    if (letter === '"') return this.quoted('"', "string", "unterminated quoted string");
    if (letter === "'") return this.quoted("'", "char-constant", "unterminated character constant");
    if (letter === "`") {
      const end = this.text.indexOf("`", this.position);
      if (end < 0) return this.fail("unterminated raw quoted string");
      this.position = end + 1;
      return this.emit("raw-string");
    }
    if (letter === "$") return this.fieldOrVariable("variable", "variable");
    if (letter === "." && !/[0-9]/.test(this.peek())) return this.fieldOrVariable("dot", "field");
    if (/[.+\-0-9]/.test(letter)) {
      this.position = this.start;
      return this.number();
    }
    if (LETTER.test(letter)) return this.word();
    if (letter === "(") this.depth++;
    if (letter === ")" && --this.depth < 0) return this.fail("unexpected right paren");
    if (PLAIN.has(letter)) return this.emit(letter as TokenKind);
    if (/[ -~]/.test(letter)) return this.emit("character");
    return this.fail(`unrecognized character in action: ${codePointText(letter)}`);
  }

  private spaces(): boolean {
    this.passSpaces();
    // The last space may belong to a trimming delimiter.
    if (this.text.startsWith("-}}", this.position) && this.position - this.start > 0) this.position--;
    return this.position === this.start || this.emit("space");
  }

  private quoted(quote: string, kind: TokenKind, fault: string): boolean {
    for (;;) {
      let letter = this.text[this.position++];
      if (letter === quote) return this.emit(kind);
      if (letter === "\\") letter = this.text[this.position++];
      if (letter === undefined || letter === "\n") return this.fail(fault);
    }
  }

  private fieldOrVariable(bare: TokenKind, named: TokenKind): boolean {
    if (this.atTerminator()) return this.emit(bare);
    this.passLetters();
    return this.atTerminator() ? this.emit(named) : this.failBadCharacter();
  }

  private word(): boolean {
    this.passLetters();
    if (!this.atTerminator()) return this.failBadCharacter();
    const word = this.text.slice(this.start, this.position);
    if (KEYWORDS.has(word)) return this.emit("keyword");
    if (word === "nil") return this.emit("nil");
    return this.emit(word === "true" || word === "false" ? "bool" : "identifier");
  }

  private number(): boolean {
    const pattern =
      /[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)i?/y;
    pattern.lastIndex = this.position;
    this.position += pattern.exec(this.text)?.[0].length ?? 0;
    const next = this.peek();
    if (LETTER.test(next) || next === "+" || next === "-") {
      this.position += next.length;
      return this.fail(`bad number syntax: ${goQuote(this.text.slice(this.start, this.position))}`);
    }
    return this.emit("number");
  }

  private passLetters(): void {
    while (LETTER.test(this.peek())) this.position += this.peek().length;
  }

  private passSpaces(): void {
    while (isSpace(this.text[this.position])) this.position++;
  }

  private atTerminator(): boolean {
    const next = this.peek();
    return next === "" || isSpace(next) || ".,|:)(".includes(next) || this.text.startsWith("}}", this.position);
  }

  /** The next character, or nothing at the end. */
  private peek(): string {
    const code = this.text.codePointAt(this.position);
    return code === undefined ? "" : String.fromCodePoint(code);
  }

  private emit(kind: TokenKind, text = this.text.slice(this.start, this.position)): true {
    this.tokens.push({ kind, text, at: this.start, line: this.line });
    this.skip();
    return true;
  }

  private skip(): void {
    this.skipTo(this.position);
  }

  private skipTo(position: number): void {
    for (; this.start < position; this.start++) if (this.text[this.start] === "\n") this.line++;
  }

  private fail(fault: string): false {
    this.emit("error", fault);
    return false;
  }

  private failAfterOne(fault: string): false {
    this.position++;
    return this.fail(fault);
  }

  private failBadCharacter(): false {
    return this.fail(`bad character ${codePointText(this.peek())}`);
  }
}

function isSpace(letter: string | undefined): boolean {
  return letter !== undefined && letter !== "" && SPACES.includes(letter);
}

/** `U+0040 '@'`. */
function codePointText(letter: string): string {
  const code = (letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return /[\p{C}\p{Z}]/u.test(letter) && letter !== " " ? `U+${code}` : `U+${code} '${letter}'`;
}
