import { describe, expect, test } from "vitest";
import { ConversionFault, convert } from "./convert.ts";
import { fromPlain, type PlainData, toPlain } from "./plain.ts";
import { ANY, BOOL, listOf, mapOf, NUMBER, objectOf, STRING, setOf, type Type, tupleOf } from "./type.ts";
import { typeText } from "./type-text.ts";
import { isUnknown, itemsOf, nullOf, sensitive, stringValue, tupleValue, UNKNOWN_VALUE, unknownOf } from "./value.ts";

const MIXED_NAMES = objectOf({ name: STRING, size: NUMBER }, ["size"]);

describe("convert", () => {
  test.each<[PlainData, Type, PlainData]>([
    ["5", NUMBER, 5],
    ["-1.50e1", NUMBER, -15],
    [5, STRING, "5"],
    [true, STRING, "true"],
    ["true", BOOL, true],
    ["0", BOOL, false],
    [[1, "a", true], listOf(STRING), ["1", "a", "true"]],
    [[1, "a"], listOf(ANY), ["1", "a"]],
    [["b", "a", "b"], setOf(STRING), ["a", "b"]],
    [{ a: 1, b: "2" }, mapOf(NUMBER), { a: 1, b: 2 }],
    [{ name: "x", more: 1 }, MIXED_NAMES, { name: "x", size: null }],
    [[["1"], []], listOf(listOf(NUMBER)), [[1], []]],
    [[], listOf(STRING), []],
    [{}, mapOf(ANY), {}],
  ])("%j becomes a value of the type asked for", (plain, type, expected) => {
    const result = convert(fromPlain(plain), type);
    expect(result).not.toBeInstanceOf(ConversionFault);
    if (!(result instanceof ConversionFault)) expect(toPlain(result)).toEqual(expected);
  });

  test.each<[PlainData, Type, string]>([
    ["x", NUMBER, "a number is required"],
    ["True", BOOL, 'a bool is required; to convert from a string, write it in lower case: "true"'],
    [[1], NUMBER, "a number is required, not a tuple"],
    [{ name: "a", size: "big" }, MIXED_NAMES, 'attribute "size": a number is required'],
    [{ size: 1 }, MIXED_NAMES, 'attribute "name" is required'],
    [
      [{ name: "a" }, { name: [] }],
      listOf(MIXED_NAMES),
      'element 1: attribute "name": a string is required, not a tuple',
    ],
    [{ a: "1", b: "x" }, mapOf(NUMBER), 'element "b": a number is required'],
    [[1, []], listOf(ANY), "all elements of a list must have the same type"],
    [[1], tupleOf([STRING, STRING]), "a tuple of 2 elements is required, not of 1"],
  ])("%j says where and why it does not fit", (plain, type, message) => {
    const result = convert(fromPlain(plain), type);
    expect(result).toBeInstanceOf(ConversionFault);
    if (result instanceof ConversionFault) expect(result.message).toBe(message);
  });

  test("null and unknown take the new type, and any in it is filled in from the old one", () => {
    expect(convert(nullOf(ANY), listOf(STRING))).toEqual(nullOf(listOf(STRING)));
    expect(convert(UNKNOWN_VALUE, NUMBER)).toEqual(unknownOf(NUMBER));
    expect(convert(unknownOf(tupleOf([STRING, STRING])), listOf(ANY))).toEqual(unknownOf(listOf(STRING)));
    expect(convert(unknownOf(STRING), listOf(STRING))).toBeInstanceOf(ConversionFault);
  });

  test("marks stay where they were, and move from the items of a set to the set", () => {
    const secrets = tupleValue([stringValue("a"), sensitive(stringValue("b"))]);
    const list = convert(secrets, listOf(STRING));
    const set = convert(secrets, setOf(STRING));
    if (list instanceof ConversionFault || set instanceof ConversionFault) throw new Error("no list or no set");
    expect(itemsOf(list).map((item) => item.marks.size)).toEqual([0, 1]);
    expect([...set.marks]).toEqual(["sensitive"]);
    expect(itemsOf(set).map((item) => item.marks.size)).toEqual([0, 0]);
  });

  test("a set with an unknown item becomes a list of which not even the length is known", () => {
    const set = convert(tupleValue([stringValue("a"), unknownOf(STRING)]), setOf(STRING));
    if (set instanceof ConversionFault) throw new Error("no set");
    const list = convert(set, listOf(STRING));
    expect(!(list instanceof ConversionFault) && isUnknown(list) && typeText(list.type)).toBe("list(string)");
  });
});
