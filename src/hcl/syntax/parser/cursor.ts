import type { Diagnostics, DiagnosticText } from "../../source/diagnostic.ts";
import { type Range, rangeOf, type Source } from "../../source/source.ts";
import type { Token, TokenKind } from "../token.ts";
import type { Expression, Name } from "../tree.ts";

/** What nests deeper than this is refused, so that no text exhausts the stack of this parser or of an evaluator. */
const MOST_DEPTH = 200;

/**
 * Walks over the tokens, without comments. After a fault it is in panic: no further fault is reported until a
 * construct that knows where it goes on (`recover`) has skipped to that place.
 */
export class Cursor {
  readonly source: Source;
  /** Set by the last fault, taken back by `recover`. */
  panicking = false;
  /** A block whose closing brace looks like that of another: named when a brace turns out to be missing. */
  misplacedBrace: Range | undefined;
  /** The lexer has reported something unclosed that runs to the end, so that what is missing there is no fault. */
  readonly endIsSwallowed: boolean;
  private readonly tokens: readonly Token[];
  private readonly diagnostics: Diagnostics;
  private index = 0;
  private ignoreNewlines = false;
  private depth = 0;
  private splats = 0;

  constructor(source: Source, tokens: readonly Token[], diagnostics: Diagnostics) {
    this.source = source;
    this.tokens = tokens.filter((token) => token.kind !== "comment");
    this.diagnostics = diagnostics;
    this.endIsSwallowed = isSwallowed(source, tokens[tokens.length - 2]);
  }

  peek(): Token {
    if (this.ignoreNewlines) {
      while (this.at(this.index).kind === "newline") this.index++;
    }
    return this.at(this.index);
  }

  peekKind(): TokenKind {
    return this.peek().kind;
  }

  next(): Token {
    const token = this.peek();
    if (token.kind !== "end") this.index++;
    return token;
  }

  /** Takes the next token if it is of this kind. */
  take(kind: TokenKind): Token | undefined {
    return this.peekKind() === kind ? this.next() : undefined;
  }

  isKeyword(word: string): boolean {
    const token = this.peek();
    return token.kind === "identifier" && this.textOf(token) === word;
  }

  /** The last token taken; before the first, an empty one at the start. */
  get previous(): Token {
    return this.index === 0 ? { kind: "newline", start: 0, end: 0 } : this.at(this.index - 1);
  }

  textOf(token: Token): string {
    return this.source.text.slice(token.start, token.end);
  }

  nameOf(token: Token): Name {
    return { text: this.textOf(token), range: this.rangeOf(token) };
  }

  rangeOf(token: Token): Range {
    return rangeOf(this.source, token.start, token.end);
  }

  /** From the start of a token or range to the end of the last token taken. */
  rangeFrom(first: { readonly start: number }): Range {
    const { previous } = this;
    return rangeOf(this.source, first.start, Math.max(first.start, previous.end));
  }

  range(first: { readonly start: number }, last: { readonly end: number }): Range {
    return rangeOf(this.source, first.start, Math.max(first.start, last.end));
  }

  /** A place just behind the last token taken, where something is missing. */
  behindPrevious(): Range {
    const { end } = this.previous;
    return rangeOf(this.source, end, end);
  }

  /** Runs `work` with line breaks ignored (in brackets) or seen (in bodies and objects). */
  withNewlines<T>(seen: boolean, work: () => T): T {
    const before = this.ignoreNewlines;
    this.ignoreNewlines = !seen;
    const result = work();
    this.ignoreNewlines = before;
    return result;
  }

  /** Runs `work` one level deeper, or reports that the text nests too deep. */
  nested<T>(work: () => T): T | undefined {
    if (this.depth >= MOST_DEPTH) {
      this.fault({
        code: "nested-too-deep",
        summary: "Expression nested too deeply",
        detail: `More than ${MOST_DEPTH} levels of nesting are not supported.`,
        subject: this.rangeOf(this.peek()),
      });
      return undefined;
    }
    this.depth++;
    const result = work();
    this.depth--;
    return result;
  }

  nextSplatId(): number {
    return this.splats++;
  }

  fault(text: DiagnosticText): void {
    if (!this.panicking) this.diagnostics.error(text);
    this.panicking = true;
  }

  /** A fault that does not disturb what follows. */
  report(text: DiagnosticText): void {
    this.diagnostics.error(text);
  }

  faultExpression(first: { readonly start: number }): Expression {
    return { kind: "fault", range: this.rangeFrom(first) };
  }

  /**
   * Ends the panic: skips to the next of these tokens that is outside of brackets opened on the way. Stops before it,
   * and also before whatever must belong to something around: a foreign closing bracket, the end of the template
   * sequence, or, within `[` and `(`, a line that begins an argument or a block.
   */
  recover(...stops: readonly TokenKind[]): void {
    this.panicking = false;
    const lineStops = !stops.includes("newline") && !stops.includes("close-template");
    const opened = new OpenBrackets();
    for (; ; this.index++) {
      const { kind } = this.at(this.index);
      if (kind === "end" || CLOSES_TEMPLATE.has(kind)) return;
      if (opened.none && stops.includes(kind)) return;
      if (kind === "newline" && lineStops && opened.none && this.beginsItem(this.index + 1)) return;
      if (OPENS_TEMPLATE.has(kind)) this.skipTemplate();
      else if (kind === "{" || kind === "[" || kind === "(") opened.open(kind);
      else if (kind === "}" || kind === "]" || kind === ")") {
        if (opened.close(OPENER[kind])) continue;
        if (stops.includes(kind)) return;
        if (!stops.includes("close-template") && !stops.includes("newline")) return;
        if (stops.includes("newline") && kind === "}") return;
      }
    }
  }

  /** Behind a line break, a line that can only be an argument (`name =`) or a block (`name {`, `name "label" {`). */
  get atItemOnNewLine(): boolean {
    this.peek();
    return this.index > 0 && this.at(this.index - 1).kind === "newline" && this.beginsItem(this.index);
  }

  /** The same, but only for a block: in an object, an argument is an item. */
  get atBlockOnNewLine(): boolean {
    this.peek();
    return this.index > 0 && this.at(this.index - 1).kind === "newline" && this.beginsBlock(this.index);
  }

  /** Next are line breaks and behind them a `{`, which nothing but a misplaced block can mean. */
  get atBraceOnNewLine(): boolean {
    let index = this.index;
    while (this.at(index).kind === "newline") index++;
    return index > this.index && this.at(index).kind === "{";
  }

  /** Puts a line break back that was ignored, so that what is around sees the end of its line. */
  backToNewline(): void {
    while (this.index > 0 && this.at(this.index - 1).kind === "newline") this.index--;
  }

  /** In brackets: nothing more can belong to what they hold, so that the closing bracket is missing. */
  get atForeignEnd(): boolean {
    const { kind } = this.peek();
    return kind === "end" || CLOSES_TEMPLATE.has(kind) || kind in OPENER || this.atItemOnNewLine;
  }

  private beginsItem(index: number): boolean {
    if (this.at(index).kind !== "identifier") return false;
    return this.at(index + 1).kind === "=" || this.beginsBlock(index);
  }

  private beginsBlock(index: number): boolean {
    if (this.at(index).kind !== "identifier") return false;
    let at = index + 1;
    while (this.at(at).kind === "open-quote" && this.at(at + 1).kind === "quoted-text") at += 3;
    return this.at(at).kind === "{" && this.at(at - 1).kind !== "quoted-text";
  }

  /** From an opening token of a template to its closing one: the lexer made them balanced. */
  private skipTemplate(): void {
    let open = 0;
    for (; ; this.index++) {
      const { kind } = this.at(this.index);
      if (OPENS_TEMPLATE.has(kind)) open++;
      else if (CLOSES_TEMPLATE.has(kind) && --open === 0) return;
      if (kind === "end") return;
    }
  }

  private at(index: number): Token {
    return this.tokens[index] ?? (this.tokens[this.tokens.length - 1] as Token); // the list ends with "end"
  }
}

type Opener = "{" | "[" | "(";

/** The brackets opened while skipping. A closing one closes all since its opening one, if there is that. */
class OpenBrackets {
  private readonly stack: Opener[] = [];
  private readonly counts = { "{": 0, "[": 0, "(": 0 };

  get none(): boolean {
    return this.stack.length === 0;
  }

  open(bracket: Opener): void {
    this.stack.push(bracket);
    this.counts[bracket]++;
  }

  /** False where no such bracket is open. Each step takes one off the stack, so that all together are linear. */
  close(bracket: Opener): boolean {
    if (this.counts[bracket] === 0) return false;
    for (let last = this.stack.pop(); last !== undefined; last = this.stack.pop()) {
      this.counts[last]--;
      if (last === bracket) break;
    }
    return true;
  }
}

const OPENS_TEMPLATE: ReadonlySet<TokenKind> = new Set([
  "open-quote",
  "open-heredoc",
  "open-interpolation",
  "open-directive",
] as const);
const CLOSES_TEMPLATE: ReadonlySet<TokenKind> = new Set(["close-quote", "close-heredoc", "close-template"] as const);
const OPENER = { "}": "{", "]": "[", ")": "(" } as const;

/** Whether the last token is one that the lexer added, or a comment that it had to end. */
function isSwallowed(source: Source, last: Token | undefined): boolean {
  if (last === undefined) return false;
  if (last.kind !== "comment") return last.kind.startsWith("close-") && last.start === last.end;
  const text = source.text.slice(last.start, last.end);
  return text.startsWith("/*") && !(text.length > 3 && text.endsWith("*/"));
}
