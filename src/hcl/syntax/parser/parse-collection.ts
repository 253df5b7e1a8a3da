import type { Token } from "../token.ts";
import type { Expression, KeyName, ObjectItem } from "../tree.ts";
import type { Cursor } from "./cursor.ts";
import { parseExpression } from "./parse-expression.ts";
import { parseFor } from "./parse-for.ts";

/** `[item, …]` or `[for …]`. */
export function parseTuple(cursor: Cursor): Expression {
  const open = cursor.next();
  return cursor.withNewlines(false, () => {
    if (cursor.isKeyword("for")) return parseFor(cursor, open, "tuple");
    const items: Expression[] = [];
    parseTupleItems(cursor, open, items);
    return { kind: "tuple", items, range: cursor.rangeFrom(open) };
  });
}

function parseTupleItems(cursor: Cursor, open: Token, items: Expression[]): void {
  for (;;) {
    if (cursor.take("]")) return;
    if (cursor.atForeignEnd) {
      reportUnterminated(cursor, open, "tuple");
      return;
    }
    items.push(parseExpression(cursor));
    if (cursor.panicking) cursor.recover(",", "]");
    if (cursor.take("]")) return;
    if (cursor.take(",")) continue;
    const found = cursor.peek();
    if (cursor.atForeignEnd) {
      reportUnterminated(cursor, open, "tuple");
      return;
    }
    if (found.kind !== "invalid") {
      cursor.fault({
        code: "item-separator-missing",
        summary: "Missing item separator",
        detail: "The items of a list are separated by commas, also where each has a line of its own.",
        subject: cursor.rangeOf(found),
        context: cursor.range(open, found),
      });
    }
    cursor.recover(",", "]");
    if (cursor.take("]")) return;
    if (!cursor.take(",")) {
      cursor.backToNewline();
      return;
    }
  }
}

/** `{ key = value … }` or `{ for … }`. */
export function parseObject(cursor: Cursor): Expression {
  const open = cursor.next();
  const loop = cursor.withNewlines(false, () =>
    cursor.isKeyword("for") ? parseFor(cursor, open, "object") : undefined,
  );
  if (loop) return loop;
  // What was looked at for "for" may lie behind line breaks; for an object that changes nothing.
  return cursor.withNewlines(true, () => {
    const items: ObjectItem[] = [];
    parseObjectItems(cursor, open, items);
    return { kind: "object", items, range: cursor.rangeFrom(open) };
  });
}

function parseObjectItems(cursor: Cursor, open: Token, items: ObjectItem[]): void {
  for (;;) {
    if (cursor.take("newline")) continue;
    if (cursor.take("}")) return;
    if (cursor.peekKind() === "end" || cursor.atBlockOnNewLine) {
      reportUnterminated(cursor, open, "object");
      return;
    }
    const item = parseItem(cursor, open);
    if (item) items.push(item);
    if (!cursor.panicking) {
      const { kind } = cursor.peek();
      if (kind === "}" || kind === "end") continue;
      if (cursor.take(",") || cursor.take("newline")) continue;
      const found = cursor.peek();
      if (kind === "invalid") cursor.panicking = true;
      cursor.fault({
        code: "attribute-separator-missing",
        summary: "Missing attribute separator",
        detail: "The attributes of an object are separated by new lines or commas.",
        subject: cursor.rangeOf(found),
        context: cursor.range(open, found),
      });
    }
    cursor.recover("newline", ",", "}");
    if (cursor.take(",") || cursor.take("newline")) continue;
    if (cursor.peekKind() !== "}") return;
  }
}

function parseItem(cursor: Cursor, open: Token): ObjectItem | undefined {
  const first = cursor.peek();
  const key = parseKey(cursor);
  if (cursor.panicking) return undefined;
  if (!cursor.take("=") && !cursor.take(":")) {
    reportNoValue(cursor, open, first);
    return undefined;
  }
  return { key, value: parseExpression(cursor) };
}

function parseKey(cursor: Cursor): Expression | KeyName {
  const first = cursor.peek();
  const key = parseExpression(cursor);
  const single = first.end === key.range.end;
  if (single && first.kind === "identifier") {
    return { kind: "key-name", text: cursor.textOf(first), range: key.range };
  }
  if (!cursor.panicking && first.kind === "identifier" && isPath(key)) {
    cursor.report({
      code: "ambiguous-key",
      summary: "Ambiguous attribute key",
      detail:
        "A key written as a path can mean two things: put it in parentheses to use what it refers to, or in quotes to use its text.",
      subject: key.range,
    });
    return { kind: "fault", range: key.range };
  }
  return key;
}

function isPath(expression: Expression): boolean {
  if (expression.kind === "variable") return true;
  return expression.kind === "attribute-access" || expression.kind === "legacy-index" ? isPath(expression.of) : false;
}

function reportNoValue(cursor: Cursor, open: Token, first: Token): void {
  const found = cursor.peek();
  if (found.kind === "end") {
    reportUnterminated(cursor, open, "object");
    return;
  }
  if (found.kind === "invalid") {
    cursor.panicking = true;
    return;
  }
  const bare = found.kind === "newline" || found.kind === "," || found.kind === "}";
  cursor.fault({
    code: bare ? "attribute-value-missing" : "key-separator-missing",
    summary: bare ? "Missing attribute value" : "Missing key/value separator",
    detail: bare
      ? `A value must follow the key: ${cursor.textOf(first)} = …`
      : found.kind === "identifier"
        ? "An equals sign must follow the key. A key that holds dots or spaces is written in quotes."
        : "An equals sign must follow the key.",
    subject: found.kind === "newline" ? cursor.behindPrevious() : cursor.rangeOf(found),
    context: cursor.range(open, found),
  });
}

function reportUnterminated(cursor: Cursor, open: Token, what: "tuple" | "object"): void {
  const closing = what === "tuple" ? "]" : "}";
  cursor.fault({
    code: `unterminated-${what}`,
    summary: `Unterminated ${what} constructor expression`,
    detail: `This bracket is not closed. Write "${closing}" behind the last item.`,
    subject: cursor.rangeOf(open),
  });
  cursor.backToNewline();
  cursor.panicking = false;
}
