import { describe, expect, test } from "vitest";
import { loadPureFunctions, pureFunctionNames } from "../functions/load-pure-functions.ts";
import { Diagnostics } from "../source/diagnostic.ts";
import type { Source } from "../source/source.ts";
import { parseExpression, parseTemplate } from "../syntax/parse.ts";
import { isUnknown } from "../values/value.ts";
import { evaluate, evaluateConstant } from "./evaluate.ts";
import { emptyScope } from "./scope.ts";
import recorded from "./testdata/expressions.json" with { type: "json" };
import { encoded, testScope } from "./testdata/scope.ts";

const scope = testScope(await loadPureFunctions(pureFunctionNames));

function evaluated(text: string) {
  const diagnostics = new Diagnostics();
  const isTemplate = text.startsWith("template:");
  const source: Source = { name: "test", text: isTemplate ? text.slice("template:".length) : text };
  const expression = isTemplate ? parseTemplate(source, diagnostics) : parseExpression(source, diagnostics);
  const value = evaluate(expression, scope, diagnostics);
  return { value, all: diagnostics.all, source };
}

/** What the reference implementation of HCL made of our expressions, with the variables of testdata/scope.ts. */
describe("evaluate gives what HCL gives", () => {
  test.each(recorded.filter((each) => "value" in each))("$expression", ({ expression, value }) => {
    const result = evaluated(expression);
    expect(result.all).toEqual([]);
    expect(encoded(result.value)).toBe(value);
  });

  test.each(recorded.filter((each) => "errors" in each))("$expression is reported", ({ expression, errors }) => {
    const titles = new Set(evaluated(expression).all.map((each) => each.summary));
    expect([...titles]).toEqual(errors);
  });
});

describe("a fault", () => {
  test.each([
    ["txt", "txt", 'There is no variable named "txt" here. Did you mean "text"?'],
    ["size", "size", 'There is no variable named "size" here. Did you mean "obj.size"?'],
    ["obj.nmae", "nmae", 'There is no attribute "nmae" here. Did you mean "name"?'],
    ["list[3]", "3", "Index 3 is beyond the end: there are 3 elements, 0 to 2."],
    ["1 + text", "text", "The right operand is unsuitable: a number is required."],
    ["num / 0", "0", "The right operand is 0."],
    ["uper(text)", "uper", 'There is no function named "uper". Did you mean "upper"?'],
    ["upper()", ")", 'Function "upper" expects 1 argument: "str" is missing. It is called as upper(str).'],
    ["upper(text, 1, 2)", "1, 2", 'Function "upper" expects only 1 argument. It is called as upper(str).'],
    ["upper([])", "[]", 'Invalid value for the parameter "str" of upper: a string is required, not a tuple.'],
    [
      '"a ${list} b"',
      "list",
      "This value cannot be part of a text: a string is required, not a list of string. To write it out, use join().",
    ],
  ])("in %s is shown at its tight place", (text, place, detail) => {
    const { all, source } = evaluated(text);
    const [fault] = all;
    expect(fault?.detail).toBe(detail);
    expect(source.text.slice(fault?.subject?.start, fault?.subject?.end)).toBe(place);
  });

  test("shows what the variables in it are, but no secret", () => {
    expect(evaluated('tonumber("${text}-${secret}-${none == null}")').all[0]?.values).toEqual([
      'text is "hello"',
      "secret is sensitive",
      "none is null",
    ]);
  });

  test("in a function call with a secret does not tell a reason that might quote it", () => {
    expect(evaluated("parseint(secret, 10)").all[0]?.detail).toContain("is sensitive");
    expect(evaluated('parseint("zz", 10)').all[0]?.detail).toContain('"zz"');
  });

  test("is reported once for a loop that would meet it in every turn", () => {
    expect(evaluated("[for v in list : v.x]").all).toHaveLength(1);
  });
});

test("without a scope neither variables nor functions are allowed, and a JSON string is plain text", () => {
  const titles = (text: string) => {
    const diagnostics = new Diagnostics();
    evaluateConstant(parseExpression({ name: "test", text }, diagnostics), diagnostics);
    evaluate(parseExpression({ name: "test", text }, diagnostics), emptyScope, diagnostics);
    return diagnostics.all.map((each) => each.summary);
  };
  expect(titles("x")).toEqual(["Variables not allowed", "Variables not allowed"]);
  expect(titles("upper(1)")).toEqual(["Function calls not allowed", "Function calls not allowed"]);
  const range = { source: { name: "test", text: "${x}" }, start: 0, end: 4 };
  const template = { kind: "variable", name: "x", range } as const;
  const found = new Diagnostics();
  expect(evaluateConstant({ kind: "json-string", text: "${x}", template, range }, found).data).toBe("${x}");
  expect(found.all).toEqual([]);
});

test("nesting deeper than the stack is a fault, not a crash", () => {
  const range = { source: { name: "test", text: "" }, start: 0, end: 0 };
  let expression: Parameters<typeof evaluate>[0] = { kind: "bool", value: true, range };
  for (let depth = 0; depth < 200_000; depth++)
    expression = { kind: "unary", operator: "!", operand: expression, range };
  const diagnostics = new Diagnostics();
  expect(isUnknown(evaluate(expression, scope, diagnostics))).toBe(true);
  expect(diagnostics.all.map((each) => each.code)).toEqual(["expression-too-deep"]);
});
