import { fieldDefault, fieldType } from "./describe-fields.ts";
import type { AttributeForm, Field, Fields } from "./field.ts";

/** An option that can be written in a body, as editors offer it. */
export interface FieldCompletion {
  readonly name: string;
  readonly kind: "attribute" | "block";
  /** In words: "list of string". */
  readonly type: string;
  readonly doc: string;
  readonly required: boolean;
  /** As it would be written, or in words. */
  readonly default?: string;
  readonly deprecated?: string;
  /** May be written more than once. */
  readonly repeats: boolean;
  /** The whole text, with tab stops as language servers write them ($1, ${1|a,b|}). */
  readonly snippet: string;
}

/** What can be written in a body of these fields; what is required comes first, what is deprecated last. */
export function fieldCompletions(fields: Fields): FieldCompletion[] {
  return Object.entries(fields)
    .filter(([, field]) => !field.hidden)
    .map(([name, field]) => completion(name, field))
    .sort((a, b) => rank(a) - rank(b));
}

function rank(completion: FieldCompletion): number {
  if (completion.deprecated !== undefined) return 2;
  return completion.required ? 0 : 1;
}

function completion(name: string, field: Field): FieldCompletion {
  const standard = fieldDefault(field);
  return {
    name,
    kind: field.shape.kind === "attribute" ? "attribute" : "block",
    type: fieldType(field),
    doc: field.doc,
    required: field.required,
    ...(standard !== undefined && { default: standard }),
    ...(field.deprecated !== undefined && { deprecated: field.deprecated }),
    repeats: field.shape.kind === "blocks",
    snippet: snippet(name, field, { next: 1 }, ""),
  };
}

/** `stops.next`: the number of the next tab stop; a block holds what it requires, in one sequence of stops. */
function snippet(name: string, field: Field, stops: { next: number }, indent: string): string {
  const { shape } = field;
  if (shape.kind === "attribute") return `${name} = ${valueSnippet(shape.as, field.oneOf, stops.next++)}`;
  const inner = `${indent}  `;
  const required = Object.entries(shape.fields).filter(([, each]) => each.required);
  const lines = required.map(([each, of]) => inner + snippet(each, of, stops, inner));
  if (lines.length === 0) lines.push(`${inner}$${stops.next++}`);
  return `${name} {\n${lines.join("\n")}\n${indent}}`;
}

function valueSnippet(form: AttributeForm, oneOf: readonly string[] | undefined, stop: number): string {
  if (typeof form === "object") {
    if ("map" in form) return `{\n  $${stop}\n}`;
    return `[${typeof form.list === "string" ? valueSnippet(form.list, oneOf, stop) : `$${stop}`}]`;
  }
  if (oneOf !== undefined) return `"\${${stop}|${oneOf.map(choiceText).join(",")}|}"`;
  if (form === "text") return `"$${stop}"`;
  if (form === "duration") return `"\${${stop}:5m}"`;
  return form === "boolean" ? `\${${stop}|true,false|}` : `$${stop}`;
}

/** Within a choice, these end it. */
function choiceText(text: string): string {
  return text.replace(/[\\,|$}]/g, (character) => `\\${character}`);
}
