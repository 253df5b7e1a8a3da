import type { Diagnostics } from "../../source/diagnostic.ts";
import { type Range, spanning } from "../../source/source.ts";
import type { Expression } from "../../syntax/tree.ts";
import { ConversionFault, convert } from "../../values/convert.ts";
import { ANY, BOOL, sameType, type Type } from "../../values/type.ts";
import { aTypeName } from "../../values/type-text.ts";
import { unify } from "../../values/unify.ts";
import { isNull, isUnknown, nullOf, unknownOf, type Value, withMarks, withoutMarks } from "../../values/value.ts";
import { type Context, evaluateApart, report } from "../context.ts";

/** A side of a conditional, evaluated: its faults count only if it is the side that is taken. */
export interface Side {
  readonly value: Value;
  readonly found: Diagnostics;
  readonly range: Range;
  readonly of?: Expression;
}

/** `condition ? then : otherwise`. */
export function evaluateConditional(expression: Extract<Expression, { kind: "conditional" }>, context: Context): Value {
  const side = (of: Expression): Side => ({ ...evaluateApart(of, context), range: of.range, of });
  return choose(expression.condition, side(expression.then), side(expression.otherwise), expression.range, context);
}

/**
 * The value of the side that the condition picks, converted to the type that both sides share. It carries the marks of
 * the condition and of both sides: which of them it was can give a secret away.
 */
export function choose(condition: Expression, then: Side, otherwise: Side, whole: Range, context: Context): Value {
  const type = sharedType(then.value, otherwise.value);
  if (!type) {
    report(
      {
        code: "inconsistent-conditional",
        summary: "Inconsistent conditional result types",
        detail: `Both results of a conditional must have one type. ${difference(then.value.type, otherwise.value.type)}.`,
        subject: spanning(then.range, otherwise.range),
        context: whole,
      },
      context,
    );
    return unknownOf(ANY);
  }
  const decision = context.evaluate(condition, context);
  const fail = (code: string, summary: string, detail: string) => {
    report({ code, summary, detail, subject: condition.range, context: whole, of: condition }, context);
    return unknownOf(type);
  };
  if (isNull(decision))
    return fail("null-condition", "Null condition", "The condition is null. It must be either true or false.");
  const marks = [...decision.marks, ...then.value.marks, ...otherwise.value.marks];
  if (isUnknown(decision)) {
    const bothNull = isNull(then.value) && isNull(otherwise.value);
    return withMarks(bothNull ? nullOf(type) : unknownOf(type), marks);
  }
  const truth = convert(decision, BOOL);
  if (truth instanceof ConversionFault) {
    return fail(
      "incorrect-condition-type",
      "Incorrect condition type",
      `The condition must be true or false: ${truth.message}.`,
    );
  }
  const taken = truth.data === true ? then : otherwise;
  context.diagnostics.append(taken.found.all);
  const value = convert(withoutMarks(taken.value), type);
  if (!(value instanceof ConversionFault)) return withMarks(value, marks);
  report(
    {
      code: "inconsistent-conditional",
      summary: "Inconsistent conditional result types",
      detail: `The ${taken === then ? "true" : "false"} result has the wrong type: ${value.message}.`,
      subject: taken.range,
      context: whole,
      of: taken.of,
    },
    context,
  );
  return unknownOf(type);
}

/** `null` as written takes the type of the other side. Where the type of one side is not known, none is asked for. */
function sharedType(a: Value, b: Value): Type | undefined {
  if (a.type.kind === "any" && isNull(a)) return b.type;
  if (b.type.kind === "any" && isNull(b)) return a.type;
  if (a.type.kind === "any" || b.type.kind === "any") return ANY;
  return unify([a.type, b.type]);
}

function difference(a: Type, b: Type): string {
  if (a.kind === "object" && b.kind === "object") {
    for (const [name, type] of a.attributes) {
      const other = b.attributes.get(name);
      if (!other) return `The true result has the attribute "${name}", which the false result lacks`;
      if (!sameType(type, other)) return `They differ in the attribute "${name}". ${difference(type, other)}`;
    }
    for (const name of b.attributes.keys()) {
      if (!a.attributes.has(name)) return `The false result has the attribute "${name}", which the true result lacks`;
    }
  }
  if (a.kind === "tuple" && b.kind === "tuple") {
    if (a.elements.length !== b.elements.length) {
      return `The true result has ${a.elements.length} elements, the false result ${b.elements.length}, and they do not form lists of one type`;
    }
    const index = a.elements.findIndex((element, at) => !sameType(element, b.elements[at] ?? ANY));
    return `They differ in element ${index}. ${difference(a.elements[index] ?? ANY, b.elements[index] ?? ANY)}`;
  }
  if ("element" in a && "element" in b && a.kind === b.kind && a.element.kind === b.element.kind) {
    return `They differ in their elements. ${difference(a.element, b.element)}`;
  }
  return `The true result is ${aTypeName(a)}, the false result ${aTypeName(b)}`;
}
