import { FunctionFault } from "../../evaluation/scope.ts";
import { ConversionFault, convert } from "../../values/convert.ts";
import { ANY, BOOL, listOf, type Type } from "../../values/type.ts";
import { aTypeName } from "../../values/type-text.ts";
import { unify } from "../../values/unify.ts";
import {
  boolValue,
  isNull,
  isUnknown,
  isWhollyKnown,
  itemsOf,
  nullOf,
  UNKNOWN_VALUE,
  unknownOf,
  type Value,
  withMarks,
} from "../../values/value.ts";
import { at, define, type FunctionTable, tableOf } from "../define.ts";

const coalesce = define({
  name: "coalesce",
  doc: "The first of the values that is neither null nor an empty text.",
  parameters: [],
  variadic: { name: "vals", type: ANY, allowNull: true, allowUnknown: true },
  returns: (args) => commonType(args),
  call(args) {
    if (args.length === 0) throw new FunctionFault("at least one argument is required");
    const type = commonType(args);
    for (const [position, given] of args.entries()) {
      if (isUnknown(given)) return unknownOf(type);
      if (isNull(given)) continue;
      const value = converted(given, type, position);
      if (value.data !== "") return value;
    }
    throw new FunctionFault("all values are null or empty texts");
  },
});

const coalescelist = define({
  name: "coalescelist",
  doc: "The first of the lists or tuples that is not empty.",
  parameters: [],
  variadic: { name: "vals", type: ANY, allowNull: true, allowUnknown: true },
  returns: ANY,
  call(args) {
    if (args.length === 0) throw new FunctionFault("at least one argument is required");
    for (const [position, each] of args.entries()) {
      const { kind } = each.type;
      if (kind === "list" || kind === "tuple" || isNull(each) || isUnknown(each)) continue;
      throw new FunctionFault(`a list or tuple is required, not ${aTypeName(each.type)}`, position);
    }
    for (const each of args) {
      if (isUnknown(each)) return UNKNOWN_VALUE;
      if (itemsOf(each).length > 0) return each;
    }
    throw new FunctionFault("all lists are empty or null");
  },
});

function truths(name: string, doc: string, decisive: boolean) {
  return define({
    name,
    doc,
    parameters: [{ name: "list", type: listOf(BOOL), allowUnknown: true }],
    returns: BOOL,
    call(args) {
      const items = itemsOf(at(args, 0));
      if (isUnknown(at(args, 0))) return unknownOf(BOOL);
      let known = true;
      for (const item of items) {
        if (isUnknown(item)) known = false;
        else if ((item.data === true) === decisive) return boolValue(decisive);
      }
      return known ? boolValue(!decisive) : unknownOf(BOOL);
    },
  });
}

const one = define({
  name: "one",
  doc: "The only element of a list, set or tuple, or null if it is empty.",
  parameters: [{ name: "list", type: ANY, allowMarked: true, allowUnknown: true }],
  returns: ANY,
  call(args) {
    const list = at(args, 0);
    const { type, marks } = list;
    if (type.kind === "any") return withMarks(UNKNOWN_VALUE, marks);
    if (type.kind !== "list" && type.kind !== "set" && type.kind !== "tuple")
      throw new FunctionFault(`a list, set or tuple is required, not ${aTypeName(type)}`, 0);
    const elementType: Type =
      "element" in type ? type.element : type.kind === "tuple" ? (type.elements[0] ?? ANY) : ANY;
    if (isUnknown(list) || (type.kind === "set" && !isWhollyKnown(list)))
      return withMarks(unknownOf(elementType), marks);
    const items = itemsOf(list);
    if (items.length > 1) throw new FunctionFault(`it has ${items.length} elements, and at most one is allowed`, 0);
    return withMarks(items[0] ?? nullOf(elementType), marks);
  },
});

/** Functions that pick one value, or give one answer, for many. */
export const choiceFunctions: FunctionTable = tableOf([
  coalesce,
  coalescelist,
  truths("alltrue", "Whether all elements are true; null counts as false.", false),
  truths("anytrue", "Whether any element is true.", true),
  one,
]);

function commonType(values: readonly Value[]): Type {
  const type = unify(values.map((value) => value.type));
  if (!type) throw new FunctionFault("all values must be of one type");
  return type;
}

function converted(value: Value, type: Type, position: number): Value {
  const result = convert(value, type);
  if (result instanceof ConversionFault) throw new FunctionFault(result.message, position);
  return result;
}
