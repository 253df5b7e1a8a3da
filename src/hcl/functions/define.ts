import { FunctionFault, type HclFunction, type Parameter } from "../evaluation/scope.ts";
import type { Type } from "../values/type.ts";
import { Numeric, type Value } from "../values/value.ts";

/** A function as it is declared; `returns` is its type, or says it from the arguments. */
export interface Declaration {
  readonly name: string;
  readonly doc: string;
  readonly parameters: readonly Parameter[];
  readonly variadic?: Parameter;
  readonly returns: Type | ((args: readonly Value[]) => Type);
  call(args: readonly Value[]): Value;
}

export function define(declaration: Declaration): HclFunction {
  const { returns, ...rest } = declaration;
  return { ...rest, resultType: typeof returns === "function" ? returns : () => returns };
}

export type FunctionTable = ReadonlyMap<string, HclFunction>;

export function tableOf(functions: readonly HclFunction[]): FunctionTable {
  return new Map(functions.map((each) => [each.name, each]));
}

/** The argument of that index, which is there: its number was checked. */
export function at(args: readonly Value[], index: number): Value {
  const value = args[index];
  if (!value) throw new Error(`no argument ${index}`);
  return value;
}

/** The text of an argument whose parameter is a string. */
export function textAt(args: readonly Value[], index: number): string {
  const { data } = at(args, index);
  if (typeof data !== "string") throw new Error(`argument ${index} is no string`);
  return data;
}

/** The number of an argument whose parameter is a number. */
export function numberAt(args: readonly Value[], index: number): Numeric {
  const { data } = at(args, index);
  if (!(data instanceof Numeric)) throw new Error(`argument ${index} is no number`);
  return data;
}

/** The number of an argument which must be whole and small enough to count with. */
export function wholeAt(args: readonly Value[], index: number): number {
  const number = numberAt(args, index);
  if (!number.isInteger()) throw new FunctionFault("a whole number is required", index);
  const plain = number.toNumber();
  if (!Number.isSafeInteger(plain)) throw new FunctionFault("the number is too large", index);
  return plain;
}
