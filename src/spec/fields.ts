import { ANY, BOOL, listOf, mapOf, NUMBER, STRING, type Type } from "../hcl/values/type.ts";
import type { Value } from "../hcl/values/value.ts";
import type { AttributeForm, BlockField, BlocksField, Config, Field, Fields, Formed } from "./field.ts";

/** What every option may say about itself; see `Field`. */
export interface FieldOptions<T> {
  readonly required?: boolean;
  readonly default?: T;
  readonly defaultDoc?: string;
  readonly sensitive?: boolean;
  readonly deprecated?: string;
  readonly templating?: "now" | "later";
  readonly hidden?: boolean;
}

export interface TextOptions<T> extends FieldOptions<T> {
  /** Narrows the type to these texts. */
  readonly oneOf?: readonly string[];
  readonly path?: "cwd" | "template";
}

type LeafForm = Extract<AttributeForm, string>;
/** Bounded, so that the compiler can work it out; data made at run time may nest deeper. */
export type ItemForm = LeafForm | { readonly list: LeafForm } | { readonly map: LeafForm };

/** Required or defaulted: then a whole configuration has it. */
type Present<O> = O extends { readonly required: true } ? true : O extends { readonly default: unknown } ? true : false;

/** Refuses options that the kind of field does not have: an inferred type alone would let them pass. */
type Only<O, Known> = O & { readonly [K in Exclude<keyof O, keyof Known>]: never };

type OneOf<O> = O extends { readonly oneOf: readonly (infer Text extends string)[] } ? Text : string;

export function string<const O extends TextOptions<string>>(
  doc: string,
  options?: Only<O, TextOptions<string>>,
): Field<OneOf<O>, Present<O>> {
  return attribute(doc, STRING, "text", options);
}

/** Any number; `integer` refuses fractions. */
export function number<const O extends FieldOptions<number>>(
  doc: string,
  options?: Only<O, FieldOptions<number>>,
): Field<number, Present<O>> {
  return attribute(doc, NUMBER, "number", options);
}

export function integer<const O extends FieldOptions<number>>(
  doc: string,
  options?: Only<O, FieldOptions<number>>,
): Field<number, Present<O>> {
  return attribute(doc, NUMBER, "integer", options);
}

/** Without a default it has three values: true, false and missing. */
export function boolean<const O extends FieldOptions<boolean>>(
  doc: string,
  options?: Only<O, FieldOptions<boolean>>,
): Field<boolean, Present<O>> {
  return attribute(doc, BOOL, "boolean", options);
}

/** Written as Go writes it ("1h5m3.5s"); decoded to milliseconds, and so is its default. */
export function duration<const O extends FieldOptions<number>>(
  doc: string,
  options?: Only<O, FieldOptions<number>>,
): Field<number, Present<O>> {
  return attribute(doc, STRING, "duration", options);
}

/** A list of anything that an attribute can be: `list("Exit codes.", "integer")`, `list("…", { list: "text" })`. */
export function list<const A extends ItemForm, const O extends TextOptions<readonly Formed<A>[]>>(
  doc: string,
  of: A,
  options?: Only<O, TextOptions<readonly Formed<A>[]>>,
): Field<readonly Formed<A>[], Present<O>> {
  return attribute(doc, listOf(typeOfForm(of)), { list: of }, options);
}

export function stringList<const O extends TextOptions<readonly string[]>>(
  doc: string,
  options?: Only<O, TextOptions<readonly string[]>>,
): Field<readonly OneOf<O>[], Present<O>> {
  return attribute(doc, listOf(STRING), { list: "text" }, options);
}

export function map<const A extends ItemForm, const O extends FieldOptions<Readonly<Record<string, Formed<A>>>>>(
  doc: string,
  of: A,
  options?: Only<O, FieldOptions<Readonly<Record<string, Formed<A>>>>>,
): Field<Readonly<Record<string, Formed<A>>>, Present<O>> {
  return attribute(doc, mapOf(typeOfForm(of)), { map: of }, options);
}

export function stringMap<const O extends FieldOptions<Readonly<Record<string, string>>>>(
  doc: string,
  options?: Only<O, FieldOptions<Readonly<Record<string, string>>>>,
): Field<Readonly<Record<string, string>>, Present<O>> {
  return attribute(doc, mapOf(STRING), { map: "text" }, options);
}

/** The value as the language has it, of any type, or of the given one: for objects and what the component looks into itself. */
export function any<const O extends FieldOptions<Value> & { readonly type?: Type }>(
  doc: string,
  options?: Only<O, FieldOptions<Value> & { readonly type?: Type }>,
): Field<Value, Present<O>> {
  const { type = ANY, ...rest }: FieldOptions<Value> & { readonly type?: Type } = options ?? {};
  return attribute(doc, type, "value", rest);
}

export interface BlockOptions {
  readonly required?: boolean;
  readonly deprecated?: string;
  readonly hidden?: boolean;
}

/** `name { … }`, at most once. */
export function block<const N extends Fields, const O extends BlockOptions>(
  doc: string,
  fields: N,
  options?: Only<O, BlockOptions>,
): BlockField<N, Present<O>> {
  return { doc, shape: { kind: "block", fields }, required: false, templating: "now", ...options };
}

/** `name { … }`, any number of times; decodes to a list, empty where there is none. `least` and `most` bound how many. */
export function blocks<const N extends Fields>(
  doc: string,
  fields: N,
  options?: Omit<BlockOptions, "required"> & { readonly least?: number; readonly most?: number },
): BlocksField<N> {
  const { least, most, ...rest } = options ?? {};
  const none: readonly Config<N>[] = [];
  return {
    doc,
    shape: { kind: "blocks", fields, ...(least !== undefined && { least }), ...(most !== undefined && { most }) },
    required: (least ?? 0) > 0,
    default: none,
    templating: "now",
    ...rest,
  };
}

/** What an expression is converted to so that it can become the form. */
export function typeOfForm(form: AttributeForm): Type {
  if (form === "text" || form === "duration") return STRING;
  if (form === "number" || form === "integer") return NUMBER;
  if (form === "boolean") return BOOL;
  if (form === "value") return ANY;
  return "list" in form ? listOf(typeOfForm(form.list)) : mapOf(typeOfForm(form.map));
}

function attribute<T, P extends boolean>(
  doc: string,
  type: Type,
  as: AttributeForm,
  options: TextOptions<unknown> | undefined,
): Field<T, P> {
  const field: Field = {
    doc,
    shape: { kind: "attribute", type, as },
    required: false,
    templating: "now",
    ...options,
  };
  // The options' types tie `default` and `oneOf` to T in each constructor; here they are only passed on.
  return field as Field<T, P>;
}
