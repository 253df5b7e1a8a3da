import type { GoValue } from "./go-value.ts";

export type GoType = "string" | "int" | "any";

/** A function that templates can call. Arguments are checked against the types before. */
export interface TemplateFunction {
  readonly parameters: readonly GoType[];
  /** Any number of further arguments. */
  readonly variadic?: GoType;
  /** Throws an Error whose message is shown as `error calling NAME: …`, or `NotYetKnown`. */
  call(args: readonly GoValue[]): GoValue;
  /** `and`, `or`: the first argument of this truth is the result, and no further one is evaluated; `call` is not used. */
  readonly decides?: boolean;
}

export type TemplateFunctions = ReadonlyMap<string, TemplateFunction>;
