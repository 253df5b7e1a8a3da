import { FunctionFault, type Parameter } from "../../evaluation/scope.ts";
import { ConversionFault, convert } from "../../values/convert.ts";
import { makeSet, ValueIndex } from "../../values/make-set.ts";
import { ANY, listOf, setOf, type Type, tupleOf } from "../../values/type.ts";
import { aTypeName } from "../../values/type-text.ts";
import { unify } from "../../values/unify.ts";
import {
  isUnknown,
  isWhollyKnown,
  itemsOf,
  listValue,
  tupleValue,
  UNKNOWN_VALUE,
  unknownOf,
  type Value,
  withMarks,
} from "../../values/value.ts";
import { define, type FunctionTable, tableOf } from "../define.ts";

const SET: Parameter = { name: "sets", type: setOf(ANY) };

function ofSets(
  name: string,
  doc: string,
  combine: (first: readonly Value[], second: Value) => readonly Value[],
  two = false,
) {
  return define({
    name,
    doc,
    parameters: two
      ? [
          { ...SET, name: "a" },
          { ...SET, name: "b" },
        ]
      : [{ ...SET, name: "first_set" }],
    ...(!two && { variadic: { ...SET, name: "other_sets" } }),
    returns: setType,
    call(args) {
      const type = setType(args);
      const element = type.kind === "set" ? type.element : ANY;
      const sets = args.map((set, index) => {
        const converted = convert(set, type);
        if (converted instanceof ConversionFault) throw new FunctionFault(converted.message, index);
        return converted;
      });
      const [first, ...others] = sets;
      let items: readonly Value[] = first ? itemsOf(first) : [];
      for (const other of others) items = combine(items, other);
      return makeSet(element, items);
    },
  });
}

const setproduct = define({
  name: "setproduct",
  doc: "Every combination of an element of each, as tuples: a set, or a list where only lists and tuples are given.",
  parameters: [],
  variadic: { name: "sets", type: ANY, allowMarked: true, allowUnknown: true },
  returns: ANY,
  call(args) {
    if (args.length < 2) throw new FunctionFault("at least two sets are required");
    const marks = args.flatMap((each) => [...each.marks]);
    if (args.some((each) => each.type.kind === "any")) return withMarks(UNKNOWN_VALUE, marks);
    const elements = args.map(({ type }, index) => elementType(type, index));
    const combination = tupleOf(elements);
    const ordered = args.every(({ type }) => type.kind !== "set");
    const unknown = args.some((each) => isUnknown(each) || (each.type.kind === "set" && !isWhollyKnown(each)));
    if (unknown) return withMarks(unknownOf(ordered ? listOf(combination) : setOf(combination)), marks);
    if (args.reduce((count, each) => count * itemsOf(each).length, 1) > 100_000) {
      throw new FunctionFault("these are more than 100000 combinations");
    }
    let rows: Value[][] = [[]];
    for (const [index, each] of args.entries()) {
      const items = itemsOf(each).map((item) => convertedItem(item, elements[index] ?? ANY, index));
      rows = rows.flatMap((row) => items.map((item) => [...row, item]));
    }
    const tuples = rows.map((row) => tupleValue(row));
    return withMarks(ordered ? listValue(combination, tuples) : makeSet(combination, tuples), marks);
  },
});

/** Functions on sets. */
export const setFunctions: FunctionTable = tableOf([
  ofSets("setunion", "All elements of all sets.", (items, other) => [...items, ...itemsOf(other)]),
  ofSets("setintersection", "The elements that are in all sets.", (items, other) => common(items, other, true)),
  ofSets(
    "setsubtract",
    "The elements of the first set that are not in the second.",
    (items, other) => common(items, other, false),
    true,
  ),
  setproduct,
]);

/** The items that are, or are not, in the other set. */
function common(items: readonly Value[], other: Value, wanted: boolean): Value[] {
  const index = new ValueIndex(itemsOf(other));
  return items.filter((item) => index.has(item) === wanted);
}

function setType(args: readonly Value[]): Type {
  const elements = args.flatMap(({ type, data }) => {
    const element = "element" in type ? type.element : ANY;
    return element.kind === "any" && Array.isArray(data) && data.length === 0 ? [] : [element];
  });
  if (elements.length === 0) return setOf(ANY);
  const element = unify(elements);
  if (!element) throw new FunctionFault("the elements of all sets must be of one type");
  return setOf(element);
}

function elementType(type: Type, index: number): Type {
  if (type.kind === "set" || type.kind === "list") return type.element;
  if (type.kind !== "tuple") throw new FunctionFault(`a set or list is required, not ${aTypeName(type)}`, index);
  if (type.elements.length === 0) return ANY;
  const element = unify(type.elements);
  if (!element) throw new FunctionFault("all elements must be of one type", index);
  return element;
}

function convertedItem(item: Value, type: Type, index: number): Value {
  const converted = convert(item, type);
  if (converted instanceof ConversionFault) throw new FunctionFault(converted.message, index);
  return converted;
}
