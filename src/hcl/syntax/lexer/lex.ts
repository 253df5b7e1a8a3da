import type { Diagnostics, DiagnosticText } from "../../source/diagnostic.ts";
import { rangeOf, type Source } from "../../source/source.ts";
import type { Token, TokenKind } from "../token.ts";
import {
  BACKSLASH,
  BYTE_ORDER_MARK,
  CARRIAGE_RETURN,
  CLOSE_BRACE,
  DIGIT_0,
  DIGIT_9,
  DOLLAR,
  HASH,
  LESS,
  LINE_FEED,
  MINUS,
  OPEN_BRACE,
  PERCENT,
  QUOTE,
  SLASH,
  SPACE,
  STAR,
  TAB,
  TILDE,
} from "./characters.ts";
import { foreignText } from "./foreign-text.ts";
import { isMultiLineString } from "./multi-line-string.ts";
import { punctuationAt } from "./punctuation.ts";
import { identifierEnd, numberEnd } from "./words.ts";

/**
 * Splits a text into tokens that cover all of it but blanks. The tokens of quotes, heredocs and template sequences
 * are always balanced: what is missing in the text is reported here and stands in the list as an empty token.
 */
export function lex(source: Source, start: "code" | "template", diagnostics: Diagnostics): Token[] {
  return new Lexer(source, diagnostics).run(start);
}

/** What surrounds the place that is being read. */
type Mode =
  /** `open` is the token of `${` or `%{`, missing outside of templates; `braces` counts the open `{` within. */
  | { readonly kind: "code"; readonly open: Token | undefined; braces: number }
  | { readonly kind: "quoted"; readonly open: Token; multiLine: boolean }
  | { readonly kind: "heredoc"; readonly open: Token; readonly marker: string; atLineStart: boolean }
  | { readonly kind: "bare" };

type CodeMode = Extract<Mode, { kind: "code" }>;
type QuotedMode = Extract<Mode, { kind: "quoted" }>;
type HeredocMode = Extract<Mode, { kind: "heredoc" }>;

/** Reading a line again is bounded, so that no text takes quadratic time. */
const MOST_REWINDS = 100;
/** Beyond this many faults of one code, more of the same only hide the others. */
const MOST_OF_A_KIND = 4;

class Lexer {
  private readonly source: Source;
  private readonly text: string;
  private readonly diagnostics: Diagnostics;
  private readonly tokens: Token[] = [];
  private readonly modes: Mode[] = [];
  private readonly told = new Map<string, number>();
  private position = 0;
  private rewinds = 0;

  constructor(source: Source, diagnostics: Diagnostics) {
    this.source = source;
    this.text = source.text;
    this.diagnostics = diagnostics;
  }

  run(start: "code" | "template"): Token[] {
    if (this.text.charCodeAt(0) === BYTE_ORDER_MARK) this.position = 1;
    this.modes.push(start === "code" ? { kind: "code", open: undefined, braces: 0 } : { kind: "bare" });
    while (this.position < this.text.length) {
      const mode = this.modes[this.modes.length - 1] as Mode; // never empty: the first mode is never popped
      if (mode.kind === "code") this.readCode(mode);
      else if (mode.kind === "quoted") this.readQuoted(mode);
      else this.readText(mode);
    }
    this.closeOpenModes();
    this.push("end", this.text.length, this.text.length);
    return this.tokens;
  }

  /** Reads one token, or the blanks before it. */
  private readCode(mode: CodeMode): void {
    const { text } = this;
    const start = this.position;
    const code = text.charCodeAt(start);
    switch (code) {
      case SPACE:
      case TAB:
        this.position++;
        return;
      case LINE_FEED:
        this.take("newline", 1);
        return;
      case CARRIAGE_RETURN:
        if (text.charCodeAt(start + 1) === LINE_FEED) this.take("newline", 2);
        else this.readInvalid();
        return;
      case HASH:
        this.readLineComment();
        return;
      case SLASH: {
        const next = text.charCodeAt(start + 1);
        if (next === SLASH) this.readLineComment();
        else if (next === STAR) this.readBlockComment();
        else this.take("/", 1);
        return;
      }
      case QUOTE: {
        const open = this.take("open-quote", 1);
        this.modes.push({ kind: "quoted", open, multiLine: false });
        return;
      }
      case OPEN_BRACE:
        mode.braces++;
        this.take("{", 1);
        return;
      case CLOSE_BRACE:
        if (mode.braces === 0 && mode.open !== undefined) {
          this.take("close-template", 1);
          this.modes.pop();
          return;
        }
        if (mode.braces > 0) mode.braces--;
        this.take("}", 1);
        return;
      case TILDE:
        if (text.charCodeAt(start + 1) === CLOSE_BRACE && mode.braces === 0 && mode.open !== undefined) {
          this.take("close-template", 2);
          this.modes.pop();
          return;
        }
        this.readInvalid();
        return;
      case LESS:
        if (text.charCodeAt(start + 1) === LESS && this.readHeredocStart()) return;
        break;
    }
    if (code >= DIGIT_0 && code <= DIGIT_9) {
      this.take("number", numberEnd(text, start) - start);
      return;
    }
    const end = identifierEnd(text, start);
    if (end > start) {
      this.take("identifier", end - start);
      return;
    }
    this.readPunctuation();
  }

  private readPunctuation(): void {
    const kind = punctuationAt(this.text, this.position);
    if (kind === undefined) this.readInvalid();
    else this.take(kind, kind.length);
  }

  private readLineComment(): void {
    let end = this.text.indexOf("\n", this.position);
    if (end < 0) end = this.text.length;
    else if (this.text.charCodeAt(end - 1) === CARRIAGE_RETURN) end--;
    this.take("comment", end - this.position);
  }

  private readBlockComment(): void {
    const end = this.text.indexOf("*/", this.position + 2);
    if (end >= 0) {
      this.take("comment", end + 2 - this.position);
      return;
    }
    const start = this.position;
    this.take("comment", this.text.length - start);
    this.report(start, start + 2, {
      code: "unterminated-comment",
      summary: "Unterminated comment",
      detail: 'This comment is never closed, so it swallows the rest of the file. Close it with "*/".',
    });
  }

  /** `<<NAME` or `<<-NAME` and the end of the line; otherwise nothing is read. */
  private readHeredocStart(): boolean {
    const { text, position } = this;
    const nameStart = text.charCodeAt(position + 2) === MINUS ? position + 3 : position + 2;
    const nameEnd = identifierEnd(text, nameStart);
    if (nameEnd === nameStart) return false;
    const lineEnd = text.charCodeAt(nameEnd) === CARRIAGE_RETURN ? nameEnd + 1 : nameEnd;
    if (text.charCodeAt(lineEnd) !== LINE_FEED) return false;
    const open = this.take("open-heredoc", lineEnd + 1 - position);
    this.modes.push({ kind: "heredoc", open, marker: text.slice(nameStart, nameEnd), atLineStart: true });
    return true;
  }

  /** Reads literal text up to the next sequence, or the sequence, or the closing quote. */
  private readQuoted(mode: QuotedMode): void {
    const { text } = this;
    const start = this.position;
    let at = start;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) break;
      if (code === BACKSLASH) {
        const next = text.charCodeAt(at + 1);
        if (next !== LINE_FEED && next !== CARRIAGE_RETURN) at++;
      } else if (code === DOLLAR || code === PERCENT) {
        const length = sequenceAt(text, at);
        if (length > 0) break;
        if (length < 0) at += 2;
      } else if (code === LINE_FEED && !mode.multiLine) {
        if (this.endAtLineBreak(mode, at)) return;
      }
    }
    if (at > text.length) at = text.length;
    if (at > start) {
      this.take("quoted-text", at - start);
      return;
    }
    if (text.charCodeAt(at) === QUOTE) {
      this.take("close-quote", 1);
      this.modes.pop();
      return;
    }
    this.readSequenceStart();
  }

  /**
   * A line ends within quotes, which is always a fault. Which one decides where reading goes on: the string was meant
   * to go over several lines (false: read on), its closing quote is missing, or the quote that opened it was meant to
   * close the string around it, whose `${` was never closed.
   */
  private endAtLineBreak(mode: QuotedMode, lineFeed: number): boolean {
    const lineEnd = this.text.charCodeAt(lineFeed - 1) === CARRIAGE_RETURN ? lineFeed - 1 : lineFeed;
    const around = this.modes[this.modes.length - 2];
    const outer = this.modes[this.modes.length - 3];
    if (around?.kind === "code" && around.open && outer?.kind === "quoted" && this.rewinds < MOST_REWINDS) {
      this.rewinds++;
      this.reportUnclosedSequence(around.open, "the end of the quoted string");
      this.tokens.length = this.tokens.lastIndexOf(mode.open);
      this.modes.length -= 3;
      this.position = mode.open.start;
      this.push("close-template", this.position, this.position);
      this.take("close-quote", 1);
      return true;
    }
    if (isMultiLineString(this.text, lineFeed)) {
      mode.multiLine = true;
      this.report(lineEnd, lineFeed + 1, {
        code: "multi-line-string",
        summary: "Invalid multi-line string",
        detail:
          "A string in quotes must end on the line on which it begins. Write a line break as \\n, or use a heredoc: " +
          "<<EOT, the lines, and EOT on a line of its own.",
        context: rangeOf(this.source, mode.open.start, lineFeed),
      });
      return false;
    }
    if (lineEnd > this.position) this.take("quoted-text", lineEnd - this.position);
    this.reportUnclosedString(mode.open, lineEnd, "the end of the line");
    this.push("close-quote", lineEnd, lineEnd);
    this.modes.pop();
    return true;
  }

  /** Reads literal text to the end of the line, or the sequence that begins here, or the end of the heredoc. */
  private readText(mode: HeredocMode | { readonly kind: "bare" }): void {
    const { text } = this;
    const start = this.position;
    let at = start;
    let ended = false;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === LINE_FEED) {
        at++;
        ended = true;
        break;
      }
      if (code === DOLLAR || code === PERCENT) {
        const length = sequenceAt(text, at);
        if (length > 0) break;
        if (length < 0) at += 2;
      }
    }
    if (at > text.length) at = text.length;
    if (mode.kind === "heredoc") {
      if (mode.atLineStart && (ended || at === text.length) && text.slice(start, at).trim() === mode.marker) {
        let end = at;
        if (ended) end -= text.charCodeAt(at - 2) === CARRIAGE_RETURN ? 2 : 1;
        this.take("close-heredoc", end - start);
        this.modes.pop();
        return;
      }
      mode.atLineStart = ended;
    }
    if (at > start) this.take("text", at - start);
    else this.readSequenceStart();
  }

  private readSequenceStart(): void {
    const kind = this.text.charCodeAt(this.position) === DOLLAR ? "open-interpolation" : "open-directive";
    const open = this.take(kind, this.text.charCodeAt(this.position + 2) === TILDE ? 3 : 2);
    this.modes.push({ kind: "code", open, braces: 0 });
  }

  /** What is still open at the end of the text is closed; the innermost is the fault, the others follow from it. */
  private closeOpenModes(): void {
    const end = this.text.length;
    let reported = false;
    for (let mode = this.modes.pop(); mode; mode = this.modes.pop()) {
      if (mode.kind === "quoted") {
        if (!reported) this.reportUnclosedString(mode.open, end, "the end of the text");
        this.push("close-quote", end, end);
      } else if (mode.kind === "heredoc") {
        if (!reported) this.reportUnclosedHeredoc(mode);
        this.push("close-heredoc", end, end);
      } else if (mode.kind === "code" && mode.open) {
        if (!reported) this.reportUnclosedSequence(mode.open, "the end of the text");
        this.push("close-template", end, end);
      } else continue;
      reported = true;
    }
  }

  private readInvalid(): void {
    const start = this.position;
    const { kind, length, fault } = foreignText(this.text, start);
    this.take(kind, length);
    this.report(start, start + length, fault);
  }

  private reportUnclosedString(open: Token, end: number, where: string): void {
    this.report(open.start, end, {
      code: "unterminated-string",
      summary: "Unterminated template string",
      detail: `This string has no closing quote (") before ${where}.`,
    });
  }

  private reportUnclosedHeredoc(mode: HeredocMode): void {
    this.report(mode.open.start, mode.open.end - 1, {
      code: "unterminated-heredoc",
      summary: "Unterminated template string",
      detail: `This heredoc is never closed. Write ${mode.marker}, and nothing else, on a line of its own behind it.`,
    });
  }

  private reportUnclosedSequence(open: Token, where: string): void {
    const directive = open.kind === "open-directive";
    const mark = directive ? "%{" : "${";
    this.report(open.start, open.end, {
      code: "unclosed-interpolation",
      summary: directive ? "Unclosed template control sequence" : "Unclosed template interpolation sequence",
      detail:
        `This ${mark} has no closing brace before ${where}. ` +
        `If it is meant literally, for another language, write ${mark[0]}${mark}.`,
    });
  }

  private report(start: number, end: number, text: DiagnosticText): void {
    const told = this.told.get(text.code) ?? 0;
    this.told.set(text.code, told + 1);
    if (told < MOST_OF_A_KIND) this.diagnostics.error({ ...text, subject: rangeOf(this.source, start, end) });
  }

  private take(kind: TokenKind, length: number): Token {
    const token = this.push(kind, this.position, this.position + length);
    this.position += length;
    return token;
  }

  private push(kind: TokenKind, start: number, end: number): Token {
    const token = { kind, start, end };
    this.tokens.push(token);
    return token;
  }
}

/** 2: `${` or `%{` begins here; -2: its escaped form `$${` does; 0: neither. */
function sequenceAt(text: string, at: number): number {
  const sign = text.charCodeAt(at);
  const next = text.charCodeAt(at + 1);
  if (next === OPEN_BRACE) return 2;
  return next === sign && text.charCodeAt(at + 2) === OPEN_BRACE ? -2 : 0;
}
