import { FunctionFault, type Parameter } from "../../evaluation/scope.ts";
import { ConversionFault, convert } from "../../values/convert.ts";
import { equals } from "../../values/equality.ts";
import { ValueIndex } from "../../values/make-set.ts";
import { ANY, BOOL, listOf, NUMBER, STRING, type Type, tupleOf } from "../../values/type.ts";
import { aTypeName } from "../../values/type-text.ts";
import { unify } from "../../values/unify.ts";
import {
  boolValue,
  isNull,
  isUnknown,
  isWhollyKnown,
  itemsOf,
  listValue,
  type Mark,
  Numeric,
  numberValue,
  tupleValue,
  UNKNOWN_VALUE,
  unknownOf,
  type Value,
  withMarks,
  withoutMarks,
} from "../../values/value.ts";
import { at, define, type FunctionTable, numberAt, tableOf, wholeAt } from "../define.ts";
import { graphemes } from "../text/graphemes.ts";

/** A parameter whose items keep their own marks and may be unknown. */
const LIST: Parameter = { name: "list", type: ANY, allowMarked: true, allowUnknown: true };

const length = define({
  name: "length",
  doc: "How many characters a text has, as a reader counts them, or how many elements a collection.",
  parameters: [{ name: "value", type: ANY, allowMarked: true, allowUnknown: true }],
  returns: NUMBER,
  call(args) {
    const value = at(args, 0);
    const { type, marks } = value;
    if (type.kind === "number" || type.kind === "bool") {
      throw new FunctionFault(`a string, list, set, tuple, map or object is required, not ${aTypeName(type)}`, 0);
    }
    if (type.kind === "tuple") return withMarks(numberValue(type.elements.length), marks);
    if (type.kind === "object") return withMarks(numberValue(type.attributes.size), marks);
    if (isUnknown(value) || (type.kind === "set" && !isWhollyKnown(value))) return withMarks(unknownOf(NUMBER), marks);
    const count = typeof value.data === "string" ? graphemes(value.data).length : itemsOf(value).length;
    return withMarks(numberValue(count), marks);
  },
});

const element = define({
  name: "element",
  doc: "The element of that index; an index beyond the end starts again at the beginning.",
  parameters: [LIST, { name: "index", type: NUMBER }],
  returns: (args) => {
    const { type } = at(args, 0);
    checkOrdered(type);
    return type.kind === "list" ? type.element : ANY;
  },
  call(args) {
    const list = at(args, 0);
    const { type } = list;
    const wanted = wholeAt(args, 1);
    if (wanted < 0) throw new FunctionFault("the index must not be negative", 1);
    checkOrdered(type);
    if (type.kind !== "list" && type.kind !== "tuple") return withMarks(UNKNOWN_VALUE, list.marks);
    if (isUnknown(list)) {
      if (type.kind === "list") return withMarks(unknownOf(type.element), list.marks);
      return withMarks(unknownOf(type.elements[wanted % type.elements.length] ?? ANY), list.marks);
    }
    const items = itemsOf(list);
    const item = items[wanted % items.length];
    if (!item) throw new FunctionFault("the list is empty, so it has no element to give", 0);
    return withMarks(item, list.marks);
  },
});

const index = define({
  name: "index",
  doc: "At which index a value first stands in a list or tuple.",
  parameters: [
    { name: "list", type: ANY },
    { name: "value", type: ANY },
  ],
  returns: NUMBER,
  call(args) {
    const list = at(args, 0);
    if (list.type.kind !== "list" && list.type.kind !== "tuple") {
      throw new FunctionFault(`a list or tuple is required, not ${aTypeName(list.type)}`, 0);
    }
    const items = itemsOf(list);
    if (items.length === 0) throw new FunctionFault("the list is empty, so the value is not in it", 0);
    const found = items.findIndex((item) => equals(item, at(args, 1)).data === true);
    if (found < 0) throw new FunctionFault("the value is not in the list", 1);
    return numberValue(found);
  },
});

const contains = define({
  name: "contains",
  doc: "Whether a value is an element of a list, set or tuple.",
  parameters: [
    { name: "list", type: ANY, allowUnknown: true },
    { name: "value", type: ANY, allowUnknown: true },
  ],
  returns: BOOL,
  call(args) {
    const [list, value] = [at(args, 0), at(args, 1)];
    const { kind } = list.type;
    if (kind === "any") return unknownOf(BOOL);
    if (kind !== "list" && kind !== "tuple" && kind !== "set") {
      throw new FunctionFault(`a list, set or tuple is required, not ${aTypeName(list.type)}`, 0);
    }
    if (isUnknown(list)) return unknownOf(BOOL);
    const answers = itemsOf(list).map((item) => equals(value, item));
    if (answers.some((answer) => answer.data === true)) return boolValue(true);
    return answers.some(isUnknown) ? unknownOf(BOOL) : boolValue(false);
  },
});

const compact = define({
  name: "compact",
  doc: "The texts of a list without those that are empty or null.",
  parameters: [{ name: "list", type: listOf(STRING) }],
  returns: listOf(STRING),
  call: (args) =>
    listValue(
      STRING,
      itemsOf(at(args, 0)).filter((item) => !isNull(item) && item.data !== ""),
    ),
});

const distinct = define({
  name: "distinct",
  doc: "The list with only the first of equal elements kept.",
  parameters: [{ name: "list", type: listOf(ANY) }],
  returns: (args) => at(args, 0).type,
  call(args) {
    const list = at(args, 0);
    const seen = new ValueIndex();
    const kept = itemsOf(list).filter((item) => seen.add(item));
    return { ...list, data: kept };
  },
});

const flatten = define({
  name: "flatten",
  doc: "A tuple of all elements, those of lists, sets and tuples inside taken in their place, however deep.",
  parameters: [LIST],
  returns: ANY,
  call(args) {
    const list = at(args, 0);
    if (list.type.kind === "any") return withMarks(UNKNOWN_VALUE, list.marks);
    if (!isSequence(list)) throw new FunctionFault(`a list, set or tuple is required, not ${aTypeName(list.type)}`, 0);
    const marks = new Set<Mark>();
    const items: Value[] = [];
    const known = flattenInto(list, items, marks);
    return withMarks(known ? tupleValue(items) : UNKNOWN_VALUE, marks);
  },
});

const reverse = define({
  name: "reverse",
  doc: "The elements in opposite order.",
  parameters: [LIST],
  returns: (args) => reversedType(at(args, 0)),
  call(args) {
    const list = at(args, 0);
    if (list.type.kind === "any") return withMarks(UNKNOWN_VALUE, list.marks);
    const type = reversedType(list);
    if (isUnknown(list)) return withMarks(unknownOf(type), list.marks);
    return { type, data: itemsOf(list).toReversed(), marks: list.marks };
  },
});

const slice = define({
  name: "slice",
  doc: "The elements from one index up to, but without, another.",
  parameters: [LIST, { name: "start_index", type: NUMBER }, { name: "end_index", type: NUMBER }],
  returns: (args) => (at(args, 0).type.kind === "list" ? at(args, 0).type : ANY),
  call(args) {
    const list = at(args, 0);
    const { type } = list;
    if (type.kind === "any") return withMarks(UNKNOWN_VALUE, list.marks);
    if (type.kind === "set")
      throw new FunctionFault("the elements of a set have no indices; make a list of it first", 0);
    if (type.kind !== "list" && type.kind !== "tuple")
      throw new FunctionFault(`a list or tuple is required, not ${aTypeName(type)}`, 0);
    const [start, end] = [wholeAt(args, 1), wholeAt(args, 2)];
    const count = type.kind === "tuple" ? type.elements.length : isUnknown(list) ? undefined : itemsOf(list).length;
    for (const [position, bound] of [start, end].entries()) {
      if (bound < 0) throw new FunctionFault("the index must not be negative", position + 1);
      if (count !== undefined && bound > count)
        throw new FunctionFault(`the index must not be above ${count}, the length of the list`, position + 1);
    }
    if (start > end) throw new FunctionFault("the start must not be behind the end", 1);
    const resultType = type.kind === "list" ? type : tupleOf(type.elements.slice(start, end));
    if (isUnknown(list)) return withMarks(unknownOf(resultType), list.marks);
    return { type: resultType, data: itemsOf(list).slice(start, end), marks: list.marks };
  },
});

const concat = define({
  name: "concat",
  doc: "The elements of all lists or tuples, one after the other.",
  parameters: [],
  variadic: { name: "seqs", type: ANY, allowMarked: true, allowUnknown: true },
  returns: ANY,
  call(args) {
    if (args.length === 0) throw new FunctionFault("at least one argument is required");
    const marks = args.flatMap((each) => [...each.marks]);
    for (const [position, { type }] of args.entries()) {
      if (type.kind !== "list" && type.kind !== "tuple" && type.kind !== "any") {
        throw new FunctionFault(`a list or tuple is required, not ${aTypeName(type)}`, position);
      }
    }
    const unified = args.every(({ type }) => type.kind === "list") ? unify(args.map(({ type }) => type)) : undefined;
    if (unified?.kind === "list") {
      if (args.some(isUnknown)) return withMarks(unknownOf(unified), marks);
      const items = args.flatMap((each, position) => itemsOf(converted(each, unified, position)));
      return withMarks(listValue(unified.element, items), marks);
    }
    if (args.some((each) => isUnknown(each) && each.type.kind !== "tuple")) return withMarks(UNKNOWN_VALUE, marks);
    const items = args.flatMap((each) =>
      isUnknown(each) && each.type.kind === "tuple" ? each.type.elements.map(unknownOf) : itemsOf(each),
    );
    return withMarks(tupleValue(items), marks);
  },
});

const chunklist = define({
  name: "chunklist",
  doc: "The list cut into lists of at most so many elements.",
  parameters: [
    { name: "list", type: listOf(ANY), allowMarked: true, allowUnknown: true },
    { name: "size", type: NUMBER },
  ],
  returns: (args) => listOf(at(args, 0).type),
  call(args) {
    const list = at(args, 0);
    const size = wholeAt(args, 1);
    if (size < 0) throw new FunctionFault("the size must not be negative", 1);
    if (isUnknown(list)) return withMarks(unknownOf(listOf(list.type)), list.marks);
    const items = itemsOf(list);
    const chunks: Value[] = [];
    const step = size === 0 ? Math.max(1, items.length) : size;
    for (let start = 0; start < items.length; start += step) {
      chunks.push({ ...withoutMarks(list), data: items.slice(start, start + step) });
    }
    return withMarks(listValue(list.type, chunks), list.marks);
  },
});

const range = define({
  name: "range",
  doc: "The list of numbers from a start (0) up to, but without, a limit, in steps (1): range(limit), range(start, limit) or range(start, limit, step).",
  parameters: [],
  variadic: { name: "params", type: NUMBER },
  returns: listOf(NUMBER),
  call(args) {
    if (args.length < 1 || args.length > 3) throw new FunctionFault("one, two or three numbers are required");
    const start = args.length === 1 ? new Numeric(0) : numberAt(args, 0);
    const limit = numberAt(args, args.length === 1 ? 0 : 1);
    const step = args.length === 3 ? numberAt(args, 2) : new Numeric(limit.lessThan(start) ? -1 : 1);
    if (step.isZero()) throw new FunctionFault("the step must not be 0", 2);
    const down = step.isNegative();
    if (down ? limit.greaterThan(start) : limit.lessThan(start)) {
      throw new FunctionFault(
        `with a ${down ? "negative" : "positive"} step the limit must not be ${down ? "above" : "below"} the start`,
        1,
      );
    }
    const numbers: Value[] = [];
    for (let number = start; down ? number.greaterThan(limit) : number.lessThan(limit); number = number.plus(step)) {
      if (numbers.length === 1024) throw new FunctionFault("these are more than 1024 numbers");
      numbers.push(numberValue(number));
    }
    return listValue(NUMBER, numbers);
  },
});

const matchkeys = define({
  name: "matchkeys",
  doc: "The elements of a list whose counterpart in a list of keys is among the keys searched for.",
  parameters: [
    { name: "values", type: listOf(ANY) },
    { name: "keys", type: listOf(ANY) },
    { name: "searchset", type: listOf(ANY) },
  ],
  returns: (args) => at(args, 0).type,
  call(args) {
    const [values, keys, wanted] = [at(args, 0), itemsOf(at(args, 1)), itemsOf(at(args, 2))];
    const items = itemsOf(values);
    if (items.length !== keys.length)
      throw new FunctionFault("the lists of keys and of values must have the same length", 1);
    const same = (a: Value, b: Value) => equals(text(a), text(b)).data === true;
    return { ...values, data: items.filter((_, position) => wanted.some((key) => same(key, keys[position] ?? key))) };
  },
});

/** Functions on lists, tuples and whatever else has an order. */
export const sequenceFunctions: FunctionTable = tableOf([
  length,
  element,
  index,
  contains,
  compact,
  distinct,
  flatten,
  reverse,
  slice,
  concat,
  chunklist,
  range,
  matchkeys,
]);

function checkOrdered(type: Type): void {
  if (type.kind === "list" || type.kind === "tuple" || type.kind === "any") return;
  throw new FunctionFault(`a list or tuple is required, not ${aTypeName(type)}`, 0);
}

function isSequence(value: Value): boolean {
  const { kind } = value.type;
  return kind === "list" || kind === "set" || kind === "tuple";
}

/** False where an unknown list hides how many elements there are. */
function flattenInto(list: Value, items: Value[], marks: Set<Mark>): boolean {
  for (const mark of list.marks) marks.add(mark);
  if (isUnknown(list) || (list.type.kind === "set" && !isWhollyKnown(list))) return false;
  let known = true;
  for (const item of itemsOf(list)) {
    if (isSequence(item) && !isNull(item)) known = flattenInto(item, items, marks) && known;
    else {
      if (isUnknown(item) && item.type.kind === "any") known = false;
      items.push(item);
    }
  }
  return known;
}

function reversedType(list: Value): Type {
  const { type } = list;
  if (type.kind === "tuple") return tupleOf(type.elements.toReversed());
  if (type.kind === "list" || type.kind === "set") return listOf(type.element);
  if (type.kind === "any") return ANY;
  throw new FunctionFault(`a list, set or tuple is required, not ${aTypeName(type)}`, 0);
}

function converted(value: Value, type: Type, position: number): Value {
  const result = convert(value, type);
  if (result instanceof ConversionFault) throw new FunctionFault(result.message, position);
  return result;
}

function text(value: Value): Value {
  const result = convert(value, STRING);
  return result instanceof ConversionFault ? value : result;
}
