import { Diagnostics } from "../../source/diagnostic.ts";
import type { BinaryOperator, Expression } from "../../syntax/tree.ts";
import { ConversionFault, convert } from "../../values/convert.ts";
import { equals } from "../../values/equality.ts";
import { BOOL, NUMBER, type Type } from "../../values/type.ts";
import {
  boolValue,
  isNull,
  isUnknown,
  Numeric,
  numberValue,
  settled,
  unknownOf,
  type Value,
  withMarks,
} from "../../values/value.ts";
import { type Context, report } from "../context.ts";

type Unary = Extract<Expression, { kind: "unary" }>;
type Binary = Extract<Expression, { kind: "binary" }>;

/** `-number` and `!bool`. */
export function evaluateUnary(expression: Unary, context: Context): Value {
  const type = expression.operator === "-" ? NUMBER : BOOL;
  const operand = converted(expression.operand, type, "This operand", expression, context, context.diagnostics);
  if (!operand || isUnknown(operand)) return withMarks(unknownOf(type), operand?.marks ?? []);
  if (isNull(operand)) return nullOperand(expression.operand, expression, type, context);
  const { data } = operand;
  const result = data instanceof Numeric ? numberValue(data.negated()) : boolValue(data !== true);
  return withMarks(result, operand.marks);
}

/** Arithmetic, comparison and logic between two values. */
export function evaluateBinary(expression: Binary, context: Context): Value {
  switch (expression.operator) {
    case "==":
    case "!=":
      return equality(expression, context);
    case "&&":
    case "||":
      return logic(expression, context);
    default:
      return arithmetic(expression, context);
  }
}

function equality(expression: Binary, context: Context): Value {
  const { all } = context.diagnostics;
  const before = all.length;
  const left = context.evaluate(expression.left, context);
  const right = context.evaluate(expression.right, context);
  const result =
    all.length > before ? withMarks(unknownOf(BOOL), [...left.marks, ...right.marks]) : equals(left, right);
  if (expression.operator === "==" || isUnknown(result)) return result;
  return withMarks(boolValue(result.data !== true), result.marks);
}

/** A side that decides alone wins, whichever side it is, and faults of the other side are then not reported. */
function logic(expression: Binary, context: Context): Value {
  const decisive = expression.operator === "||";
  const [leftFound, rightFound] = [new Diagnostics(), new Diagnostics()];
  const left = converted(expression.left, BOOL, "The left operand", expression, context, leftFound);
  const right = converted(expression.right, BOOL, "The right operand", expression, context, rightFound);
  const both = () => context.diagnostics.append([...leftFound.all, ...rightFound.all]);
  if (!left || !right) {
    both();
    return unknownOf(BOOL);
  }
  const marks = [...left.marks, ...right.marks];
  const [leftUnknown, rightUnknown] = [isUnknown(left), isUnknown(right)];
  const give = (value: Value, found: Diagnostics) => {
    context.diagnostics.append(found.all);
    return withMarks(value, marks);
  };
  if (leftUnknown && rightUnknown && !leftFound.hasErrors) return give(unknownOf(BOOL), leftFound);
  // As in HCL, null decides like false; only where nothing is decided is it a fault.
  const [leftTruth, rightTruth] = [left.data ?? false, right.data ?? false];
  if (leftTruth === decisive) return give(boolValue(decisive), leftFound);
  if (rightTruth === decisive) return give(boolValue(decisive), rightFound);
  if (leftUnknown && rightTruth === !decisive) return give(unknownOf(BOOL), leftFound);
  if (rightUnknown && leftTruth === !decisive) return give(unknownOf(BOOL), rightFound);
  both();
  if (isNull(left)) return nullOperand(expression.left, expression, BOOL, context);
  if (isNull(right)) return nullOperand(expression.right, expression, BOOL, context);
  return withMarks(leftUnknown || rightUnknown ? unknownOf(BOOL) : boolValue(!decisive), marks);
}

function arithmetic(expression: Binary, context: Context): Value {
  const { operator } = expression;
  const left = converted(expression.left, NUMBER, "The left operand", expression, context, context.diagnostics);
  const right = converted(expression.right, NUMBER, "The right operand", expression, context, context.diagnostics);
  const type = resultType(operator);
  if (!left || !right) return unknownOf(type);
  if (isNull(left)) return nullOperand(expression.left, expression, type, context);
  if (isNull(right)) return nullOperand(expression.right, expression, type, context);
  const marks = [...left.marks, ...right.marks];
  if (!(left.data instanceof Numeric && right.data instanceof Numeric)) return withMarks(unknownOf(type), marks);
  if ((operator === "/" || operator === "%") && right.data.isZero()) {
    report(
      {
        code: "division-by-zero",
        summary: "Division by zero",
        detail: operator === "/" ? "The right operand is 0." : "The right operand is 0, so there is no remainder.",
        subject: expression.right.range,
        context: expression.range,
        of: expression.right,
      },
      context,
    );
    return unknownOf(type);
  }
  const result = calculated(operator, left.data, right.data);
  if (typeof result === "boolean") return withMarks(boolValue(result), marks);
  if (result.isFinite()) return withMarks(numberValue(result), marks);
  report(
    {
      code: "number-too-large",
      summary: "Operation failed",
      detail: "The result is too large: numbers may have up to 100000 digits.",
      subject: expression.range,
      of: expression,
    },
    context,
  );
  return unknownOf(type);
}

function resultType(operator: BinaryOperator): Type {
  return operator === "<" || operator === "<=" || operator === ">" || operator === ">=" ? BOOL : NUMBER;
}

/**
 * A quotient keeps a few digits more than later results are rounded to, so that 10 / 3 * 3 is 10 again: with numbers to
 * the base of 2, as Packer has them, it is.
 */
const Guarded = Numeric.clone({ precision: Numeric.precision + 10 });

function calculated(operator: BinaryOperator, left: Numeric, right: Numeric): Numeric | boolean {
  switch (operator) {
    case "+":
      return left.plus(right);
    case "-":
      return left.minus(right);
    case "*":
      return left.times(right);
    case "/":
      return new Numeric(new Guarded(left).dividedBy(right));
    case "%":
      return left.modulo(right);
    case "<":
      return settled(left).lessThan(settled(right));
    case "<=":
      return settled(left).lessThanOrEqualTo(settled(right));
    case ">":
      return settled(left).greaterThan(settled(right));
    case ">=":
      return settled(left).greaterThanOrEqualTo(settled(right));
    default:
      throw new Error(`${operator} is no operator on numbers`);
  }
}

/** The operand as a value of the type, or undefined where it is none, which is then reported. */
function converted(
  operand: Expression,
  type: Type,
  name: string,
  whole: Expression,
  context: Context,
  found: Diagnostics,
): Value | undefined {
  const inner = { ...context, diagnostics: found };
  const value = convert(context.evaluate(operand, inner), type);
  if (!(value instanceof ConversionFault)) return value;
  report(
    {
      code: "invalid-operand",
      summary: "Invalid operand",
      detail: `${name} is unsuitable: ${value.message}.`,
      subject: operand.range,
      context: whole.range,
      of: operand,
    },
    inner,
  );
  return undefined;
}

function nullOperand(operand: Expression, whole: Expression, type: Type, context: Context): Value {
  report(
    {
      code: "null-operand",
      summary: "Operation failed",
      detail: "This operand is null, and there is no calculating with null.",
      subject: operand.range,
      context: whole.range,
      of: operand,
    },
    context,
  );
  return unknownOf(type);
}
