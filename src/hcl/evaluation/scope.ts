import type { Diagnostics } from "../source/diagnostic.ts";
import type { Range } from "../source/source.ts";
import type { Type } from "../values/type.ts";
import type { Value } from "../values/value.ts";

/** Names and functions that an expression can use. Scopes nest: `for` makes a child scope. */
export interface Scope {
  readonly variables: ReadonlyMap<string, Value>;
  readonly functions: ReadonlyMap<string, HclFunction>;
  readonly parent?: Scope | undefined;
  /** Variables could be here, even where there are none: using one is reported as unknown, not as not allowed. */
  readonly takesVariables?: boolean;
}

/**
 * A function of the language. Ordinary ones get converted arguments: each parameter has a type, and null, unknown and
 * marked arguments are dealt with before `call` unless the parameter allows them.
 * - an argument that is not wholly known makes the result unknown of `resultType`, unless `allowUnknown`;
 * - marks of arguments are taken off before and put on the result after, unless `allowMarked`;
 * - null is a fault, unless `allowNull`.
 */
export interface HclFunction {
  readonly name: string;
  readonly doc: string;
  readonly parameters: readonly Parameter[];
  /** Any number of further arguments. */
  readonly variadic?: Parameter | undefined;
  /** The type of the result, from the (converted, maybe unknown) arguments. May throw `FunctionFault`, too. */
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

/** No variables and no functions: using one is reported as not allowed rather than as unknown. */
export const emptyScope: Scope = { variables: new Map(), functions: new Map() };

/** A scope in which these variables stand before those of the parent. */
export function childScope(parent: Scope | undefined, variables: ReadonlyMap<string, Value>): Scope {
  return { variables, functions: NO_FUNCTIONS, parent };
}

const NO_FUNCTIONS: ReadonlyMap<string, HclFunction> = new Map();

/** The value of a variable in the nearest scope that has it. */
export function findVariable(scope: Scope | undefined, name: string): Value | undefined {
  for (let at = scope; at; at = at.parent) {
    const value = at.variables.get(name);
    if (value) return value;
  }
  return undefined;
}

/** The function of the nearest scope that has it. */
export function findFunction(scope: Scope | undefined, name: string): HclFunction | undefined {
  for (let at = scope; at; at = at.parent) {
    const found = at.functions.get(name);
    if (found) return found;
  }
  return undefined;
}

/** All names of variables, those of inner scopes first. */
export function variableNames(scope: Scope | undefined): string[] {
  const names = new Set<string>();
  for (let at = scope; at; at = at.parent) for (const name of at.variables.keys()) names.add(name);
  return [...names];
}

export function functionNames(scope: Scope | undefined): string[] {
  const names = new Set<string>();
  for (let at = scope; at; at = at.parent) for (const name of at.functions.keys()) names.add(name);
  return [...names];
}
