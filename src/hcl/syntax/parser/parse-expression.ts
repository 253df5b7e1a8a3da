import { spanning } from "../../source/source.ts";
import type { TokenKind } from "../token.ts";
import type { BinaryOperator, Expression } from "../tree.ts";
import type { Cursor } from "./cursor.ts";
import { parseOperand } from "./parse-operand.ts";

/** Reads one expression. At a fault it stops where it is, and the cursor is in panic. */
export function parseExpression(cursor: Cursor): Expression {
  const first = cursor.peek();
  return cursor.nested(() => parseConditional(cursor)) ?? cursor.faultExpression(first);
}

function parseConditional(cursor: Cursor): Expression {
  const condition = parseBinary(cursor, 1);
  if (cursor.panicking || !cursor.take("?")) return condition;
  const then = parseExpression(cursor);
  if (cursor.panicking) return cursor.faultExpression(condition.range);
  const colon = cursor.take(":");
  if (!colon) {
    const found = cursor.peek();
    const missing = found.kind === "newline" || found.kind === "end";
    cursor.fault({
      code: "false-branch-missing",
      summary: "Missing false expression in conditional",
      detail: "A conditional needs both results: condition ? one : other.",
      subject: missing ? cursor.behindPrevious() : cursor.rangeOf(found),
      context: cursor.rangeFrom(condition.range),
    });
    return cursor.faultExpression(condition.range);
  }
  const otherwise = parseExpression(cursor);
  return { kind: "conditional", condition, then, otherwise, range: spanning(condition.range, otherwise.range) };
}

/** Operators of one precedence associate to the left, so that a chain of them is a tree as deep as it is long. */
const LONGEST_CHAIN = 1000;

/** Reads operands and the operators between them that bind at least as tight as `least`. */
function parseBinary(cursor: Cursor, least: number): Expression {
  let left = parseOperand(cursor);
  for (let length = 0; !cursor.panicking; length++) {
    const token = cursor.peek();
    const precedence = PRECEDENCE[token.kind];
    if (precedence === undefined || precedence < least) return left;
    if (length >= LONGEST_CHAIN) {
      cursor.fault({
        code: "nested-too-deep",
        summary: "Expression nested too deeply",
        detail: `More than ${LONGEST_CHAIN} operators in a row are not supported.`,
        subject: cursor.rangeOf(token),
      });
      return left;
    }
    cursor.next();
    const right = parseBinary(cursor, precedence + 1);
    left = {
      kind: "binary",
      operator: token.kind as BinaryOperator, // the keys of PRECEDENCE are the operators
      left,
      right,
      operatorRange: cursor.rangeOf(token),
      range: spanning(left.range, right.range),
    };
  }
  return left;
}

const OPERATORS: Record<BinaryOperator, number> = {
  "||": 1,
  "&&": 2,
  "==": 3,
  "!=": 3,
  "<": 4,
  "<=": 4,
  ">": 4,
  ">=": 4,
  "+": 5,
  "-": 5,
  "*": 6,
  "/": 6,
  "%": 6,
};
const PRECEDENCE: Partial<Record<TokenKind, number>> = OPERATORS;
