import { Diagnostics } from "../../source/diagnostic.ts";
import type { Expression } from "../../syntax/tree.ts";
import { ConversionFault, convert } from "../../values/convert.ts";
import { listOf, sameType, type Type, tupleOf } from "../../values/type.ts";
import {
  isNull,
  isUnknown,
  itemsOf,
  listValue,
  tupleValue,
  UNKNOWN_VALUE,
  unknownOf,
  type Value,
  withMarks,
  withoutMarks,
} from "../../values/value.ts";
import { type Context, evaluateApart, report } from "../context.ts";

type Splat = Extract<Expression, { kind: "splat" }>;

/**
 * `of[*].x`: the same of every element: a tuple of a tuple, a list of a list or set. What is no sequence stands for a
 * tuple of itself, and null for an empty one.
 */
export function evaluateSplat(expression: Splat, context: Context): Value {
  const { value: given, found } = evaluateApart(expression.of, context);
  context.diagnostics.append(found.all);
  if (found.hasErrors) return UNKNOWN_VALUE;
  const { marks } = given;
  const isSequence = given.type.kind === "tuple" || given.type.kind === "list" || given.type.kind === "set";
  if (isNull(given)) {
    if (!isSequence) return withMarks(tupleValue([]), marks);
    report(
      {
        code: "splat-of-null",
        summary: "Splat of null value",
        detail: "This list is null, so it has no elements to go through.",
        subject: expression.of.range,
        context: expression.range,
        of: expression.of,
      },
      context,
    );
    return UNKNOWN_VALUE;
  }
  if (given.type.kind === "any") return withMarks(UNKNOWN_VALUE, marks);
  const source = isSequence ? withoutMarks(given) : tupleValue([given]);
  if (isUnknown(source)) return withMarks(unknownOf(resultType(expression, source.type, context)), marks);
  const results: Value[] = [];
  for (const item of itemsOf(source)) {
    const { value, found } = each(expression, item, context);
    context.diagnostics.append(found.all);
    if (found.hasErrors) {
      if (isUnknown(given)) return withMarks(UNKNOWN_VALUE, marks);
      const quiet = { ...context, diagnostics: new Diagnostics(), quiet: true };
      return withMarks(unknownOf(resultType(expression, source.type, quiet)), marks);
    }
    results.push(value);
  }
  // Whether an unknown single value gives one element or none shows only when it is known not to be null.
  if (!isSequence && isUnknown(given)) return withMarks(UNKNOWN_VALUE, marks);
  return withMarks(
    source.type.kind === "tuple" ? tupleValue(results) : list(expression, results, source.type, context),
    marks,
  );
}

/** What the innermost splat of this id stands at. */
export function splatItem(id: number, context: Context): Value {
  for (let at = context.splatItem; at; at = at.outer) if (at.id === id) return at.value;
  return UNKNOWN_VALUE;
}

function each(expression: Splat, item: Value, context: Context) {
  const splatItem = { id: expression.id, value: item, outer: context.splatItem };
  return evaluateApart(expression.each, { ...context, splatItem });
}

/** What the type of the result will be, found out with unknown elements; what is wrong with any element is reported. */
function resultType(expression: Splat, source: Type, context: Context): Type {
  const typeOf = (item: Type) => {
    const { value, found } = each(expression, unknownOf(item), context);
    context.diagnostics.append(found.all);
    return value.type;
  };
  if (source.kind === "tuple") return tupleOf(source.elements.map(typeOf));
  return listOf(typeOf("element" in source ? source.element : source));
}

function list(expression: Splat, results: readonly Value[], source: Type, context: Context): Value {
  const type = results.find((item) => item.type.kind !== "any")?.type ?? results[0]?.type;
  if (!type) return { ...listValue(source, []), type: resultType(expression, source, context) };
  const items: Value[] = [];
  for (const item of results) {
    const alike = item.type.kind === "any" ? convert(item, type) : item;
    if (!(alike instanceof ConversionFault) && sameType(alike.type, type)) items.push(alike);
  }
  if (items.length === results.length) return listValue(type, items);
  report(
    {
      code: "invalid-nested-splat",
      summary: "Invalid nested splat expressions",
      detail:
        "The inner splat gives results of different types, which cannot be elements of one list. A for expression gives a tuple instead.",
      subject: expression.each.range,
      context: expression.range,
    },
    context,
  );
  return UNKNOWN_VALUE;
}
