import { FunctionFault, type Parameter } from "../../evaluation/scope.ts";
import { ConversionFault, convert } from "../../values/convert.ts";
import { ANY, listOf, mapOf, STRING, sameType, tupleOf } from "../../values/type.ts";
import { aTypeName } from "../../values/type-text.ts";
import {
  isNull,
  isUnknown,
  itemsOf,
  listValue,
  mapValue,
  objectValue,
  stringValue,
  tupleValue,
  UNKNOWN_VALUE,
  unknownOf,
  type Value,
  withMarks,
} from "../../values/value.ts";
import { at, define, type FunctionTable, tableOf } from "../define.ts";

const MAP: Parameter = { name: "inputMap", type: ANY, allowMarked: true, allowUnknown: true };

const keys = define({
  name: "keys",
  doc: "The keys of a map as a list, or the names of the attributes of an object as a tuple, in their order.",
  parameters: [MAP],
  returns: ANY,
  call(args) {
    const map = at(args, 0);
    const { type, marks, data } = map;
    if (type.kind === "any") return withMarks(UNKNOWN_VALUE, marks);
    if (type.kind === "object")
      return withMarks(tupleValue([...type.attributes.keys()].sort().map(stringValue)), marks);
    if (type.kind !== "map") throw new FunctionFault(`a map or object is required, not ${aTypeName(type)}`, 0);
    if (!(data instanceof Map)) return withMarks(unknownOf(listOf(STRING)), marks);
    return withMarks(listValue(STRING, [...data.keys()].map(stringValue)), marks);
  },
});

const values = define({
  name: "values",
  doc: "The values of a map as a list, or of an object as a tuple, in the order of their keys.",
  parameters: [{ ...MAP, name: "mapping" }],
  returns: ANY,
  call(args) {
    const map = at(args, 0);
    const { type, marks } = map;
    if (type.kind === "any") return withMarks(UNKNOWN_VALUE, marks);
    if (type.kind !== "map" && type.kind !== "object")
      throw new FunctionFault(`a map or object is required, not ${aTypeName(type)}`, 0);
    if (type.kind === "map") {
      return withMarks(isUnknown(map) ? unknownOf(listOf(type.element)) : listValue(type.element, itemsOf(map)), marks);
    }
    return withMarks(
      isUnknown(map) ? unknownOf(tupleOf([...type.attributes.values()])) : tupleValue(itemsOf(map)),
      marks,
    );
  },
});

const lookup = define({
  name: "lookup",
  doc: "The value of a key of a map or object, or the default where there is no such key.",
  parameters: [
    MAP,
    { name: "key", type: STRING, allowMarked: true, allowUnknown: true },
    { ...MAP, name: "default", allowNull: true },
  ],
  returns: ANY,
  call(args) {
    const [map, key, fallback] = [at(args, 0), at(args, 1), at(args, 2)];
    const { type, data } = map;
    const marks = [...map.marks, ...key.marks];
    if (type.kind === "any") return withMarks(UNKNOWN_VALUE, marks);
    if (type.kind !== "map" && type.kind !== "object")
      throw new FunctionFault(`a map or object is required, not ${aTypeName(type)}`, 0);
    const given = type.kind === "map" ? convert(fallback, type.element) : fallback;
    if (given instanceof ConversionFault)
      throw new FunctionFault(`the default must be of the type of the elements: ${given.message}`, 2);
    if (typeof key.data !== "string")
      return withMarks(type.kind === "map" ? unknownOf(type.element) : UNKNOWN_VALUE, marks);
    if (data instanceof Map) return withMarks(data.get(key.data) ?? given, marks);
    if (type.kind === "map") return withMarks(unknownOf(type.element), marks);
    const attribute = type.attributes.get(key.data);
    return withMarks(attribute ? unknownOf(attribute) : given, marks);
  },
});

const merge = define({
  name: "merge",
  doc: "All elements of maps, or attributes of objects, in one; of equal keys the last one counts.",
  parameters: [],
  variadic: { name: "maps", type: ANY, allowNull: true, allowMarked: true, allowUnknown: true },
  returns: ANY,
  call(args) {
    const marks = args.flatMap((each) => [...each.marks]);
    for (const [position, { type }] of args.entries()) {
      if (type.kind !== "map" && type.kind !== "object" && type.kind !== "any") {
        throw new FunctionFault(`a map or object is required, not ${aTypeName(type)}`, position);
      }
    }
    const [first] = args;
    const oneType = first && args.every((each) => sameType(each.type, first.type)) ? first.type : undefined;
    if (args.some((each) => each.type.kind === "any" && isUnknown(each))) return withMarks(UNKNOWN_VALUE, marks);
    if (args.some((each) => isUnknown(each) && each.type.kind === "map")) {
      return withMarks(oneType ? unknownOf(oneType) : UNKNOWN_VALUE, marks);
    }
    const merged = new Map<string, Value>();
    for (const each of args) {
      if (each.data instanceof Map) for (const [key, value] of each.data) merged.set(key, value);
      else if (isUnknown(each) && each.type.kind === "object") {
        for (const [name, type] of each.type.attributes) merged.set(name, unknownOf(type));
      }
    }
    return withMarks(oneType?.kind === "map" ? mapValue(oneType.element, merged) : objectValue(merged), marks);
  },
});

const zipmap = define({
  name: "zipmap",
  doc: "A map of a list of keys and a list of values, or an object where the values are a tuple.",
  parameters: [
    { name: "keys", type: listOf(STRING), allowMarked: true, allowUnknown: true },
    { name: "values", type: ANY, allowMarked: true, allowUnknown: true },
  ],
  returns: ANY,
  call(args) {
    const [names, given] = [at(args, 0), at(args, 1)];
    const marks = [...names.marks, ...given.marks];
    const { type } = given;
    if (type.kind === "any") return withMarks(UNKNOWN_VALUE, marks);
    if (type.kind !== "list" && type.kind !== "tuple")
      throw new FunctionFault(`a list or tuple is required, not ${aTypeName(type)}`, 1);
    const keyItems = itemsOf(names);
    const items = isUnknown(given) && type.kind === "tuple" ? type.elements.map(unknownOf) : itemsOf(given);
    if (isUnknown(names) || keyItems.some(isUnknown) || (isUnknown(given) && type.kind === "list")) {
      return withMarks(type.kind === "list" ? unknownOf(mapOf(type.element)) : UNKNOWN_VALUE, marks);
    }
    if (keyItems.length !== items.length) {
      throw new FunctionFault(
        `there are ${keyItems.length} keys but ${items.length} values: there must be as many of both`,
        1,
      );
    }
    const entries = keyItems.map((key, position): [string, Value] => {
      if (typeof key.data !== "string") throw new FunctionFault(`key ${position} is null`, 0);
      marks.push(...key.marks);
      return [key.data, items[position] ?? UNKNOWN_VALUE];
    });
    return withMarks(type.kind === "list" ? mapValue(type.element, entries) : objectValue(entries), marks);
  },
});

const transpose = define({
  name: "transpose",
  doc: "A map of lists turned round: each element becomes a key, whose list holds the keys that it stood under.",
  parameters: [{ name: "values", type: mapOf(listOf(STRING)) }],
  returns: mapOf(listOf(STRING)),
  call(args) {
    const turned = new Map<string, Set<string>>();
    const { data } = at(args, 0);
    for (const [key, list] of data instanceof Map ? data : []) {
      if (isNull(list)) throw new FunctionFault(`the list of ${JSON.stringify(key)} is null`, 0);
      for (const item of itemsOf(list)) {
        if (typeof item.data !== "string") throw new FunctionFault(`the list of ${JSON.stringify(key)} holds null`, 0);
        turned.set(item.data, (turned.get(item.data) ?? new Set()).add(key));
      }
    }
    const lists = [...turned].map(([item, names]): [string, Value] => [
      item,
      listValue(STRING, [...names].sort().map(stringValue)),
    ]);
    return mapValue(listOf(STRING), lists);
  },
});

/** Functions on maps and objects. */
export const mappingFunctions: FunctionTable = tableOf([keys, values, lookup, merge, zipmap, transpose]);
