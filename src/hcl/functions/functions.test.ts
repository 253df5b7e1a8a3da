import { describe, expect, test } from "vitest";
import { evaluate } from "../evaluation/evaluate.ts";
import { encoded, testScope } from "../evaluation/testdata/scope.ts";
import { Diagnostics } from "../source/diagnostic.ts";
import { parseExpression } from "../syntax/parse.ts";
import { loadPureFunctions, pureFunctionNames } from "./load-pure-functions.ts";
import recorded from "./testdata/calls.json" with { type: "json" };

const functions = await loadPureFunctions(pureFunctionNames);

function evaluated(text: string) {
  const diagnostics = new Diagnostics();
  const expression = parseExpression({ name: "test", text }, diagnostics);
  return { value: evaluate(expression, testScope(functions), diagnostics), all: diagnostics.all };
}

/** What go-cty, go-cty-funcs and go-cty-yaml made of our calls; where they fail, the title is ours. */
describe("functions give what Packer's give", () => {
  test.each(recorded.filter((each) => "value" in each))("$expression", ({ expression, value }) => {
    const result = evaluated(expression);
    expect(result.all).toEqual([]);
    expect(encoded(result.value)).toBe(value);
  });

  test.each(recorded.filter((each) => "errors" in each))("$expression is a fault", ({ expression, errors }) => {
    expect(evaluated(expression).all.map((each) => each.summary)).toEqual(errors);
  });
});

describe("functions of Packer alone, and of Terraform, work", () => {
  test.each([
    ['length("noël")', "4"],
    ["length({a=1})", "1"],
    ['index(["a", "b"], "b")', "1"],
    ['coalesce("", null, "x")', '"x"'],
    ['sum([1, 2.5, "3"])', "6.5"],
    ["sum([1, laternum])", "unknown(number)"],
    ['startswith("abc", "ab")', "true"],
    ['endswith("abc", "ab")', "false"],
    ['strcontains("abc", "b")', "true"],
    ["alltrue([true, null])", "false"],
    ["alltrue([])", "true"],
    ["alltrue([laterbool, false])", "false"],
    ["anytrue([null, true])", "true"],
    ["anytrue([laterbool])", "unknown(bool)"],
    ['one(["x"])', '"x"'],
    ["one([])", "null(any)"],
    ['matchkeys(["a", "b"], ["x", "y"], ["y"])', 'list["b"]'],
    ['transpose({a=["x", "y"], b=["y"]})', 'map{"x" = list["a"], "y" = list["a", "b"]}'],
    ["nonsensitive(secret)", '"s3cret"'],
    ["issensitive(secret)", "true"],
    ["issensitive(text)", "false"],
    ["sensitive(text)", 'sensitive("hello")'],
    ["type(list)", '"list(string)"'],
    ['timecmp("2020-01-01T00:00:00Z", "2020-01-01T01:00:00+01:00")', "0"],
    ['timecmp("2020-01-01T00:00:00Z", "2020-01-01T00:00:00.5Z")', "-1"],
    ['textencodebase64("é", "ISO-8859-1")', '"6Q=="'],
    ['textencodebase64("hi", "UTF-16LE")', '"aABpAA=="'],
    ['textdecodebase64("aABpAA==", "UTF-16LE")', '"hi"'],
    ['textdecodebase64(textencodebase64("日本", "Shift_JIS"), "Shift_JIS")', '"日本"'],
    ['cidrcontains("10.0.0.0/8", "10.1.0.0/16")', "true"],
    ['cidrcontains("10.0.0.0/8", "11.0.0.1")', "false"],
    ['format("%v %v", null, 1)', '"null 1"'],
    ['lookup({}, "a", null)', "null(any)"],
  ])("%s is %s", (text, expected) => {
    const { value, all } = evaluated(text);
    expect(all).toEqual([]);
    expect(encoded(value)).toBe(expected);
  });

  test("a parsed timestamp has its parts, in its own zone", () => {
    expect(encoded(evaluated('rfc3339_parse("2021-01-03 23:30:15.5+02:00")').value)).toBe(
      '{"day" = 3, "hour" = 23, "iso_week" = 53, "iso_year" = 2020, "minute" = 30, "month" = 1, "month_name" = "January", ' +
        '"second" = 15, "unix" = 1609709415, "weekday" = 0, "weekday_name" = "Sunday", "year" = 2021, "year_day" = 3}',
    );
    expect(encoded(evaluated("unix_timestamp_parse(1609709415).rfc3339").value)).toBe('"2021-01-03T21:30:15Z"');
  });

  test.each([
    ["length(5)", "a string, list, set, tuple, map or object is required, not a number"],
    ["sum([])", "an empty list has no sum"],
    ['index(["a"], "b")', "the value is not in the list"],
    ["one([1, 2])", "it has 2 elements, and at most one is allowed"],
    ['textencodebase64("€", "ISO-8859-1")', 'the encoding ISO-8859-1 has no "€"'],
    ['textencodebase64("x", "nonsense")', 'there is no character encoding named "nonsense"'],
    ["try(nosuch, obj.nope)", "none of the expressions could be evaluated"],
  ])("%s says why not", (text, reason) => {
    expect(evaluated(text).all[0]?.detail).toContain(reason);
  });
});

describe("loading", () => {
  test("every family gives just the functions it is listed for, each by its own name", () => {
    for (const [name, each] of functions) {
      expect(each.name).toBe(name);
      expect(each.doc).not.toBe("");
    }
    expect([...functions.keys()].sort()).toEqual([...pureFunctionNames]);
  });

  test("a function that no name asked for is known, but not loaded", async () => {
    const few = await loadPureFunctions(["upper"]);
    expect([...few.keys()].sort()).toEqual([...pureFunctionNames]);
    expect(few.get("lower")?.doc).not.toBe("");
    expect(() => few.get("regex")?.call([])).toThrow("was not loaded");
  });
});
