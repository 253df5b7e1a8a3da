import type { Expression, KeyName } from "../../syntax/tree.ts";
import { ConversionFault, convert } from "../../values/convert.ts";
import { STRING } from "../../values/type.ts";
import {
  isNull,
  objectValue,
  stringValue,
  tupleValue,
  UNKNOWN_VALUE,
  type Value,
  withMarks,
} from "../../values/value.ts";
import { type Context, evaluateApart, report } from "../context.ts";

/** `[a, b]`: always a tuple; where a list is wanted it is converted. */
export function evaluateTuple(expression: Extract<Expression, { kind: "tuple" }>, context: Context): Value {
  return tupleValue(expression.items.map((item) => context.evaluate(item, context)));
}

/** `{ a = 1, (b) = 2 }`: an object; of a key that occurs twice the last one counts. Unknown while a key is unknown. */
export function evaluateObject(expression: Extract<Expression, { kind: "object" }>, context: Context): Value {
  const attributes: [string, Value][] = [];
  const marks: string[] = [];
  let known = true;
  for (const item of expression.items) {
    const key = objectKey(item.key, context);
    const value = context.evaluate(item.value, context);
    marks.push(...key.marks);
    if (typeof key.data === "string") attributes.push([key.data, value]);
    else known = false;
  }
  return withMarks(known ? objectValue(attributes) : UNKNOWN_VALUE, marks);
}

function objectKey(key: Expression | KeyName, context: Context): Value {
  if (key.kind === "key-name") return stringValue(key.text);
  const { value, found } = evaluateApart(key, context);
  context.diagnostics.append(found.all);
  if (found.hasErrors) return UNKNOWN_VALUE;
  if (isNull(value)) {
    report(
      {
        code: "null-key",
        summary: "Null value as key",
        detail: "A key must not be null.",
        subject: key.range,
        of: key,
      },
      context,
    );
    return UNKNOWN_VALUE;
  }
  const text = convert(value, STRING);
  if (!(text instanceof ConversionFault)) return text;
  report(
    {
      code: "incorrect-key-type",
      summary: "Incorrect key type",
      detail: `This value cannot be a key: ${text.message}.`,
      subject: key.range,
      of: key,
    },
    context,
  );
  return UNKNOWN_VALUE;
}
