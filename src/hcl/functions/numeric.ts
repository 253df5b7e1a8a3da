import { FunctionFault, type Parameter } from "../evaluation/scope.ts";
import { ConversionFault, convert } from "../values/convert.ts";
import { ANY, NUMBER, STRING } from "../values/type.ts";
import { aTypeName } from "../values/type-text.ts";
import { isNull, isUnknown, itemsOf, Numeric, numberValue, unknownOf, type Value } from "../values/value.ts";
import { at, define, type FunctionTable, numberAt, tableOf, textAt, wholeAt } from "./define.ts";

const NUM: Parameter = { name: "num", type: NUMBER };

function ofOneNumber(name: string, doc: string, calculate: (number: Numeric) => Numeric) {
  return define({
    name,
    doc,
    parameters: [NUM],
    returns: NUMBER,
    call: (args) => numberValue(calculate(numberAt(args, 0))),
  });
}

function extreme(name: string, doc: string, pick: (numbers: Numeric[]) => Numeric) {
  return define({
    name,
    doc,
    parameters: [],
    variadic: { name: "numbers", type: NUMBER },
    returns: NUMBER,
    call(args) {
      if (args.length === 0) throw new FunctionFault("at least one number is required");
      return numberValue(pick(args.map((_, index) => numberAt(args, index))));
    },
  });
}

const pow = define({
  name: "pow",
  doc: "The first number raised to the power of the second, in double precision.",
  parameters: [NUM, { name: "power", type: NUMBER }],
  returns: NUMBER,
  call: (args) => finite(numberAt(args, 0).toNumber() ** numberAt(args, 1).toNumber()),
});

const log = define({
  name: "log",
  doc: "The logarithm of a number to a base, in double precision.",
  parameters: [NUM, { name: "base", type: NUMBER }],
  returns: NUMBER,
  call: (args) => finite(Math.log(numberAt(args, 0).toNumber()) / Math.log(numberAt(args, 1).toNumber())),
});

const parseint = define({
  name: "parseint",
  doc: "The whole number that a text spells in a base from 2 to 62.",
  parameters: [
    { name: "number", type: ANY },
    { name: "base", type: NUMBER },
  ],
  returns: NUMBER,
  call(args) {
    const given = convert(at(args, 0), STRING);
    if (at(args, 0).type.kind !== "string" || given instanceof ConversionFault) {
      throw new FunctionFault(`a string is required, not ${aTypeName(at(args, 0).type)}`, 0);
    }
    const base = wholeAt(args, 1);
    if (base < 2 || base > 62) throw new FunctionFault("the base must be a whole number from 2 to 62", 1);
    return parsedIn(textAt(args, 0), base);
  },
});

const sum = define({
  name: "sum",
  doc: "The sum of all numbers of a list, set or tuple.",
  parameters: [{ name: "list", type: ANY, allowUnknown: true }],
  returns: NUMBER,
  call(args) {
    const list = at(args, 0);
    if (list.type.kind === "any" && isUnknown(list)) return unknownOf(NUMBER);
    const { kind } = list.type;
    if (kind !== "list" && kind !== "set" && kind !== "tuple") {
      throw new FunctionFault(`a list, set or tuple of numbers is required, not ${aTypeName(list.type)}`, 0);
    }
    if (isUnknown(list)) return unknownOf(NUMBER);
    const items = itemsOf(list);
    if (items.length === 0) throw new FunctionFault("an empty list has no sum", 0);
    return total(items);
  },
});

/** Functions on numbers. */
export const numericFunctions: FunctionTable = tableOf([
  ofOneNumber("abs", "The number without its sign.", (number) => number.abs()),
  ofOneNumber("ceil", "The nearest whole number that is not smaller.", (number) => number.ceil()),
  ofOneNumber("floor", "The nearest whole number that is not larger.", (number) => number.floor()),
  ofOneNumber("signum", "-1, 0 or 1: the sign of the number.", (number) => new Numeric(number.isZero() ? 0 : number.s)),
  extreme("max", "The largest of the numbers.", (numbers) => Numeric.max(...numbers)),
  extreme("min", "The smallest of the numbers.", (numbers) => Numeric.min(...numbers)),
  pow,
  log,
  parseint,
  sum,
]);

function finite(number: number): Value {
  if (Number.isFinite(number)) return numberValue(number);
  throw new FunctionFault(Number.isNaN(number) ? "the result is not a number" : "the result is infinite or too large");
}

const DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

function parsedIn(text: string, base: number): Value {
  const digits = text.replace(/^[+-]/, "");
  let number = 0n;
  for (const digit of base <= 36 ? digits.toLowerCase() : digits) {
    const value = DIGITS.indexOf(digit);
    if (value < 0 || value >= base) throw notSpelled(text, base);
    number = number * BigInt(base) + BigInt(value);
  }
  if (digits === "") throw notSpelled(text, base);
  return numberValue(text.startsWith("-") ? -number : number);
}

function notSpelled(text: string, base: number): FunctionFault {
  return new FunctionFault(`${JSON.stringify(text)} is no whole number in base ${base}`, 0);
}

function total(items: readonly Value[]): Value {
  let result = new Numeric(0);
  let known = true;
  for (const [index, item] of items.entries()) {
    const number = convert(item, NUMBER);
    if (number instanceof ConversionFault) throw new FunctionFault(`element ${index}: ${number.message}`, 0);
    if (isNull(number)) throw new FunctionFault(`element ${index} is null`, 0);
    if (number.data instanceof Numeric) result = result.plus(number.data);
    else known = false;
  }
  return known ? numberValue(result) : unknownOf(NUMBER);
}
