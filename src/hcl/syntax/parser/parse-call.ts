import type { Token } from "../token.ts";
import type { Expression } from "../tree.ts";
import type { Cursor } from "./cursor.ts";
import { parseExpression } from "./parse-expression.ts";
import { resume } from "./parse-operand.ts";

/** Reads a call; its name is taken, and next is `(` or `::`. */
export function parseCall(cursor: Cursor, first: Token): Expression {
  let text = cursor.textOf(first);
  while (cursor.take("::")) {
    const name = cursor.peek();
    if (name.kind !== "identifier") {
      cursor.fault({
        code: "function-name-missing",
        summary: "Missing function name",
        detail: `The name of a function must follow "${text}::".`,
        subject: cursor.rangeOf(name),
        context: cursor.range(first, name),
      });
      return cursor.faultExpression(first);
    }
    text += `::${cursor.textOf(cursor.next())}`;
  }
  const name = { text, range: cursor.rangeFrom(first) };
  const open = cursor.peek();
  if (open.kind !== "(") {
    cursor.fault({
      code: "open-parenthesis-missing",
      summary: "Missing open parenthesis",
      detail: `"${text}" names a function, so its arguments in parentheses must follow.`,
      subject: cursor.rangeOf(open),
      context: cursor.range(first, open),
    });
    return cursor.faultExpression(first);
  }
  cursor.next();
  return cursor.withNewlines(false, () => {
    const args: Expression[] = [];
    const expands = parseArguments(cursor, first, open, args);
    const { previous } = cursor;
    return {
      kind: "call",
      name,
      arguments: args,
      expands,
      openParenthesis: cursor.rangeOf(open),
      closeParenthesis: cursor.rangeOf(previous),
      range: cursor.rangeFrom(first),
    };
  });
}

/** Whether the last argument is expanded. */
function parseArguments(cursor: Cursor, first: Token, open: Token, args: Expression[]): boolean {
  for (;;) {
    if (cursor.take(")")) return false;
    if (cursor.atForeignEnd) {
      reportUnterminated(cursor, first, open);
      return false;
    }
    args.push(parseExpression(cursor));
    if (cursor.panicking) cursor.recover(",", ")");
    if (cursor.take(")")) return false;
    if (cursor.take(",")) continue;
    if (cursor.take("...")) {
      if (cursor.take(")")) return true;
      cursor.fault({
        code: "expansion-not-last",
        summary: "Missing closing parenthesis",
        detail: "Only the last argument can be expanded: the closing parenthesis must follow the three dots.",
        subject: cursor.rangeOf(cursor.previous),
        context: cursor.rangeFrom(first),
      });
      resume(cursor, ")");
      return true;
    }
    const found = cursor.peek();
    if (cursor.atForeignEnd) {
      reportUnterminated(cursor, first, open);
      return false;
    }
    if (found.kind !== "invalid") {
      cursor.fault({
        code: "argument-separator-missing",
        summary: "Missing argument separator",
        detail: "Arguments of a function are separated by commas.",
        subject: cursor.rangeOf(found),
        context: cursor.range(first, found),
      });
    }
    cursor.recover(",", ")");
    if (cursor.take(",")) continue;
    if (!cursor.take(")")) cursor.backToNewline();
    return false;
  }
}

function reportUnterminated(cursor: Cursor, first: Token, open: Token): void {
  cursor.fault({
    code: "unterminated-call",
    summary: "Unterminated function call",
    detail: 'The parenthesis of this call is not closed. Write ")" behind its last argument.',
    subject: cursor.range(first, open),
  });
  resume(cursor, ")");
}
