import type { Token } from "../token.ts";
import type { Expression, Name } from "../tree.ts";
import type { Cursor } from "./cursor.ts";
import { parseExpression } from "./parse-expression.ts";
import { resume } from "./parse-operand.ts";

/** Reads a `for` expression; the bracket is taken, and next is the word `for`. */
export function parseFor(cursor: Cursor, open: Token, form: "tuple" | "object"): Expression {
  const closing = form === "tuple" ? "]" : "}";
  const loop = parseLoop(cursor, open, form, closing);
  if (cursor.panicking) resume(cursor, closing);
  return loop ?? cursor.faultExpression(open);
}

function parseLoop(cursor: Cursor, open: Token, form: "tuple" | "object", closing: "]" | "}"): Expression | undefined {
  cursor.next();
  const names = parseLoopNames(cursor, open, "expression");
  if (!names) return undefined;
  const collection = parseExpression(cursor);
  if (cursor.panicking) return undefined;
  if (!cursor.take(":")) return faultAt(cursor, open, "A colon must follow the collection.");

  let key: Expression | undefined;
  let value = parseExpression(cursor);
  if (!cursor.panicking && cursor.take("=>")) {
    key = value;
    value = parseExpression(cursor);
  }
  if (cursor.panicking) return undefined;
  const dots = cursor.take("...");
  let condition: Expression | undefined;
  if (cursor.isKeyword("if")) {
    cursor.next();
    condition = parseExpression(cursor);
    if (cursor.panicking) return undefined;
  }
  if (!cursor.take(closing)) return faultAt(cursor, open, `The expression is complete here: "${closing}" must follow.`);

  const range = cursor.rangeFrom(open);
  const report = (subject: typeof range, detail: string) =>
    cursor.report({ code: "invalid-for", summary: "Invalid 'for' expression", detail, subject, context: range });
  if (form === "tuple" && key) report(key.range, "A list has no keys. For an object, write it in braces: { for … }.");
  if (form === "tuple" && dots)
    report(cursor.rangeOf(dots), "Three dots group by key, so they belong to the object form.");
  if (form === "object" && !key) report(value.range, "An object needs keys: { for … : key => value }.");
  return {
    kind: "for",
    form,
    keyName: names.keyName,
    valueName: names.valueName,
    collection,
    key: form === "object" ? key : undefined,
    value,
    condition,
    groups: form === "object" && dots !== undefined,
    range,
  };
}

/** `name in` or `key, name in`; also of the `%{ for }` directive. */
export function parseLoopNames(
  cursor: Cursor,
  open: Token,
  of: "expression" | "directive",
): { keyName: Name | undefined; valueName: Name } | undefined {
  const fault = (detail: string) => {
    const found = cursor.peek();
    cursor.fault({
      code: "invalid-for",
      summary: `Invalid 'for' ${of}`,
      detail,
      subject: cursor.rangeOf(found),
      context: cursor.range(open, found),
    });
    return undefined;
  };
  const first = cursor.take("identifier");
  if (!first) return fault('A name for the item must follow "for".');
  let second: Token | undefined;
  if (cursor.take(",")) {
    second = cursor.take("identifier");
    if (!second) return fault("A name for the value must follow the comma.");
  }
  if (!cursor.isKeyword("in")) return fault('The word "in" must follow the names.');
  cursor.next();
  return { keyName: second && cursor.nameOf(first), valueName: cursor.nameOf(second ?? first) };
}

function faultAt(cursor: Cursor, open: Token, detail: string): undefined {
  const found = cursor.peek();
  cursor.fault({
    code: "invalid-for",
    summary: "Invalid 'for' expression",
    detail,
    subject: cursor.rangeOf(found),
    context: cursor.range(open, found),
  });
}
