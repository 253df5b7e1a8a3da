import type { Range } from "../../source/source.ts";
import type { Expression, Name } from "../../syntax/tree.ts";
import { aTypeName } from "../../values/type-text.ts";
import {
  isNull,
  isUnknown,
  itemsOf,
  type Mark,
  numberValue,
  stringValue,
  type Value,
  withoutMarks,
} from "../../values/value.ts";
import { type Context, report } from "../context.ts";
import { childScope } from "../scope.ts";

/** What a `for` goes through. `entries` is undefined where the collection is not known yet. */
export interface Iteration {
  /** Not even the type of the collection is known. */
  readonly anything: boolean;
  readonly entries: readonly (readonly [key: Value, item: Value])[] | undefined;
  readonly marks: ReadonlySet<Mark>;
}

/** Evaluates the collection of a `for`; undefined where it is faulty, which is then reported. */
export function iterate(collection: Expression, whole: Range, context: Context): Iteration | undefined {
  const value = context.evaluate(collection, context);
  const fail = (code: string, summary: string, detail: string) => {
    report({ code, summary, detail, subject: collection.range, context: whole, of: collection }, context);
    return undefined;
  };
  if (isNull(value)) {
    return fail(
      "iteration-over-null",
      "Iteration over null value",
      "A 'for' cannot go through null. An empty collection is written [] or {}.",
    );
  }
  const { type, marks } = value;
  if (type.kind === "string" || type.kind === "number" || type.kind === "bool") {
    return fail(
      "iteration-over-non-iterable",
      "Iteration over non-iterable value",
      `A 'for' goes through a list, set, tuple, map or object, and this is ${aTypeName(type)}.`,
    );
  }
  const anything = type.kind === "any";
  return { anything, entries: isUnknown(value) ? undefined : entriesOf(withoutMarks(value)), marks };
}

/** The scope of one turn of a `for`. */
export function turn(
  names: { readonly keyName?: Name | undefined; readonly valueName: Name },
  key: Value,
  item: Value,
  context: Context,
): Context {
  const variables = new Map<string, Value>();
  if (names.keyName) variables.set(names.keyName.text, key);
  variables.set(names.valueName.text, item);
  return { ...context, scope: childScope(context.scope, variables) };
}

function entriesOf(collection: Value): [Value, Value][] {
  const { data, type } = collection;
  if (data instanceof Map) return [...data].map(([key, item]) => [stringValue(key), item]);
  return itemsOf(collection).map((item, index) => [type.kind === "set" ? item : numberValue(index), item]);
}
