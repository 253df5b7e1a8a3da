import type { Diagnostics } from "../source/diagnostic.ts";
import type { Range } from "../source/source.ts";
import type { Type } from "../values/type.ts";
import type { Value } from "../values/value.ts";

/** Names and functions that an expression can use. Scopes nest: `for` makes a child scope. */
export interface Scope {
  readonly variables: ReadonlyMap<string, Value>;
  readonly functions: ReadonlyMap<string, HclFunction>;
  readonly parent?: Scope | undefined;
}

/**
 * A function of the language. Ordinary ones get converted arguments: each parameter has a type, and null, unknown and
 * marked arguments are dealt with before `call` unless the parameter allows them.
 * - an unknown argument makes the result unknown of `resultType`, unless `allowUnknown`;
 * - marks of arguments are taken off before and put on the result after, unless `allowMarked`;
 * - null is a fault, unless `allowNull`.
 */
export interface HclFunction {
  readonly name: string;
  readonly doc: string;
  readonly parameters: readonly Parameter[];
  /** Any number of further arguments. */
  readonly variadic?: Parameter | undefined;
  /** The type of the result, from the (converted, maybe unknown) arguments. */
  resultType(args: readonly Value[]): Type;
  /** Throws `FunctionFault` for an argument that it cannot take. */
  call(args: readonly Value[]): Value;
  /** Functions that need their arguments unevaluated (`try`, `can`, `convert`); then `call` is not used. */
  evaluate?(call: UnevaluatedCall): Value;
}

export interface Parameter {
  readonly name: string;
  readonly doc?: string;
  readonly type: Type;
  readonly allowNull?: boolean;
  readonly allowUnknown?: boolean;
  readonly allowMarked?: boolean;
}

export interface UnevaluatedCall {
  readonly argumentCount: number;
  readonly range: Range;
  /** Evaluates one argument; its faults go to the given list. */
  evaluate(index: number, diagnostics: Diagnostics): Value;
  /** Reads one argument as a type expression (`list(string)`). */
  typeOf(index: number, diagnostics: Diagnostics): Type | undefined;
  readonly diagnostics: Diagnostics;
}

/** The one thing a function may throw: which argument is wrong and why. Becomes a diagnostic at that argument. */
export class FunctionFault extends Error {
  readonly argument: number | undefined;

  constructor(message: string, argument?: number) {
    super(message);
    this.argument = argument;
  }
}
