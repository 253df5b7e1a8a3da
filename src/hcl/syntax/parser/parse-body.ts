import { lineMap } from "../../source/line-map.ts";
import type { Range } from "../../source/source.ts";
import type { Token } from "../token.ts";
import type { AttributeNode, BlockNode, Name, NativeBody } from "../tree.ts";
import type { Cursor } from "./cursor.ts";
import { parseExpression } from "./parse-expression.ts";
import { literalText } from "./string-literal.ts";

/** The body of a whole file. */
export function parseBody(cursor: Cursor): NativeBody {
  const items: (AttributeNode | BlockNode)[] = [];
  const first = cursor.peek();
  parseItems(cursor, items);
  while (cursor.peekKind() === "}") {
    const brace = cursor.next();
    if (!cursor.panicking) {
      cursor.report({
        code: "item-expected",
        summary: "Argument or block definition required",
        detail: 'This "}" closes nothing: there is one closing brace too many, or an opening one is missing above.',
        subject: cursor.rangeOf(brace),
      });
    }
    parseItems(cursor, items);
  }
  return { kind: "body", items, range: cursor.range({ start: Math.min(first.start, 0) }, cursor.peek()) };
}

/** Reads items until a closing brace or the end, which stay to be read. */
function parseItems(cursor: Cursor, items: (AttributeNode | BlockNode)[]): void {
  const seen = new Map<string, Name>();
  for (const item of items) if (item.kind === "attribute") seen.set(item.name.text, item.name);
  for (;;) {
    const token = cursor.peek();
    if (token.kind === "newline") cursor.next();
    else if (token.kind === "}" || token.kind === "end") return;
    else if (token.kind === "identifier") {
      const item = parseItem(cursor, endOfLine);
      if (item?.kind === "attribute") reportRedefined(cursor, seen, item);
      if (item) items.push(item);
    } else {
      reportNoItem(cursor, token);
      if (token.kind !== "open-quote") cursor.next();
      cursor.recover("newline");
    }
  }
}

function reportRedefined(cursor: Cursor, seen: Map<string, Name>, item: AttributeNode): void {
  const earlier = seen.get(item.name.text);
  if (!earlier) {
    seen.set(item.name.text, item.name);
    return;
  }
  const { line } = lineMap(cursor.source).position(earlier.range.start);
  cursor.report({
    code: "attribute-redefined",
    summary: "Attribute redefined",
    detail: `The argument "${item.name.text}" was already set on line ${line}. Each argument can be set only once.`,
    subject: item.name.range,
  });
}

function reportNoItem(cursor: Cursor, token: Token): void {
  if (token.kind === "open-quote") {
    cursor.fault({
      code: "quoted-argument-name",
      summary: "Invalid argument name",
      detail: "Names of arguments and types of blocks are written without quotes.",
      subject: cursor.rangeOf(token),
    });
  } else if (token.kind !== "invalid") {
    cursor.fault({
      code: "item-expected",
      summary: "Argument or block definition required",
      detail: `Here an argument (name = value) or a block (name { … }) must begin, and not "${cursor.textOf(token)}".`,
      subject: cursor.rangeOf(token),
    });
  }
}

/** `atEnd` sees to what must follow an item. */
function parseItem(
  cursor: Cursor,
  atEnd: (cursor: Cursor, what: "argument" | "block", first: Token) => void,
): AttributeNode | BlockNode | undefined {
  const name = cursor.next();
  const { kind } = cursor.peek();
  if (kind === "=") {
    cursor.next();
    const expression = parseExpression(cursor);
    const item: AttributeNode = {
      kind: "attribute",
      name: cursor.nameOf(name),
      expression,
      range: cursor.range(name, expression.range),
    };
    atEnd(cursor, "argument", name);
    return item;
  }
  if (kind === "{" || kind === "open-quote" || kind === "identifier" || cursor.atBraceOnNewLine) {
    const block = parseBlock(cursor, name);
    if (block) atEnd(cursor, "block", name);
    else cursor.recover("newline");
    return block;
  }
  const word = cursor.textOf(name);
  cursor.fault({
    code: "item-expected",
    summary: "Argument or block definition required",
    detail:
      kind === ":"
        ? `An argument takes an equals sign, not a colon: ${word} = …`
        : `"${word}" alone says nothing here: write ${word} = value to set an argument, or ${word} { … } for a block.`,
    subject: cursor.rangeOf(name),
  });
  cursor.recover("newline");
  return undefined;
}

/** Behind an item comes a new line. */
function endOfLine(cursor: Cursor, what: "argument" | "block", first: Token): void {
  const token = cursor.peek();
  if (!cursor.panicking && (token.kind === "newline" || token.kind === "end")) return;
  const comma = token.kind === "," && what === "argument";
  if (token.kind !== "invalid") {
    cursor.fault({
      code: comma ? "comma-after-argument" : `newline-missing-after-${what}`,
      summary: comma
        ? "Unexpected comma after argument"
        : `Missing newline after ${what}${what === "block" ? " definition" : ""}`,
      detail: comma
        ? "Arguments are separated by new lines, not by commas."
        : `The ${what} is complete before this; what follows begins on a line of its own.`,
      subject: cursor.rangeOf(token),
      context: cursor.range(first, token),
    });
  }
  cursor.recover("newline");
}

function parseBlock(cursor: Cursor, type: Token): BlockNode | undefined {
  const labels = parseLabels(cursor);
  const header = cursor.rangeFrom(type);
  let open = cursor.take("{");
  if (!open) {
    // An equals sign or line breaks too many: what is meant is clear, so the block is read.
    const onNewLine = cursor.atBraceOnNewLine;
    reportNoBrace(cursor, type);
    if (onNewLine) while (cursor.take("newline"));
    else if (!cursor.take("=")) return undefined;
    open = cursor.take("{");
    if (!open) return undefined;
    cursor.panicking = false;
  }
  const items: (AttributeNode | BlockNode)[] = [];
  const read = cursor.nested(() => {
    const { kind } = cursor.peek();
    if (kind === "newline" || kind === "}" || kind === "end") parseItems(cursor, items);
    else parseOneLine(cursor, items);
    return true;
  });
  if (!read) cursor.recover("}");
  const close = cursor.take("}");
  if (close) noteMisplacedBrace(cursor, type, header, close);
  else reportUnclosed(cursor, type, header);
  const body: NativeBody = { kind: "body", items, range: cursor.rangeFrom(open) };
  return { kind: "block", type: cursor.nameOf(type), labels, header, body, range: cursor.rangeFrom(type) };
}

/** A brace further left than the block that it closes was probably meant for a block around. */
function noteMisplacedBrace(cursor: Cursor, type: Token, header: Range, close: Token): void {
  const indent = indentOf(cursor, close);
  if (indent === undefined || cursor.misplacedBrace !== undefined) return;
  const blockIndent = indentOf(cursor, type);
  if (blockIndent !== undefined && indent < blockIndent) cursor.misplacedBrace = header;
}

/** How far from the start of its line a token stands, if it is the first in it. */
function indentOf(cursor: Cursor, token: Token): number | undefined {
  const { text } = cursor.source;
  const lineStart = text.lastIndexOf("\n", token.start - 1) + 1;
  for (let at = lineStart; at < token.start; at++) {
    const character = text[at];
    if (character !== " " && character !== "\t") return undefined;
  }
  return token.start - lineStart;
}

function reportUnclosed(cursor: Cursor, type: Token, header: Range): void {
  if (cursor.endIsSwallowed) return;
  const suspect = cursor.misplacedBrace;
  cursor.misplacedBrace = undefined;
  cursor.fault({
    code: "unclosed-block",
    summary: "Unclosed configuration block",
    detail: suspect
      ? "There is one closing brace too few, and going by the indentation it is the one of this block."
      : `The block "${cursor.textOf(type)}" has no closing brace before the end of the file.`,
    subject: suspect ?? header,
  });
}

function parseLabels(cursor: Cursor): Name[] {
  const labels: Name[] = [];
  for (;;) {
    const token = cursor.peek();
    if (token.kind === "identifier") labels.push(cursor.nameOf(cursor.next()));
    else if (token.kind === "open-quote") labels.push(parseQuotedLabel(cursor));
    else return labels;
  }
}

function parseQuotedLabel(cursor: Cursor): Name {
  const open = cursor.next();
  let text = "";
  for (;;) {
    const token = cursor.next();
    if (token.kind === "close-quote" || token.kind === "end") return { text, range: cursor.rangeFrom(open) };
    if (token.kind === "quoted-text") text += literalText(cursor, token, true);
    else {
      const sign = cursor.textOf(token).charAt(0);
      cursor.report({
        code: "template-in-label",
        summary: "Invalid string literal",
        detail: `The label of a block cannot be computed. To write ${sign}{ literally, double the sign: ${sign}${sign}{.`,
        subject: cursor.rangeOf(token),
        context: cursor.range(open, token),
      });
      text += `${sign}{ … }`;
      cursor.recover("close-template");
      cursor.take("close-template");
    }
  }
}

function reportNoBrace(cursor: Cursor, type: Token): void {
  const token = cursor.peek();
  const block = cursor.textOf(type);
  if (token.kind === "invalid") {
    cursor.panicking = true;
    return;
  }
  cursor.fault({
    code: "invalid-block-definition",
    summary: "Invalid block definition",
    detail:
      token.kind === "="
        ? `An equals sign sets an argument. A block has none: ${block} "label" { … }.`
        : token.kind === "newline" || token.kind === "end"
          ? `The opening brace of the block "${block}" belongs on the line on which the block begins.`
          : "Here a label in quotes or the opening brace of the block is expected.",
    subject: token.kind === "newline" ? cursor.behindPrevious() : cursor.rangeOf(token),
    context: cursor.range(type, token),
  });
}

/** `{ name = value }` on one line holds one argument at most. Faulty forms are read on, to find what is in them. */
function parseOneLine(cursor: Cursor, items: (AttributeNode | BlockNode)[]): void {
  const token = cursor.peek();
  if (token.kind !== "identifier") {
    reportNoItem(cursor, token);
    if (token.kind !== "open-quote") cursor.next();
    cursor.recover("newline", "}");
    if (cursor.peekKind() === "newline") parseItems(cursor, items);
    return;
  }
  const item = parseItem(cursor, endOfOneLine);
  if (item) items.push(item);
  if (item?.kind === "block") {
    cursor.report({
      code: "block-on-one-line",
      summary: "Argument definition required",
      detail:
        "A block on one line can hold a single argument and no block. Write the inner block on a line of its own.",
      subject: item.header,
    });
  }
  const after = cursor.peekKind();
  if (after === "}" || after === "end") return;
  while (cursor.take(",")) {
    if (cursor.peekKind() !== "identifier") break;
    const another = parseItem(cursor, endOfOneLine);
    if (another) items.push(another);
  }
  parseItems(cursor, items);
}

function endOfOneLine(cursor: Cursor, _what: "argument" | "block", first: Token): void {
  const token = cursor.peek();
  if (!cursor.panicking && (token.kind === "}" || token.kind === "end")) return;
  if (token.kind !== "invalid") {
    cursor.fault({
      code: "invalid-one-line-block",
      summary: "Invalid single-argument block definition",
      detail:
        token.kind === ","
          ? "A block on one line can hold a single argument. For more, write each on a line of its own."
          : token.kind === "newline"
            ? "An argument on the line of the opening brace must be followed by the closing brace on that line."
            : "Behind the single argument of a block on one line only its closing brace can follow.",
      subject: token.kind === "newline" ? cursor.behindPrevious() : cursor.rangeOf(token),
      context: cursor.range(first, token),
    });
  }
  cursor.recover("newline", "}", ",");
}
