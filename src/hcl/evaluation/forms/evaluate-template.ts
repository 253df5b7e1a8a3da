import { Diagnostics } from "../../source/diagnostic.ts";
import type { Range } from "../../source/source.ts";
import type { Expression, TemplateExpression, TemplatePart } from "../../syntax/tree.ts";
import { ConversionFault, convert } from "../../values/convert.ts";
import { STRING } from "../../values/type.ts";
import { isNull, isUnknown, type Mark, stringValue, unknownOf, type Value, withMarks } from "../../values/value.ts";
import { type Context, report } from "../context.ts";
import { choose, type Side } from "./evaluate-conditional.ts";
import { iterate, turn } from "./iterate.ts";

/** The text of a template; of one that is nothing but `${x}`, the value of `x` itself, whatever its type. */
export function evaluateTemplate(expression: TemplateExpression, context: Context): Value {
  const [first] = expression.parts;
  if (expression.parts.length === 1 && first?.kind === "interpolation")
    return context.evaluate(first.expression, context);
  if (expression.parts.length === 1 && first?.kind === "text") return stringValue(first.text);
  return joined(expression.parts, expression.range, context);
}

function joined(parts: readonly TemplatePart[], whole: Range, context: Context): Value {
  const texts: string[] = [];
  const marks = new Set<Mark>();
  let known = true;
  for (const part of parts) {
    const value = partText(part, whole, context);
    for (const mark of value.marks) marks.add(mark);
    if (typeof value.data === "string") texts.push(value.data);
    else known = false;
  }
  return withMarks(known ? stringValue(texts.join("")) : unknownOf(STRING), marks);
}

/** The part as a string, unknown where it is faulty. */
function partText(part: TemplatePart, whole: Range, context: Context): Value {
  switch (part.kind) {
    case "text":
      return stringValue(part.text);
    case "interpolation":
      return interpolated(part.expression, whole, context);
    case "if": {
      const side = (parts: readonly TemplatePart[]): Side => {
        const found = new Diagnostics();
        const value = joined(parts, part.range, { ...context, diagnostics: found });
        return { value, found, range: part.range };
      };
      const value = choose(part.condition, side(part.then), side(part.otherwise), part.range, context);
      return isUnknown(value) ? withMarks(unknownOf(STRING), value.marks) : value;
    }
    case "for":
      return repeated(part, context);
  }
}

function interpolated(expression: Expression, whole: Range, context: Context): Value {
  const value = context.evaluate(expression, context);
  const fail = (detail: string) => {
    report(
      {
        code: "invalid-interpolation",
        summary: "Invalid template interpolation value",
        detail,
        subject: expression.range,
        context: whole,
        of: expression,
      },
      context,
    );
    return withMarks(unknownOf(STRING), value.marks);
  };
  if (isNull(value)) return fail("This value is null, and a text cannot hold null.");
  if (isUnknown(value)) return withMarks(unknownOf(STRING), value.marks);
  const text = convert(value, STRING);
  if (!(text instanceof ConversionFault)) return text;
  const hint =
    value.type.kind === "list" || value.type.kind === "tuple" || value.type.kind === "set" ? "join" : "jsonencode";
  return fail(`This value cannot be part of a text: ${text.message}. To write it out, use ${hint}().`);
}

function repeated(part: Extract<TemplatePart, { kind: "for" }>, context: Context): Value {
  const iteration = iterate(part.collection, part.range, context);
  if (!iteration) return unknownOf(STRING);
  if (!iteration.entries) return withMarks(unknownOf(STRING), iteration.marks);
  const texts: Value[] = [];
  for (const [key, item] of iteration.entries) {
    const found = new Diagnostics();
    texts.push(joined(part.body, part.range, turn(part, key, item, { ...context, diagnostics: found })));
    context.diagnostics.append(found.all);
    if (found.hasErrors) return withMarks(unknownOf(STRING), iteration.marks);
  }
  const marks = [...iteration.marks, ...texts.flatMap((text) => [...text.marks])];
  if (texts.some(isUnknown)) return withMarks(unknownOf(STRING), marks);
  return withMarks(stringValue(texts.map((text) => text.data).join("")), marks);
}
