import { suggestion } from "../../source/nearest-name.ts";
import type { Token } from "../token.ts";
import type { TemplatePart } from "../tree.ts";
import type { Cursor } from "./cursor.ts";
import { nestDirectives } from "./nest-directives.ts";
import { parseExpression } from "./parse-expression.ts";
import { parseLoopNames } from "./parse-for.ts";
import { removeIndentation } from "./remove-indentation.ts";
import { literalText } from "./string-literal.ts";
import type { TemplateItem, TextItem } from "./template-item.ts";

/** Reads up to the closing token and takes it. `flush`: indentation that all lines share is removed (`<<-`). */
export function parseTemplateParts(
  cursor: Cursor,
  { closing, flush }: { closing: "close-quote" | "close-heredoc" | "end"; flush: boolean },
): TemplatePart[] {
  const items: TemplateItem[] = [];
  for (;;) {
    const token = cursor.next();
    if (token.kind === closing || token.kind === "end") {
      if (flush) removeIndentation(items);
      return nestDirectives(cursor, items, token);
    }
    if (token.kind === "open-interpolation") items.push(parseInterpolation(cursor, token, items));
    else if (token.kind === "open-directive") {
      const directive = parseDirective(cursor, token, items);
      if (directive) items.push(directive);
    } else items.push(readText(cursor, token, items));
  }
}

function readText(cursor: Cursor, token: Token, before: readonly TemplateItem[]): TextItem {
  const raw = literalText(cursor, token, token.kind === "quoted-text");
  const text = before[before.length - 1]?.trimsNext === true ? raw.trimStart() : raw;
  return { kind: "text", text, range: cursor.rangeOf(token) };
}

/** `${~` removes the blanks at the end of the literal text before it. */
function trimBefore(open: Token, before: readonly TemplateItem[]): void {
  const last = before[before.length - 1];
  if (last?.kind === "text" && open.end - open.start === 3) last.text = last.text.trimEnd();
}

function parseInterpolation(cursor: Cursor, open: Token, before: readonly TemplateItem[]): TemplateItem {
  trimBefore(open, before);
  return cursor.withNewlines(false, () => {
    const expression = parseExpression(cursor);
    const found = cursor.peek();
    if (!cursor.panicking && found.kind !== "close-template" && found.kind !== "invalid") {
      cursor.fault({
        code: "extra-characters-in-interpolation",
        summary: "Extra characters after interpolation expression",
        detail:
          "The expression is complete before this, and its closing brace is expected. " +
          "If the sequence is meant for another language, such as a shell, write $${ instead of ${.",
        subject: cursor.rangeOf(found),
        context: cursor.range(open, found),
      });
    }
    const trimsNext = closeSequence(cursor);
    return { kind: "interpolation", expression, range: cursor.rangeFrom(open), trimsNext };
  });
}

function parseDirective(cursor: Cursor, open: Token, before: readonly TemplateItem[]): TemplateItem | undefined {
  trimBefore(open, before);
  return cursor.withNewlines(false, () => {
    const word = cursor.peek();
    const item = parseDirectiveItem(cursor, open);
    const found = cursor.peek();
    if (item && !cursor.panicking && found.kind !== "close-template" && found.kind !== "invalid") {
      cursor.fault({
        code: "extra-characters-in-directive",
        summary: `Extra characters in ${cursor.textOf(word)} marker`,
        detail: "The directive is complete before this, and its closing brace is expected.",
        subject: cursor.rangeOf(found),
        context: cursor.range(open, found),
      });
    }
    const trimsNext = closeSequence(cursor);
    return item && { ...item, range: cursor.rangeFrom(open), trimsNext };
  });
}

function parseDirectiveItem(cursor: Cursor, open: Token): TemplateItem | undefined {
  const range = cursor.rangeOf(open);
  const word = cursor.take("identifier");
  const name = word ? cursor.textOf(word) : "";
  switch (name) {
    case "if":
      return { kind: "open-if", condition: parseExpression(cursor), range };
    case "for": {
      const names = parseLoopNames(cursor, open, "directive");
      return names && { kind: "open-for", ...names, collection: parseExpression(cursor), range };
    }
    case "else":
    case "endif":
    case "endfor":
      return { kind: "close", word: name, range };
  }
  const found = cursor.peek();
  if (!word) {
    cursor.fault({
      code: "invalid-directive",
      summary: "Invalid template directive",
      detail: `Behind %{ there must be one of ${WORDS.join(", ")}. To write %{ literally, double the sign: %%{.`,
      subject: cursor.rangeOf(found),
      context: cursor.range(open, found),
    });
  } else {
    cursor.fault({
      code: "invalid-directive",
      summary: "Invalid template control keyword",
      detail: `"${name}" is no directive; there are ${WORDS.join(", ")}.${suggestion(name, WORDS)}`,
      subject: cursor.rangeOf(word),
      context: cursor.range(open, word),
    });
  }
  return undefined;
}

const WORDS = ["if", "else", "endif", "for", "endfor"];

/** Takes the closing brace, skipping what may stand before it; whether it is `~}`. */
function closeSequence(cursor: Cursor): boolean {
  cursor.recover("close-template");
  const close = cursor.take("close-template");
  return close !== undefined && close.end - close.start === 2;
}
