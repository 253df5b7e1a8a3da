import { parseGoNumber } from "./go-number.ts";
import { goQuote, goUnquote } from "./go-quote.ts";
import { scanTemplate, type Token, type TokenKind } from "./scan-template.ts";
import { TemplateFault } from "./template-fault.ts";
import {
  type Command,
  type Control,
  nodeText,
  type Operand,
  type ParsedTemplate,
  type Pipe,
  type TemplateNode,
} from "./template-tree.ts";

/** Parses a template in which these functions are known. Throws a `TemplateFault`: "template: root:1: …". */
export function parseTemplate(text: string, isFunction: (name: string) => boolean): ParsedTemplate {
  const parser = new Parser(text, isFunction);
  const nodes = parser.parseAll();
  return { text, nodes, defined: parser.defined };
}

/** Ends a list of nodes. `follows`: `{{else if …}}` or `{{else with …}}`. */
type Terminator = { readonly kind: "end" | "else"; readonly follows?: "if" | "with" };

const NOT_EXECUTABLE = new Set(["bool", "dot", "nil", "number", "string"]);
/** Of parentheses and blocks; Go allows more than any stack here. */
const DEEPEST = 500;
const STARTS_OPERAND: ReadonlySet<TokenKind> = new Set([
  "bool",
  "char-constant",
  "dot",
  "field",
  "identifier",
  "number",
  "nil",
  "raw-string",
  "string",
  "variable",
  "(",
]);

class Parser {
  readonly defined = new Map<string, readonly TemplateNode[]>();
  private readonly tokens: readonly Token[];
  private readonly isFunction: (name: string) => boolean;
  private next = 0;
  private variables: string[] = ["$"];
  private rangeDepth = 0;
  private actionLine = 0;
  private depth = 0;

  constructor(text: string, isFunction: (name: string) => boolean) {
    this.tokens = scanTemplate(text);
    this.isFunction = isFunction;
  }

  parseAll(): TemplateNode[] {
    const nodes: TemplateNode[] = [];
    for (;;) {
      if (this.peek().kind === "end") return nodes;
      const node = this.textOrAction();
      if (isTerminator(node)) this.fail(`unexpected {{${node.kind}}}`);
      if (node !== undefined) nodes.push(node);
    }
  }

  private list(): { nodes: TemplateNode[]; terminator: Terminator } {
    const nodes: TemplateNode[] = [];
    while (this.peekPastSpace().kind !== "end") {
      const node = this.textOrAction();
      if (isTerminator(node)) return { nodes, terminator: node };
      if (node !== undefined) nodes.push(node);
    }
    return this.fail("unexpected EOF");
  }

  /** undefined for a `define`. */
  private textOrAction(): TemplateNode | Terminator | undefined {
    const token = this.takePastSpace();
    if (token.kind === "text") return { kind: "text", text: token.text, at: token.at };
    if (token.kind !== "open") return this.unexpected(token, "input");
    this.actionLine = token.line;
    const node = this.action();
    this.actionLine = 0;
    return node;
  }

  private action(): TemplateNode | Terminator | undefined {
    const first = this.peekPastSpace();
    if (first.kind !== "keyword") {
      const pipe = this.pipeline("command", "close");
      return { kind: "action", pipe, at: first.at };
    }
    this.takePastSpace();
    switch (first.text) {
      case "if":
      case "with":
      case "range":
        return this.control(first.text);
      case "end":
        this.expect("close", "end");
        return { kind: "end" };
      case "else": {
        const { kind, text } = this.peekPastSpace();
        if (kind === "keyword" && (text === "if" || text === "with")) return { kind: "else", follows: text };
        this.expect("close", "else");
        return { kind: "else" };
      }
      case "break":
      case "continue": {
        const after = this.takePastSpace();
        if (after.kind !== "close") this.unexpected(after, `{{${first.text}}}`);
        if (this.rangeDepth === 0) this.fail(`{{${first.text}}} outside {{range}}`);
        return { kind: first.text, at: first.at };
      }
      case "template":
        return this.template();
      case "block":
        return this.block();
      default:
        return this.define();
    }
  }

  private control(kind: Control["kind"]): Control {
    if (this.depth >= DEEPEST) this.fail(`{{${kind}}} is nested too deeply`);
    this.depth++;
    const outer = this.variables.length;
    const pipe = this.pipeline(kind, "close");
    if (kind === "range") this.rangeDepth++;
    const { nodes: body, terminator } = this.list();
    if (kind === "range") this.rangeDepth--;
    let otherwise: readonly TemplateNode[] | undefined;
    if (terminator.kind === "else") {
      if (terminator.follows !== undefined && terminator.follows === kind) {
        this.takePastSpace();
        otherwise = [this.control(terminator.follows)];
      } else {
        const rest = this.list();
        if (rest.terminator.kind !== "end") this.fail(`expected end; found {{${rest.terminator.kind}}}`);
        otherwise = rest.nodes;
      }
    }
    this.variables.length = outer;
    this.depth--;
    return { kind, pipe, body, otherwise, at: pipe.at };
  }

  private template(): TemplateNode {
    const token = this.takePastSpace();
    const name = this.templateName(token, "template clause");
    if (this.peekPastSpace().kind === "close") {
      this.takePastSpace();
      return { kind: "template", name, at: token.at };
    }
    return { kind: "template", name, pipe: this.pipeline("template clause", "close"), at: token.at };
  }

  private block(): TemplateNode {
    const token = this.takePastSpace();
    const name = this.templateName(token, "block clause");
    const pipe = this.pipeline("block clause", "close");
    this.definition(name, "block clause");
    return { kind: "template", name, pipe, at: token.at };
  }

  private define(): undefined {
    const name = this.templateName(this.takePastSpace(), "define clause");
    this.expect("close", "define clause");
    this.definition(name, "define clause");
  }

  private definition(name: string, context: string): void {
    const { variables: outer, rangeDepth } = this;
    this.variables = ["$"];
    this.rangeDepth = 0;
    const { nodes, terminator } = this.list();
    if (terminator.kind !== "end") this.fail(`unexpected {{${terminator.kind}}} in ${context}`);
    this.variables = outer;
    this.rangeDepth = rangeDepth;
    this.defined.set(name, nodes);
  }

  private templateName(token: Token, context: string): string {
    if (token.kind !== "string" && token.kind !== "raw-string") return this.unexpected(token, context);
    return goUnquote(token.text) ?? this.fail("invalid syntax");
  }

  private pipeline(context: string, end: TokenKind): Pipe {
    const { at } = this.peekPastSpace();
    const { variables, assigns } = this.declarations(context);
    const commands: Command[] = [];
    for (;;) {
      const token = this.peekPastSpace();
      if (token.kind === end) break;
      if (!STARTS_OPERAND.has(token.kind)) this.unexpected(this.takePastSpace(), context);
      commands.push(this.command());
    }
    this.takePastSpace();
    if (commands.length === 0) this.fail(`missing value for ${context}`);
    const stray = commands.findIndex(({ operands }, index) => index > 0 && NOT_EXECUTABLE.has(operands[0].kind));
    if (stray > 0) this.fail(`non executable command in pipeline stage ${stray + 1}`);
    return { kind: "pipe", variables, assigns, commands, at };
  }

  private declarations(context: string): { variables: string[]; assigns: boolean } {
    const variables: string[] = [];
    while (this.peekPastSpace().kind === "variable") {
      const before = this.next;
      const name = this.takePastSpace().text;
      const after = this.takePastSpace();
      const isComma = after.kind === "character" && after.text === ",";
      if (!isComma && after.kind !== "=" && after.kind !== ":=") {
        this.next = before;
        break;
      }
      variables.push(name);
      this.variables.push(name);
      if (!isComma) return { variables, assigns: after.kind === "=" };
      if (context !== "range" || variables.length > 1) this.fail(`too many declarations in ${context}`);
      const { kind } = this.peekPastSpace();
      if (kind !== "variable" && kind !== "close" && kind !== ")") this.fail("range can only initialize variables");
    }
    return { variables, assigns: false };
  }

  private command(): Command {
    const { at } = this.peekPastSpace();
    const operands: Operand[] = [];
    for (;;) {
      const operand = this.operand();
      if (operand !== undefined) operands.push(operand);
      const token = this.take();
      if (token.kind === "space") continue;
      if (token.kind === "close" || token.kind === ")") this.next--;
      else if (token.kind !== "|") this.unexpected(token, "operand");
      break;
    }
    const [first, ...others] = operands;
    if (first === undefined) return this.fail("empty command");
    return { kind: "command", operands: [first, ...others], at };
  }

  private operand(): Operand | undefined {
    const term = this.term();
    const { at } = this.peek();
    if (term === undefined || this.peek().kind !== "field") return term;
    const path: string[] = [];
    while (this.peek().kind === "field") path.push(this.take().text.slice(1));
    if (term.kind === "field" || term.kind === "variable") return { ...term, path: [...term.path, ...path], at };
    if (NOT_EXECUTABLE.has(term.kind)) this.fail(`unexpected . after term ${goQuote(nodeText(term))}`);
    return { kind: "chain", of: term, path, at };
  }

  private term(): Operand | undefined {
    const token = this.peekPastSpace();
    if (!STARTS_OPERAND.has(token.kind)) return undefined;
    this.takePastSpace();
    const { text, at } = token;
    switch (token.kind) {
      case "identifier":
        if (!this.isFunction(text)) this.fail(`function ${goQuote(text)} not defined`);
        return { kind: "function", name: text, at };
      case "dot":
      case "nil":
        return { kind: token.kind, at };
      case "variable":
        if (!this.variables.includes(text)) this.fail(`undefined variable ${goQuote(text)}`);
        return { kind: "variable", name: text, path: [], at };
      case "field":
        return { kind: "field", path: [text.slice(1)], at };
      case "bool":
        return { kind: "bool", value: text === "true", at };
      case "(": {
        if (this.depth >= DEEPEST) this.fail("max expression depth exceeded");
        this.depth++;
        const pipe = this.pipeline("parenthesized pipeline", ")");
        this.depth--;
        return pipe;
      }
      case "string":
      case "raw-string":
        return { kind: "string", literal: text, value: goUnquote(text) ?? this.fail("invalid syntax"), at };
      default: {
        const number = parseGoNumber(text);
        return "fault" in number ? this.fail(number.fault) : { kind: "number", literal: text, ...number, at };
      }
    }
  }

  private peek(): Token {
    // The scanner always ends with `end` or `error`, and neither is passed.
    return this.tokens[Math.min(this.next, this.tokens.length - 1)] ?? { kind: "end", text: "", at: 0, line: 1 };
  }

  private take(): Token {
    const token = this.peek();
    this.next++;
    return token;
  }

  private peekPastSpace(): Token {
    while (this.peek().kind === "space") this.next++;
    return this.peek();
  }

  private takePastSpace(): Token {
    this.peekPastSpace();
    return this.take();
  }

  private expect(kind: TokenKind, context: string): void {
    const token = this.takePastSpace();
    if (token.kind !== kind) this.unexpected(token, context);
  }

  private unexpected(token: Token, context: string): never {
    if (token.kind !== "error") return this.fail(`unexpected ${tokenText(token)} in ${context}`, token);
    const started =
      this.actionLine !== 0 && this.actionLine !== token.line
        ? `${token.text.endsWith(" action") ? "" : " in action"} started at root:${this.actionLine}`
        : "";
    return this.fail(token.text + started, token);
  }

  private fail(fault: string, token = this.tokens[Math.max(0, this.next - 1)] ?? this.peek()): never {
    throw new TemplateFault(`template: root:${token.line}: ${fault}`);
  }
}

function isTerminator(node: TemplateNode | Terminator | undefined): node is Terminator {
  return node?.kind === "end" || node?.kind === "else";
}

function tokenText(token: Token): string {
  if (token.kind === "end") return "EOF";
  if (token.kind === "keyword" || token.kind === "dot" || token.kind === "nil") return `<${token.text}>`;
  const letters = [...token.text];
  return letters.length > 10 ? `${goQuote(letters.slice(0, 10).join(""))}...` : goQuote(token.text);
}
