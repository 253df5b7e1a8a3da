import { type Range, spanning } from "../../source/source.ts";
import type { Expression } from "../tree.ts";
import type { Cursor } from "./cursor.ts";
import { parseExpression } from "./parse-expression.ts";
import { resume } from "./parse-operand.ts";

/** Each step nests the tree one deeper. */
const MOST_STEPS = 1000;

/** Reads the steps behind a term: `.name`, `.0`, `.*`, `[key]`, `[*]`. */
export function parseSteps(cursor: Cursor, term: Expression): Expression {
  let of = term;
  for (let steps = 0; !cursor.panicking; steps++) {
    const { kind } = cursor.peek();
    if (kind !== "." && kind !== "[") return of;
    if (steps >= MOST_STEPS) {
      cursor.fault({
        code: "nested-too-deep",
        summary: "Expression nested too deeply",
        detail: `More than ${MOST_STEPS} steps in a row are not supported.`,
        subject: cursor.rangeOf(cursor.peek()),
      });
      return of;
    }
    of = kind === "." ? parseDot(cursor, of) : parseBracket(cursor, of);
  }
  return of;
}

function parseDot(cursor: Cursor, of: Expression): Expression {
  const dot = cursor.next();
  if (cursor.peekKind() !== "*") return parseDotName(cursor, of, "");
  const marker = cursor.range(dot, cursor.next());
  const id = cursor.nextSplatId();
  let each: Expression = { kind: "splat-item", id, range: marker };
  while (!cursor.panicking && cursor.take(".")) {
    const found = cursor.peek();
    if (found.kind === "*") {
      cursor.fault({
        code: "nested-splat",
        summary: "Nested splat expression not allowed",
        detail: "Behind .* there cannot be another. Use the full form [*], which nests.",
        subject: cursor.rangeOf(found),
      });
      break;
    }
    each = parseDotName(cursor, each, " and a full splat, [*]");
  }
  return { kind: "splat", of, form: "attribute", each, marker, id, range: spanning(of.range, each.range) };
}

/** Behind the dot: a name, or the number of the old form of an index. */
function parseDotName(cursor: Cursor, of: Expression, hint: string): Expression {
  const token = cursor.peek();
  if (token.kind === "identifier") {
    cursor.next();
    const name = cursor.nameOf(token);
    return { kind: "attribute-access", of, name, range: spanning(of.range, name.range) };
  }
  if (token.kind === "number") {
    cursor.next();
    const index = cursor.textOf(token);
    const range = cursor.range(of.range, token);
    if (/^\d+$/.test(index)) return { kind: "legacy-index", of, index, range };
    const proper = index.split(".").map((part) => `[${part}]`);
    cursor.report({
      code: "legacy-index",
      summary: "Invalid legacy index syntax",
      detail: `Indexes with dots cannot be chained. Use brackets${hint}: ${proper.join("")}.`,
      subject: cursor.rangeOf(token),
    });
    return { kind: "fault", range };
  }
  const broken = token.kind === "newline" || token.kind === "end";
  cursor.fault({
    code: "attribute-name-missing",
    summary: "Invalid attribute name",
    detail: "The name of an attribute must follow the dot.",
    subject: broken ? cursor.behindPrevious() : cursor.rangeOf(token),
    context: cursor.rangeFrom(of.range),
  });
  return cursor.faultExpression(of.range);
}

function parseBracket(cursor: Cursor, of: Expression): Expression {
  const open = cursor.next();
  if (cursor.peekKind() === "*") return parseFullSplat(cursor, of, open.start);
  return cursor.withNewlines(false, () => {
    const key = parseExpression(cursor);
    if (cursor.panicking) cursor.recover("]");
    if (!cursor.take("]")) {
      const found = cursor.peek();
      const lost = found.kind === "end" || cursor.atItemOnNewLine;
      cursor.fault({
        code: "index-bracket-missing",
        summary: "Missing close bracket on index",
        detail: 'An index ends with a closing bracket ("]").',
        subject: cursor.rangeOf(lost ? open : found),
        context: cursor.rangeFrom(of.range),
      });
      resume(cursor, "]");
    }
    return { kind: "index", of, key, range: cursor.rangeFrom(of.range) };
  });
}

/** `[*]` and all the steps behind it, which apply to each item. */
function parseFullSplat(cursor: Cursor, of: Expression, start: number): Expression {
  cursor.next();
  if (!cursor.take("]")) {
    cursor.fault({
      code: "splat-bracket-missing",
      summary: "Missing close bracket on splat index",
      detail: 'The star of a splat is followed by the closing bracket: "[*]".',
      subject: cursor.rangeOf(cursor.peek()),
    });
    resume(cursor, "]");
  }
  const marker: Range = cursor.rangeFrom({ start });
  const id = cursor.nextSplatId();
  const item: Expression = { kind: "splat-item", id, range: marker };
  const each = cursor.nested(() => parseSteps(cursor, item)) ?? item;
  return { kind: "splat", of, form: "full", each, marker, id, range: spanning(of.range, each.range) };
}
