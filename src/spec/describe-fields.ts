import { toPlain } from "../hcl/values/plain.ts";
import { typeText } from "../hcl/values/type-text.ts";
import type { Value } from "../hcl/values/value.ts";
import { formatGoDuration } from "./duration.ts";
import type { AttributeForm, Field, Fields } from "./field.ts";

/** The reference of options as a Markdown list, in the order in which they are declared; blocks hold theirs. */
export function describeFields(fields: Fields): string {
  return Object.entries(fields)
    .filter(([, field]) => !field.hidden)
    .map(([name, field]) => describeField(name, field))
    .join("");
}

/** The type of an option in words: "list of string", "block", "one of "a", "b"". */
export function fieldType(field: Field): string {
  const { shape, oneOf } = field;
  if (shape.kind !== "attribute") return "block";
  if (oneOf === undefined) return shape.as === "value" ? valueType(field) : formText(shape.as);
  const choice = `one of ${oneOf.map((text) => `\`${JSON.stringify(text)}\``).join(", ")}`;
  return typeof shape.as === "object" ? `list, each ${choice}` : choice;
}

/** The default as it would be written, or undefined where there is none to show. */
export function fieldDefault(field: Field): string | undefined {
  const { shape } = field;
  if (field.defaultDoc !== undefined) return field.defaultDoc;
  if (field.default === undefined || shape.kind !== "attribute") return undefined;
  return `\`${writtenAs(field.default, shape.as)}\``;
}

function describeField(name: string, field: Field): string {
  const { shape } = field;
  const isBlock = shape.kind !== "attribute";
  const text = [field.doc, ...remarks(field)].join(" ");
  const head = `- \`${name}${isBlock ? " { }" : ""}\` (${facts(field).join("; ")})\n${indented(text)}`;
  return isBlock ? `${head}\n${indented(describeFields(shape.fields))}` : head;
}

function facts(field: Field): string[] {
  const { shape, path } = field;
  const standard = fieldDefault(field);
  return [
    ...(field.deprecated === undefined ? [] : ["deprecated"]),
    fieldType(field),
    ...(shape.kind === "blocks" ? [howOften(shape.least, shape.most)] : []),
    ...(path === undefined ? [] : [PATHS[path]]),
    ...(field.required && shape.kind !== "blocks" ? ["required"] : []),
    ...(standard === undefined ? [] : [`default ${standard}`]),
  ];
}

const PATHS = { cwd: "path, relative to the working directory", template: "path, relative to the template's folder" };

function howOften(least = 0, most = Number.POSITIVE_INFINITY): string {
  if (least === most) return `exactly ${least}`;
  if (most === Number.POSITIVE_INFINITY) return least === 0 ? "any number of them" : `at least ${least}`;
  return least === 0 ? `at most ${most}` : `${least} to ${most}`;
}

function remarks(field: Field): string[] {
  return [
    ...(field.sensitive ? ["A secret: it is masked in all output."] : []),
    ...(field.deprecated === undefined ? [] : [`Deprecated: ${field.deprecated}`]),
  ];
}

function valueType({ shape }: Field): string {
  return shape.kind !== "attribute" || shape.type.kind === "any" ? "any type" : `\`${typeText(shape.type)}\``;
}

function formText(form: AttributeForm): string {
  if (typeof form === "object")
    return "list" in form ? `list of ${formText(form.list)}` : `map of ${formText(form.map)}`;
  if (form === "text") return "string";
  if (form === "integer") return "whole number";
  return form === "value" ? "any type" : form;
}

function writtenAs(value: unknown, form: AttributeForm): string {
  if (typeof form === "object" && "list" in form && Array.isArray(value)) {
    return `[${value.map((item) => writtenAs(item, form.list)).join(", ")}]`;
  }
  if (typeof form === "object" && "map" in form) {
    const entries = Object.entries(value ?? {}).map(([key, item]) => `${key} = ${writtenAs(item, form.map)}`);
    return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
  }
  if (form === "duration" && typeof value === "number") return JSON.stringify(formatGoDuration(value));
  if (form === "value") return JSON.stringify(toPlain(value as Value));
  return JSON.stringify(value);
}

/** Two spaces before each line that holds something, and a line end. */
function indented(text: string): string {
  return `${text.trimEnd().replace(/^(?=.)/gm, "  ")}\n`;
}
