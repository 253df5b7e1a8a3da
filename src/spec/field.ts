import type { Type } from "../hcl/values/type.ts";
import type { Value } from "../hcl/values/value.ts";

/**
 * One option of a component, as plain data: it decodes, types, documents and completes. A plugin's options arrive at
 * run time and become the same data. The constructors (`string`, `list`, `block` ...) are in `fields.ts`.
 * `T`: what it decodes to. `Present`: required or defaulted, so that a whole configuration always has it.
 */
export interface Field<T = unknown, Present extends boolean = boolean> {
  readonly doc: string;
  readonly shape: Shape;
  readonly required: boolean;
  /** As it is decoded; shown in the reference. */
  readonly default?: T;
  /** Shown instead of `default` in the reference, where the default is computed. */
  readonly defaultDoc?: string;
  /** The decoded text is a secret: masked everywhere, whatever it was made from. */
  readonly sensitive?: boolean;
  /** Why it should no longer be used, and what instead. Warned about where it is set. */
  readonly deprecated?: string;
  /** The only texts allowed; of a list, for each item. */
  readonly oneOf?: readonly string[];
  /**
   * Text options are rendered as Packer's `{{ … }}` templates when decoded. `later`: the component renders it itself
   * with data that only it has ({{.Vars}}, {{.Path}}); it gets the text as written.
   */
  readonly templating: "now" | "later";
  /** A path on this machine, and what a relative one is relative to. */
  readonly path?: "cwd" | "template";
  /** The field is not documented or completed: compatibility only. */
  readonly hidden?: boolean;
  /** Only for inference: never set. */
  readonly decoded?: T;
  /** Only for inference: never set. */
  readonly present?: Present;
}

/** How the option is written and what it decodes to. */
export type Shape =
  /** `name = expression`. `type` is what the expression is converted to, `as` what the component gets. */
  | { readonly kind: "attribute"; readonly type: Type; readonly as: AttributeForm }
  /** `name { … }`, at most once (or `name = { … }`, as JSON templates write it). */
  | { readonly kind: "block"; readonly fields: Fields }
  /** `name { … }`, any number of times (or `name = [{ … }]`). Decodes to a list, empty where there is none. */
  | { readonly kind: "blocks"; readonly fields: Fields; readonly least?: number; readonly most?: number };

/** What an attribute becomes in the configuration. "duration": milliseconds. "value": the language's value itself. */
export type AttributeForm =
  | "text"
  | "number"
  | "integer"
  | "boolean"
  | "duration"
  | "value"
  | { readonly list: AttributeForm }
  | { readonly map: AttributeForm };

/** The TypeScript type that a form decodes to. */
export type Formed<A> = A extends keyof FormedLeaf
  ? FormedLeaf[A]
  : A extends { readonly list: infer Item }
    ? readonly Formed<Item>[]
    : A extends { readonly map: infer Item }
      ? Readonly<Record<string, Formed<Item>>>
      : never;

interface FormedLeaf {
  text: string;
  number: number;
  integer: number;
  boolean: boolean;
  duration: number;
  value: Value;
}

export interface BlockField<N extends Fields = Fields, Present extends boolean = boolean>
  extends Field<Config<N>, Present> {
  readonly shape: { readonly kind: "block"; readonly fields: N };
}

export interface BlocksField<N extends Fields = Fields> extends Field<readonly Config<N>[], true> {
  readonly shape: { readonly kind: "blocks"; readonly fields: N; readonly least?: number; readonly most?: number };
}

export type Fields = Readonly<Record<string, Field>>;

/** The decoded configuration: what is required or has a default is there, the rest may be missing. */
export type Config<F extends Fields> = {
  readonly [K in keyof F as IsPresent<F[K]> extends true ? K : never]: Decoded<F[K]>;
} & {
  readonly [K in keyof F as IsPresent<F[K]> extends true ? never : K]?: Decoded<F[K]> | undefined;
};

type Decoded<F> = F extends Field<infer T, boolean> ? T : never;
type IsPresent<F> = F extends Field<unknown, infer Present> ? Present : never;

/** A configuration in which some values are not known yet, or are faulty: those fields are missing, in blocks too. */
export type PartialConfig<F extends Fields> = { readonly [K in keyof F]?: PartlyDecoded<F[K]> | undefined };

type PartlyDecoded<F> =
  F extends BlockField<infer N, boolean>
    ? PartialConfig<N>
    : F extends BlocksField<infer N>
      ? readonly PartialConfig<N>[]
      : Decoded<F>;

/**
 * What the checks of a component report to. Fields are named by path (`"image"`, `"login.username"`, `"scripts[0]"`);
 * the decoder knows where each was written.
 */
export interface Problems {
  /** Written by the author (and not as null), known or not. */
  has(field: string): boolean;
  error(field: string | undefined, summary: string, detail?: string): void;
  warning(field: string | undefined, summary: string, detail?: string): void;
}
