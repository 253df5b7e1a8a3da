import { Diagnostics } from "../source/diagnostic.ts";
import { type Range, spanning } from "../source/source.ts";
import type { CallExpression, Expression } from "../syntax/tree.ts";
import { ConversionFault, convert } from "../values/convert.ts";
import { aTypeName } from "../values/type-text.ts";
import {
  isNull,
  isSensitive,
  isUnknown,
  isWhollyKnown,
  itemsOf,
  type Mark,
  marksWithin,
  UNKNOWN_VALUE,
  unknownOf,
  type Value,
  withMarks,
  withoutMarks,
  withoutMarksWithin,
} from "../values/value.ts";
import { type Context, report } from "./context.ts";
import { nearestName } from "./nearest-name.ts";
import { FunctionFault, findFunction, functionNames, type HclFunction, type Parameter } from "./scope.ts";
import { typeFromExpression } from "./type-expression.ts";

/** The value of `name(arguments)`. */
export function callFunction(call: CallExpression, context: Context): Value {
  const called = findFunction(context.scope, call.name.text);
  if (!called) {
    reportUnknownFunction(call, context);
    return UNKNOWN_VALUE;
  }
  if (called.evaluate) return callUnevaluated(called, call, context);
  const args = givenArguments(call, context);
  if (!args || !countFits(called, args, call, context)) return UNKNOWN_VALUE;
  const values: Value[] = [];
  for (const [index, argument] of args.entries()) {
    const parameter = parameterAt(called, index);
    const value = convert(argument.value(), parameter.type);
    if (!(value instanceof ConversionFault)) {
      values.push(value);
      continue;
    }
    reportArgument(value.message, parameter, argument, call, context);
    // All that follow come from the same place, where one message is enough.
    if (argument.expanded) return UNKNOWN_VALUE;
  }
  if (values.length < args.length || args.some((argument) => argument.faulty)) return UNKNOWN_VALUE;
  try {
    return invoke(called, values);
  } catch (fault) {
    if (!(fault instanceof FunctionFault)) throw fault;
    // Functions that take marked values deal with secrets themselves, and quote none.
    const secret = values.some((value, index) => isSensitive(value) && !parameterAt(called, index).allowMarked);
    const argument = fault.argument === undefined ? undefined : args[fault.argument];
    if (argument && fault.argument !== undefined) {
      reportArgument(told(fault, secret), parameterAt(called, fault.argument), argument, call, context);
    } else {
      report(
        {
          code: "function-failed",
          summary: "Error in function call",
          detail: `Call to function "${called.name}" failed: ${told(fault, secret)}.`,
          subject: call.range,
          of: call,
        },
        context,
      );
    }
    return UNKNOWN_VALUE;
  }
}

/**
 * Calls the function with arguments that already have the types of its parameters, by the rules for null, unknown and
 * marked arguments. Throws `FunctionFault`.
 */
export function invoke(called: HclFunction, args: readonly Value[]): Value {
  const marks = new Set<Mark>();
  let known = true;
  const values = args.map((given, index) => {
    const parameter = parameterAt(called, index);
    if (isNull(given) && !parameter.allowNull) throw new FunctionFault("it must not be null", index);
    if (!parameter.allowMarked) for (const mark of marksWithin(given)) marks.add(mark);
    const value = parameter.allowMarked ? given : withoutMarksWithin(given);
    if (!parameter.allowUnknown && !isWhollyKnown(value)) known = false;
    return value;
  });
  return withMarks(known ? called.call(values) : unknownOf(called.resultType(values)), marks);
}

interface Argument {
  readonly range: Range;
  readonly of: Expression;
  /** Evaluated at most once. */
  value(): Value;
  faulty: boolean;
  /** One of several that stand for one expression before `...`. */
  readonly expanded?: boolean;
}

function callUnevaluated(called: HclFunction, call: CallExpression, context: Context): Value {
  const args = call.expands ? givenArguments(call, context) : call.arguments.map((of) => evaluatedLater(of, context));
  if (!args || !countFits(called, args, call, context)) return UNKNOWN_VALUE;
  const expression = (index: number): Expression => args[index]?.of ?? call;
  try {
    return (
      called.evaluate?.({
        argumentCount: args.length,
        range: call.range,
        diagnostics: context.diagnostics,
        evaluate: (index, diagnostics) =>
          call.expands && args[index]
            ? args[index].value()
            : context.evaluate(expression(index), { ...context, diagnostics }),
        typeOf: (index, diagnostics) => typeFromExpression(expression(index), diagnostics)?.type,
      }) ?? UNKNOWN_VALUE
    );
  } catch (fault) {
    if (!(fault instanceof FunctionFault)) throw fault;
    const argument = fault.argument === undefined ? undefined : args[fault.argument];
    if (argument && fault.argument !== undefined) {
      reportArgument(fault.message, parameterAt(called, fault.argument), argument, call, context);
      return UNKNOWN_VALUE;
    }
    report(
      {
        code: "function-failed",
        summary: "Error in function call",
        detail: `Call to function "${called.name}" failed: ${fault.message}.`,
        subject: call.range,
      },
      context,
    );
    return UNKNOWN_VALUE;
  }
}

function evaluatedLater(of: Expression, context: Context): Argument {
  let value: Value | undefined;
  return {
    range: of.range,
    of,
    faulty: false,
    value() {
      if (!value) {
        const found = new Diagnostics();
        value = context.evaluate(of, { ...context, diagnostics: found });
        context.diagnostics.append(found.all);
        this.faulty = found.hasErrors;
      }
      return value;
    },
  };
}

/** The arguments, with a last one that is followed by `...` taken apart; undefined where that cannot be done (yet). */
function givenArguments(call: CallExpression, context: Context): Argument[] | undefined {
  const args = call.arguments.map((of) => evaluatedLater(of, context));
  const last = call.expands ? args.pop() : undefined;
  if (!last) return args;
  const value = last.value();
  if (last.faulty || (isUnknown(value) && value.type.kind === "any")) return undefined;
  const { kind } = value.type;
  const sequence = kind === "list" || kind === "tuple" || kind === "set";
  if (isNull(value) || !sequence) {
    const detail = isNull(value)
      ? "The argument before ... must not be null."
      : `The argument before ... must be a list, set or tuple, and this is ${aTypeName(value.type)}.`;
    report(
      {
        code: "invalid-expansion",
        summary: "Invalid expanding argument value",
        detail,
        subject: last.range,
        context: call.range,
        of: last.of,
      },
      context,
    );
    return undefined;
  }
  if (isUnknown(value)) return undefined;
  const { range, of } = last;
  const items = itemsOf(withoutMarks(value)).map((item): Argument => {
    const marked = withMarks(item, value.marks);
    return { range, of, faulty: false, expanded: true, value: () => marked };
  });
  return [...args, ...items];
}

function countFits(called: HclFunction, args: readonly Argument[], call: CallExpression, context: Context): boolean {
  const wanted = called.parameters.length;
  const names = called.parameters.map((parameter) => parameter.name);
  if (called.variadic) names.push(`${called.variadic.name}...`);
  const usage = `It is called as ${called.name}(${names.join(", ")}).`;
  const arguments_ = `${wanted} argument${wanted === 1 ? "" : "s"}`;
  if (args.length < wanted) {
    report(
      {
        code: "too-few-arguments",
        summary: "Not enough function arguments",
        detail: `Function "${called.name}" expects ${called.variadic ? "at least " : ""}${arguments_}: "${called.parameters[args.length]?.name}" is missing. ${usage}`,
        subject: call.closeParenthesis,
        context: call.range,
      },
      context,
    );
    return false;
  }
  const extra = called.variadic ? undefined : args[wanted];
  if (!extra) return true;
  report(
    {
      code: "too-many-arguments",
      summary: "Too many function arguments",
      detail: `Function "${called.name}" expects ${wanted === 0 ? "no arguments" : `only ${arguments_}`}. ${usage}`,
      subject: spanning(extra.range, args.at(-1)?.range ?? extra.range),
      context: call.range,
    },
    context,
  );
  return false;
}

const NO_PARAMETER: Parameter = { name: "argument", type: { kind: "any" } };

function parameterAt(called: HclFunction, index: number): Parameter {
  return called.parameters[index] ?? called.variadic ?? NO_PARAMETER;
}

/** What went wrong, unless the arguments are secret: then the reason might quote them. */
function told(fault: FunctionFault, secret: boolean): string {
  return secret ? "the reason is not shown, because an argument is sensitive" : fault.message;
}

function reportArgument(
  why: string,
  parameter: Parameter,
  argument: Argument,
  call: CallExpression,
  context: Context,
): void {
  report(
    {
      code: "invalid-argument",
      summary: "Invalid function argument",
      detail: `Invalid value for the parameter "${parameter.name}" of ${call.name.text}: ${why}.`,
      subject: argument.range,
      context: call.range,
      of: argument.of,
    },
    context,
  );
}

function reportUnknownFunction(call: CallExpression, context: Context): void {
  const names = functionNames(context.scope);
  if (names.length === 0) {
    report(
      {
        code: "functions-not-allowed",
        summary: "Function calls not allowed",
        detail: "Only a constant value can stand here, so no function can be called.",
        subject: call.range,
      },
      context,
    );
    return;
  }
  const near = nearestName(call.name.text, names);
  const hint = near === undefined ? "" : ` Did you mean "${near}"?`;
  report(
    {
      code: "unknown-function",
      summary: "Call to unknown function",
      detail: `There is no function named "${call.name.text}"${names.length <= 4 ? ` here: only ${names.join(", ")} can be called` : ""}.${hint}`,
      subject: call.name.range,
      context: call.range,
    },
    context,
  );
}
