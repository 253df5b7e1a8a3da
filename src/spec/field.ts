import type { Type } from "../hcl/values/type.ts";
import type { Value } from "../hcl/values/value.ts";

/**
 * One option of a component, as plain data: it decodes, types, documents and completes. A plugin's options arrive at
 * run time and become the same data. The constructors (`string`, `list`, `block` ...) are in `fields.ts`.
 */
export interface Field<T = unknown, Required extends boolean = boolean> {
  readonly doc: string;
  readonly shape: Shape;
  readonly required: Required;
  /** As it is decoded; shown in the reference. */
  readonly default?: T;
  /** Shown instead of `default` in the reference, where the default is computed. */
  readonly defaultDoc?: string;
  /** The decoded text is a secret: masked everywhere, whatever it was made from. */
  readonly sensitive?: boolean;
  /** Why it should no longer be used, and what instead. Warned about where it is set. */
  readonly deprecated?: string;
  /** The only values allowed. */
  readonly oneOf?: readonly string[];
  /**
   * Text options are rendered as Packer's `{{ … }}` templates when decoded. `later`: the component renders it itself
   * with data that only it has ({{.Vars}}, {{.Path}}); it gets the text as written.
   */
  readonly templating: "now" | "later";
  /** A path on this machine, and what a relative one is relative to. */
  readonly path?: "cwd" | "template" | undefined;
  /** The field is not documented or completed: compatibility only. */
  readonly hidden?: boolean;
  /** Only for inference: never set. */
  readonly decoded?: T;
}

/** How the option is written and what it decodes to. */
export type Shape =
  /** `name = expression`. */
  | { readonly kind: "attribute"; readonly type: Type; readonly as: AttributeForm }
  /** `name { … }`, at most once (or `name = { … }`, as JSON templates write it). */
  | { readonly kind: "block"; readonly fields: Fields }
  /** `name { … }`, any number of times. */
  | { readonly kind: "blocks"; readonly fields: Fields; readonly least?: number; readonly most?: number };

/** What an attribute becomes in the configuration: text, a number, milliseconds, plain JSON data, or the value itself. */
export type AttributeForm = "text" | "number" | "boolean" | "duration" | "list" | "map" | "value";

export type Fields = Readonly<Record<string, Field>>;

/** The decoded configuration: what is required or has a default is there, the rest may be missing. */
export type Config<F extends Fields> = {
  readonly [K in keyof F as IsPresent<F[K]> extends true ? K : never]: Decoded<F[K]>;
} & {
  readonly [K in keyof F as IsPresent<F[K]> extends true ? never : K]?: Decoded<F[K]> | undefined;
};

type Decoded<F> = F extends Field<infer T, boolean> ? T : never;
type IsPresent<F> = F extends Field<unknown, infer Required> ? Required : never;

/** A configuration in which some values are not known yet: those fields are missing. */
export type PartialConfig<F extends Fields> = { readonly [K in keyof F]?: Decoded<F[K]> | undefined };

/**
 * What the checks of a component report to. Fields are named by path (`"image"`, `"login.username"`, `"scripts[0]"`);
 * the decoder knows where each was written.
 */
export interface Problems {
  /** Written by the author, known or not. */
  has(field: string): boolean;
  error(field: string | undefined, summary: string, detail?: string): void;
  warning(field: string | undefined, summary: string, detail?: string): void;
}

export type { Value };
