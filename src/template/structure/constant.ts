import { evaluate } from "../../hcl/evaluation/evaluate.ts";
import type { Scope } from "../../hcl/evaluation/scope.ts";
import type { Diagnostics } from "../../hcl/source/diagnostic.ts";
import type { Attribute } from "../../hcl/syntax/body.ts";
import { ConversionFault, convert } from "../../hcl/values/convert.ts";
import { BOOL, listOf, NUMBER, STRING, type Type } from "../../hcl/values/type.ts";
import { isNull, isWhollyKnown, itemsOf, Numeric, type Value } from "../../hcl/values/value.ts";
import { isFaulty } from "../evaluation/faulty.ts";

/**
 * The value of an attribute of Packer's own blocks, converted. undefined: absent, null, or faulty (then it is reported).
 * Without a scope the attribute must be a constant. Such attributes shape the plan: a value that is not known yet is a fault.
 */
export function readValue(
  attribute: Attribute | undefined,
  type: Type,
  scope: Scope | undefined,
  diagnostics: Diagnostics,
): Value | undefined {
  if (!attribute) return undefined;
  const before = diagnostics.all.length;
  const given = evaluate(attribute.expression, attribute.scope ?? scope, diagnostics);
  if (diagnostics.all.length > before || isFaulty(given)) return undefined;
  const value = convert(given, type);
  if (value instanceof ConversionFault) {
    diagnostics.error({
      code: "unsuitable-value",
      summary: "Unsuitable value type",
      detail: `The value of "${attribute.name}" is not suitable: ${value.message}.`,
      subject: attribute.expression.range,
    });
    return undefined;
  }
  if (isNull(value)) return undefined;
  if (!isWhollyKnown(value)) {
    diagnostics.error({
      code: "value-not-known",
      summary: "Unsuitable value",
      detail: `The value of "${attribute.name}" must be known before anything runs, but it depends on a value that is known only later.`,
      subject: attribute.expression.range,
    });
    return undefined;
  }
  return value;
}

export function readText(
  attribute: Attribute | undefined,
  scope: Scope | undefined,
  diagnostics: Diagnostics,
): string | undefined {
  const data = readValue(attribute, STRING, scope, diagnostics)?.data;
  return typeof data === "string" ? data : undefined;
}

export function readBoolean(
  attribute: Attribute | undefined,
  scope: Scope | undefined,
  diagnostics: Diagnostics,
): boolean | undefined {
  const data = readValue(attribute, BOOL, scope, diagnostics)?.data;
  return typeof data === "boolean" ? data : undefined;
}

export function readWholeNumber(
  attribute: Attribute | undefined,
  scope: Scope | undefined,
  diagnostics: Diagnostics,
): number | undefined {
  const data = readValue(attribute, NUMBER, scope, diagnostics)?.data;
  if (!attribute || !(data instanceof Numeric)) return undefined;
  if (data.isInteger()) return data.toNumber();
  diagnostics.error({
    code: "unsuitable-value",
    summary: "Unsuitable value type",
    detail: `The value of "${attribute.name}" must be a whole number.`,
    subject: attribute.expression.range,
  });
  return undefined;
}

/** Each text with the place where it is written, if it is written out, else that of the whole. */
export function readTexts(
  attribute: Attribute | undefined,
  scope: Scope | undefined,
  diagnostics: Diagnostics,
): PlacedText[] | undefined {
  const value = readValue(attribute, listOf(STRING), scope, diagnostics);
  if (!attribute || !value) return undefined;
  const { expression } = attribute;
  const written = expression.kind === "tuple" ? expression.items : [];
  return itemsOf(value).flatMap((item, index) =>
    typeof item.data === "string" ? [{ text: item.data, range: written[index]?.range ?? expression.range }] : [],
  );
}

export interface PlacedText {
  readonly text: string;
  readonly range: Attribute["range"];
}
