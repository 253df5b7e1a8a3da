import { type Range, spanning } from "../../source/source.ts";
import type { Token } from "../token.ts";
import type { TemplatePart } from "../tree.ts";
import type { Cursor } from "./cursor.ts";
import type { TemplateItem } from "./template-item.ts";

type Opening = Extract<TemplateItem, { kind: "open-if" | "open-for" }>;

/** A directive that waits for its end. `parts` collects what is behind it, or behind its `else`. */
interface Level {
  readonly opening: Opening | undefined;
  parts: TemplatePart[];
  thenParts: TemplatePart[] | undefined;
}

/** Makes a tree of the flat items; `end` is the token that closes the template. */
export function nestDirectives(cursor: Cursor, items: readonly TemplateItem[], end: Token): TemplatePart[] {
  const root: Level = { opening: undefined, parts: [], thenParts: undefined };
  const levels: Level[] = [];
  let level = root;
  for (const item of items) {
    switch (item.kind) {
      case "text":
        addText(level.parts, item.text, item.range);
        break;
      case "interpolation":
        level.parts.push({ kind: "interpolation", expression: item.expression, range: item.range });
        break;
      case "open-if":
      case "open-for":
        levels.push(level);
        level = { opening: item, parts: [], thenParts: undefined };
        break;
      case "close":
        if (item.word === "else" && level.opening?.kind === "open-if" && !level.thenParts) {
          level.thenParts = level.parts;
          level.parts = [];
        } else if (ends(level.opening, item.word)) {
          const part = close(level, item.range);
          level = levels.pop() ?? root;
          if (part) level.parts.push(part);
        } else reportUnexpected(cursor, level, item);
    }
  }
  while (level !== root) {
    const opening = level.opening;
    if (opening && !cursor.endIsSwallowed) {
      const word = opening.kind === "open-if" ? "if" : "for";
      cursor.report({
        code: "directive-not-ended",
        summary: "Unexpected end of template",
        detail: `This %{ ${word} } has no %{ end${word} } before the end of its template.`,
        subject: opening.range,
        context: spanning(opening.range, cursor.rangeOf(end)),
      });
    }
    const part = close(level, cursor.rangeOf(end));
    level = levels.pop() ?? root;
    if (part) level.parts.push(part);
  }
  return root.parts;
}

function ends(opening: Opening | undefined, word: string): boolean {
  return opening !== undefined && word === (opening.kind === "open-if" ? "endif" : "endfor");
}

function close(level: Level, end: Range): TemplatePart | undefined {
  const { opening } = level;
  if (!opening) return undefined;
  const range = spanning(opening.range, end);
  if (opening.kind === "open-if") {
    const then = level.thenParts ?? level.parts;
    const otherwise = level.thenParts ? level.parts : [];
    return { kind: "if", condition: opening.condition, then, otherwise, range };
  }
  const { keyName, valueName, collection } = opening;
  return { kind: "for", keyName, valueName, collection, body: level.parts, range };
}

/**
 * Neighbouring literal texts are one. What trims have left nothing of stays: beside it, an interpolation yields a
 * string, where one that is alone in its template yields the value itself.
 */
function addText(parts: TemplatePart[], text: string, range: Range): void {
  const last = parts[parts.length - 1];
  if (last?.kind !== "text") parts.push({ kind: "text", text, range });
  else parts[parts.length - 1] = { kind: "text", text: last.text + text, range: spanning(last.range, range) };
}

function reportUnexpected(cursor: Cursor, level: Level, item: Extract<TemplateItem, { kind: "close" }>): void {
  const open = level.opening?.kind;
  const detail =
    open === undefined
      ? `There is no directive that ${item.word === "else" ? "could have an else" : `%{ ${item.word} } could end`}.`
      : item.word === "else"
        ? open === "open-if"
          ? "This if already has an else."
          : "A for directive has no else."
        : `The directive to end here is ${open === "open-if" ? "if" : "for"}, with %{ end${open === "open-if" ? "if" : "for"} }.`;
  cursor.report({
    code: "directive-unexpected",
    summary: `Unexpected ${item.word} directive`,
    detail,
    subject: item.range,
    context: level.opening && spanning(level.opening.range, item.range),
  });
}
