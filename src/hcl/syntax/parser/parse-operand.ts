import { spanning } from "../../source/source.ts";
import type { Token } from "../token.ts";
import type { Expression } from "../tree.ts";
import type { Cursor } from "./cursor.ts";
import { parseCall } from "./parse-call.ts";
import { parseObject, parseTuple } from "./parse-collection.ts";
import { parseExpression } from "./parse-expression.ts";
import { parseSteps } from "./parse-steps.ts";
import { parseTemplateParts } from "./parse-template.ts";

/** Reads a term with the steps behind it (`.name`, `[key]`, splats). A sign binds looser than the steps. */
export function parseOperand(cursor: Cursor): Expression {
  const token = cursor.peek();
  if (token.kind === "-" || token.kind === "!") {
    cursor.next();
    const operand = cursor.nested(() => parseOperand(cursor)) ?? cursor.faultExpression(token);
    const range = cursor.range(token, operand.range);
    return { kind: "unary", operator: token.kind, operand, range };
  }
  const term = parseTerm(cursor, token);
  return cursor.panicking ? term : parseSteps(cursor, term);
}

function parseTerm(cursor: Cursor, token: Token): Expression {
  switch (token.kind) {
    case "identifier":
      return parseWord(cursor);
    case "number":
      return parseNumber(cursor);
    case "open-quote": {
      cursor.next();
      const parts = parseTemplateParts(cursor, { closing: "close-quote", flush: false });
      return { kind: "template", form: "quoted", parts, range: cursor.rangeFrom(token) };
    }
    case "open-heredoc": {
      cursor.next();
      const flush = cursor.source.text[token.start + 2] === "-";
      const parts = parseTemplateParts(cursor, { closing: "close-heredoc", flush });
      return { kind: "template", form: "heredoc", parts, range: cursor.rangeFrom(token) };
    }
    case "[":
      return parseTuple(cursor);
    case "{":
      return parseObject(cursor);
    case "(":
      return parseParentheses(cursor);
    case "invalid":
      // The lexer has reported it; what stands there was most likely meant as a value.
      cursor.next();
      return cursor.faultExpression(token);
    default:
      return reportNoExpression(cursor, token);
  }
}

function parseWord(cursor: Cursor): Expression {
  const token = cursor.next();
  const { kind } = cursor.peek();
  if (kind === "(" || kind === "::") return parseCall(cursor, token);
  const name = cursor.textOf(token);
  const range = cursor.rangeOf(token);
  if (name === "true" || name === "false") return { kind: "bool", value: name === "true", range };
  if (name === "null") return { kind: "null", range };
  return { kind: "variable", name, range };
}

function parseNumber(cursor: Cursor): Expression {
  const token = cursor.next();
  const text = cursor.textOf(token);
  const range = cursor.rangeOf(token);
  if (/^\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)) return { kind: "number", text, range };
  cursor.report({
    code: "invalid-number",
    summary: "Invalid number literal",
    detail: `"${text}" is no number. A number has at most one decimal point and one exponent: 12, 0.5, 1e6.`,
    subject: range,
  });
  return { kind: "fault", range };
}

function parseParentheses(cursor: Cursor): Expression {
  const open = cursor.next();
  return cursor.withNewlines(false, () => {
    const inner = parseExpression(cursor);
    if (cursor.panicking) cursor.recover(")");
    if (!cursor.take(")")) {
      const found = cursor.peek();
      const lost = found.kind === "end" || cursor.atItemOnNewLine;
      cursor.fault({
        code: "unbalanced-parentheses",
        summary: "Unbalanced parentheses",
        detail: lost
          ? 'This parenthesis is not closed. Write ")" behind the expression.'
          : `Here a closing parenthesis is expected, and not "${cursor.textOf(found)}".`,
        subject: cursor.rangeOf(lost ? open : found),
        context: cursor.rangeFrom(open),
      });
      resume(cursor, ")");
    }
    return { kind: "parentheses", inner, range: cursor.rangeFrom(open) };
  });
}

/** Goes on behind the closing bracket of something that was faulty, or before the line that cannot belong to it. */
export function resume(cursor: Cursor, closing: ")" | "]" | "}"): void {
  if (closing !== "}" && cursor.atItemOnNewLine) {
    cursor.backToNewline();
    cursor.panicking = false;
    return;
  }
  cursor.recover(closing);
  if (!cursor.take(closing)) cursor.backToNewline();
}

function reportNoExpression(cursor: Cursor, token: Token): Expression {
  const { previous } = cursor;
  const behind = /^\S*/.exec(cursor.textOf(previous))?.[0] ?? "";
  const text = cursor.textOf(token);
  if (token.kind === "end") {
    cursor.fault({
      code: "missing-expression",
      summary: "Missing expression",
      detail:
        behind === "" ? "A value is expected here." : `A value is expected behind "${behind}", but the text ends.`,
      subject: cursor.behindPrevious(),
    });
  } else {
    const atBreak = token.kind === "newline" || token.kind === "close-template";
    cursor.fault({
      code: "invalid-expression",
      summary: "Invalid expression",
      detail:
        token.kind === "newline"
          ? `A value is expected behind "${behind}", on the same line.`
          : `A value is expected here, and "${text}" does not begin one.`,
      subject: atBreak ? spanning(cursor.behindPrevious(), cursor.behindPrevious()) : cursor.rangeOf(token),
    });
  }
  return { kind: "fault", range: cursor.behindPrevious() };
}
