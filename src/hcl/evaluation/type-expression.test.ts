import { describe, expect, test } from "vitest";
import { Diagnostics } from "../source/diagnostic.ts";
import { parseExpression } from "../syntax/parse.ts";
import { ConversionFault, convert } from "../values/convert.ts";
import { fromPlain, type PlainData, toPlain } from "../values/plain.ts";
import { typeText } from "../values/type-text.ts";
import { nullOf, sensitive, unknownOf } from "../values/value.ts";
import { applyDefaults } from "./apply-defaults.ts";
import { typeFromExpression } from "./type-expression.ts";

function read(text: string) {
  const diagnostics = new Diagnostics();
  const specification = typeFromExpression(parseExpression({ name: "test", text }, diagnostics), diagnostics);
  return { specification, all: diagnostics.all };
}

function readWell(text: string) {
  const { specification, all } = read(text);
  expect(all).toEqual([]);
  if (!specification) throw new Error("no type");
  return specification;
}

describe("typeFromExpression", () => {
  test.each([
    "string",
    "number",
    "bool",
    "any",
    "list(string)",
    "set(list(any))",
    "map(object({ a = string }))",
    "tuple([string, number])",
    "tuple([])",
    "object({})",
    "object({ name = string, size = optional(number) })",
  ])("reads %s as it is written", (text) => {
    expect(typeText(readWell(text).type)).toBe(text);
  });

  test("reads through parentheses no more than HCL does, but through strings of JSON", () => {
    const range = { source: { name: "test", text: "list(string)" }, start: 0, end: 12 };
    const diagnostics = new Diagnostics();
    const template = parseExpression({ name: "test", text: "list(string)" }, diagnostics);
    const specification = typeFromExpression(
      { kind: "json-string", text: "list(string)", template, range },
      diagnostics,
    );
    expect(specification && typeText(specification.type)).toBe("list(string)");
  });

  test.each([
    ["strin", "strin", 'There is no type named "strin". Did you mean "string"?'],
    ["list", "list", "The type list needs the type of its elements, as in list(string)."],
    ["object", "object", "The type object needs its attributes and their types, as in object({ name = string })."],
    ["list()", "()", "The type list needs one argument: the type of its elements, as in list(string)."],
    ["map(string, number)", "number", "The type map needs one argument: the type of its elements, as in map(string)."],
    ["string(5)", "(5)", "The type string takes no arguments."],
    ["lst(string)", "lst", 'There is no type constructor named "lst". Did you mean "list"?'],
    ["optional(string)", "optional", "Only an attribute of an object type can be optional."],
    [
      "object(string)",
      "string",
      "The type object needs its attributes and their types, as in object({ name = string }).",
    ],
    [
      'object({ "a" = string })',
      '"a"',
      "The names of attributes must be written plainly, without quotes or parentheses.",
    ],
    ["object({ a = string, a = number })", "a", 'The attribute "a" is declared twice.'],
    [
      "object({ a = optional() })",
      "()",
      "optional() takes the type of the attribute and, if wanted, its default: optional(number, 1).",
    ],
    ["tuple(string)", "string", "The type tuple needs the types of its elements, as in tuple([string, number])."],
    ["5", "5", "A type is written as string, number, bool or any, or as one made of others, like list(string)."],
  ])("%s is no type, and says why at the tight place", (text, place, detail) => {
    const { specification, all } = read(text);
    expect(specification).toBeUndefined();
    expect(all.map((each) => each.summary)).toEqual(["Invalid type specification"]);
    expect(all[0]?.detail).toBe(detail);
    expect(text.slice(all[0]?.subject?.start, all[0]?.subject?.end)).toBe(place);
  });

  test("a default must be constant and fit the type", () => {
    expect(read('object({ a = optional(number, "x") })').all[0]).toMatchObject({
      summary: "Invalid default value for optional attribute",
      detail: "This default does not fit the type of the attribute: a number is required.",
    });
    expect(read("object({ a = optional(number, x) })").all[0]?.summary).toBe("Variables not allowed");
  });
});

describe("applyDefaults", () => {
  const NESTED =
    'object({ name = optional(string, "none"), size = optional(number), deep = optional(object({ on = optional(bool, true) }), {}) })';

  test.each<[string, PlainData, PlainData]>([
    [NESTED, {}, { name: "none", size: null, deep: { on: true } }],
    [NESTED, { name: null, deep: { on: false } }, { name: "none", size: null, deep: { on: false } }],
    [
      'list(object({ a = optional(string, "x"), b = string }))',
      [{ b: "1" }, { a: "y", b: "2" }],
      [
        { a: "x", b: "1" },
        { a: "y", b: "2" },
      ],
    ],
    ["map(object({ a = optional(number, 5) }))", { k: {}, l: { a: 6 } }, { k: { a: 5 }, l: { a: 6 } }],
    ["tuple([string, object({ a = optional(number, 5) })])", ["s", {}], ["s", { a: 5 }]],
    ["set(object({ a = optional(number, 5) }))", [{}, { a: 5 }], [{ a: 5 }]],
  ])("%s of %j", (text, plain, expected) => {
    const { type, defaults } = readWell(text);
    const value = convert(applyDefaults(fromPlain(plain), defaults), type);
    if (value instanceof ConversionFault) throw new Error(value.message);
    expect(toPlain(value)).toEqual(expected);
  });

  test("null and unknown values get none, and marks stay", () => {
    const { type, defaults } = readWell("object({ a = optional(number, 5) })");
    expect(applyDefaults(nullOf(type), defaults)).toEqual(nullOf(type));
    expect(applyDefaults(unknownOf(type), defaults)).toEqual(unknownOf(type));
    expect([...applyDefaults(sensitive(fromPlain({})), defaults).marks]).toEqual(["sensitive"]);
  });
});
