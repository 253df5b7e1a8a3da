import { Diagnostics } from "../source/diagnostic.ts";
import { rangeOf, type Source } from "../source/source.ts";
import { rememberBody } from "./enclosing-block.ts";
import { lex } from "./lexer/lex.ts";
import { Cursor } from "./parser/cursor.ts";
import { parseBody } from "./parser/parse-body.ts";
import { parseExpression as parseAny } from "./parser/parse-expression.ts";
import { parseTemplateParts } from "./parser/parse-template.ts";
import type { Token } from "./token.ts";
import type { Expression, NativeBody, TemplateExpression } from "./tree.ts";

export interface ParsedFile {
  readonly source: Source;
  /** All of them, comments and line breaks too; between them are only blanks. */
  readonly tokens: readonly Token[];
  readonly body: NativeBody;
}

/** Parses a file of the native syntax. Whatever the text, there is a tree; faults are reported in the order of the text. */
export function parseFile(source: Source, diagnostics: Diagnostics): ParsedFile {
  return inOrder(diagnostics, (found) => {
    const tokens = lex(source, "code", found);
    const body = parseBody(new Cursor(source, tokens, found));
    rememberBody(source, body);
    return { source, tokens, body };
  });
}

/** Parses a text that is one expression, as in a flag or an environment variable; line breaks mean nothing. */
export function parseExpression(source: Source, diagnostics: Diagnostics): Expression {
  return inOrder(diagnostics, (found) => {
    const cursor = new Cursor(source, lex(source, "code", found), found);
    return cursor.withNewlines(false, () => {
      const expression = parseAny(cursor);
      const behind = cursor.peek();
      if (behind.kind !== "end") {
        cursor.fault({
          code: "extra-characters",
          summary: "Extra characters after expression",
          detail: "The expression is complete before this.",
          subject: cursor.rangeOf(behind),
        });
      }
      return expression;
    });
  });
}

/** Parses a text that is a template without quotes around it, as a file for `templatefile` is. */
export function parseTemplate(source: Source, diagnostics: Diagnostics): TemplateExpression {
  return inOrder(diagnostics, (found) => {
    const cursor = new Cursor(source, lex(source, "template", found), found);
    const parts = parseTemplateParts(cursor, { closing: "end", flush: false });
    return { kind: "template", form: "bare", parts, range: rangeOf(source, 0, source.text.length) };
  });
}

/** Of a text that is no template at all, this many faults are enough. */
const MOST_FAULTS = 100;

/** Lexer and parser find faults one after the other; people read them from the top. */
function inOrder<T>(diagnostics: Diagnostics, work: (found: Diagnostics) => T): T {
  const found = new Diagnostics();
  const result = work(found);
  const inTextOrder = found.all.sort((a, b) => (a.subject?.start ?? 0) - (b.subject?.start ?? 0));
  diagnostics.append(inTextOrder.slice(0, MOST_FAULTS));
  return result;
}
