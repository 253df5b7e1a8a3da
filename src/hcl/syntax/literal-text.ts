import type { Expression } from "./tree.ts";

/** The text of a string without sequences; undefined for anything else. */
export function literalText(expression: Expression): string | undefined {
  if (expression.kind === "json-string") return literalText(expression.template);
  if (expression.kind !== "template") return undefined;
  let text = "";
  for (const part of expression.parts) {
    if (part.kind !== "text") return undefined;
    text += part.text;
  }
  return text;
}

/** The text of an index that is a literal number or string. */
export function literalKey(key: Expression): string | undefined {
  return key.kind === "number" ? key.text : literalText(key);
}
