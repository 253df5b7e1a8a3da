import type { ForExpression } from "../../syntax/tree.ts";
import { ConversionFault, convert } from "../../values/convert.ts";
import { BOOL, STRING } from "../../values/type.ts";
import {
  isNull,
  isUnknown,
  type Mark,
  objectValue,
  stringValue,
  tupleValue,
  UNKNOWN_VALUE,
  type Value,
  withMarks,
} from "../../values/value.ts";
import { type Context, evaluateApart, report } from "../context.ts";
import { iterate, turn } from "./iterate.ts";

/**
 * `[for k, v in c : …]` gives a tuple, `{for k, v in c : k => …}` an object. Marks of the collection, the conditions and
 * the keys are on the result. What is wrong in one turn is mostly wrong in all: the first faulty turn ends the loop.
 */
export function evaluateFor(expression: ForExpression, context: Context): Value {
  const iteration = iterate(expression.collection, expression.range, context);
  if (!iteration) return UNKNOWN_VALUE;
  if (iteration.anything) return withMarks(UNKNOWN_VALUE, iteration.marks);
  const marks = new Set<Mark>(iteration.marks);
  const trial = include(
    expression,
    turn(expression, UNKNOWN_VALUE, UNKNOWN_VALUE, context),
    marks,
    "Condition is null",
  );
  if (trial === "fault" || !iteration.entries) return withMarks(UNKNOWN_VALUE, marks);
  const results: [string, Value][] = [];
  let known = true;
  for (const [key, item] of iteration.entries) {
    const inner = turn(expression, key, item, context);
    const included = include(expression, inner, marks);
    if (included === "fault") return withMarks(UNKNOWN_VALUE, marks);
    if (included === "unknown") known = false;
    if (included !== "yes") continue;
    const name = resultKey(expression, inner, marks);
    if (name === undefined) return withMarks(UNKNOWN_VALUE, marks);
    const { value, found } = evaluateApart(expression.value, inner);
    context.diagnostics.append(found.all);
    if (found.hasErrors) return withMarks(UNKNOWN_VALUE, marks);
    if (typeof name.data === "string") results.push([name.data, value]);
    else known = false;
  }
  if (!known) return withMarks(UNKNOWN_VALUE, marks);
  if (expression.form === "tuple") return withMarks(tupleValue(results.map(([, value]) => value)), marks);
  const object = expression.groups ? grouped(results) : distinct(expression, results, marks, context);
  return withMarks(object, marks);
}

function include(
  expression: ForExpression,
  inner: Context,
  marks: Set<Mark>,
  nullSummary = "Invalid 'for' condition",
): "yes" | "no" | "unknown" | "fault" {
  const { condition } = expression;
  if (!condition) return "yes";
  const { value, found } = evaluateApart(condition, inner);
  inner.diagnostics.append(found.all);
  if (found.hasErrors) return "fault";
  const fail = (detail: string, summary = "Invalid 'for' condition") => {
    const subject = condition.range;
    report(
      {
        code: "invalid-for-condition",
        summary,
        detail,
        subject,
        context: expression.range,
        of: condition,
      },
      inner,
    );
    return "fault" as const;
  };
  if (isNull(value)) return fail("The 'if' clause is null. It must be either true or false.", nullSummary);
  for (const mark of value.marks) marks.add(mark);
  const truth = convert(value, BOOL);
  if (truth instanceof ConversionFault) return fail(`The 'if' clause must be true or false: ${truth.message}.`);
  if (isUnknown(truth)) return "unknown";
  return truth.data === true ? "yes" : "no";
}

/** The key as a string value, maybe unknown; undefined where it is faulty. A tuple needs none. */
function resultKey(expression: ForExpression, inner: Context, marks: Set<Mark>): Value | undefined {
  const { key } = expression;
  if (!key) return stringValue("");
  const { value, found } = evaluateApart(key, inner);
  inner.diagnostics.append(found.all);
  if (found.hasErrors) return undefined;
  const fail = (detail: string) => {
    report(
      {
        code: "invalid-object-key",
        summary: "Invalid object key",
        detail,
        subject: key.range,
        context: expression.range,
        of: key,
      },
      inner,
    );
    return undefined;
  };
  if (isNull(value)) return fail("The key is null.");
  for (const mark of value.marks) marks.add(mark);
  const text = convert(value, STRING);
  if (text instanceof ConversionFault) return fail(`This value cannot be a key: ${text.message}.`);
  return text;
}

function grouped(results: readonly [string, Value][]): Value {
  const groups = new Map<string, Value[]>();
  for (const [key, value] of results) {
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return objectValue([...groups].map(([key, values]) => [key, tupleValue(values)]));
}

function distinct(
  expression: ForExpression,
  results: readonly [string, Value][],
  marks: ReadonlySet<Mark>,
  context: Context,
): Value {
  const seen = new Set<string>();
  const first = results.filter(([key]) => !seen.has(key) && seen.add(key));
  if (first.length < results.length) {
    const counts = Map.groupBy(results, ([key]) => key);
    const repeated = [...counts].find(([, values]) => values.length > 1)?.[0] ?? "";
    const shown = marks.size > 0 ? "the same key" : `the key ${JSON.stringify(repeated)}`;
    report(
      {
        code: "duplicate-object-key",
        summary: "Duplicate object key",
        detail: `Two turns of this 'for' give ${shown}. To collect all values of a key in a tuple, write ... behind the value.`,
        subject: (expression.key ?? expression).range,
        context: expression.range,
      },
      context,
    );
  }
  return objectValue(first);
}
