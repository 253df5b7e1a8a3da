import { expect, test } from "vitest";
import { parseJsonFile } from "../json/parse-json-file.ts";
import { Diagnostics } from "../source/diagnostic.ts";
import { absoluteTraversal, keyword } from "./absolute-traversal.ts";
import { nativeBody } from "./native-body.ts";
import { parseExpression, parseFile } from "./parse.ts";
import { staticExpression } from "./static-expression.ts";
import { outline } from "./testing/outline.ts";
import { type Traversal, variablesOf, variablesOfBody } from "./variables-of.ts";

function shown(traversals: readonly Traversal[]): string[] {
  return traversals.map(({ root, steps, range }) => {
    const path = steps.map((step) => (step.kind === "attribute" ? `.${step.name}` : `[${step.key}]`)).join("");
    return `${root}${path} at ${range.source.text.slice(range.start, range.end)}`;
  });
}

function expressionOf(text: string) {
  return parseExpression({ name: "x", text }, new Diagnostics());
}

test.each([
  ["var.a.b", ["var.a.b at var.a.b"]],
  ['a[0]["k"].c.1', ['a[0][k].c[1] at a[0]["k"].c.1']],
  ["a.b[c.d].e", ["a.b at a.b", "c.d at c.d"]],
  ["a[*].b[c]", ["a at a", "c at c"]],
  ["[for k, v in a.b : v.c if k == d]", ["a.b at a.b", "d at d"]],
  ["{for x in x : x => y}", ["x at x", "y at y"]],
  ['"${a} %{ for b in c }${b.d}${e}%{ endfor }%{ if f }${g}%{ endif }"', "acefg".split("").map((v) => `${v} at ${v}`)],
  ["f(a...) ? {b = c, (d) = e} : -(g + 1)", "acdeg".split("").map((v) => `${v} at ${v}`)],
  ["true", []],
])("%s refers to %j", (text, expected) => {
  expect(shown(variablesOf(expressionOf(text)))).toEqual(expected);
});

test("the iterator of a dynamic block is no reference within its content, in either syntax", () => {
  const native = parseFile(
    {
      name: "x",
      text: 'dynamic "p" {\n for_each = p\n iterator = i\n labels = [i.key, q]\n content {\n  a = "${i.value}${r}"\n }\n}',
    },
    new Diagnostics(),
  );
  const json = parseJsonFile(
    {
      name: "x",
      text: '{"dynamic": {"p": [{"for_each": "${p}", "iterator": "i", "labels": ["${i.key}", "${q}"], "content": {"a": "\\n${i.value}${r}"}}]}}',
    },
    new Diagnostics(),
  );
  const expected = ["p at p", "q at q", "r at r"];
  expect(shown(variablesOfBody(nativeBody(native)))).toEqual(expected);
  expect(shown(variablesOfBody(json))).toEqual(expected);
});

test("a reference is a path and nothing else", () => {
  expect(absoluteTraversal(expressionOf("source.a.b"))?.steps.length).toBe(2);
  expect(absoluteTraversal(expressionOf("a[b]"))).toBeUndefined();
  expect(absoluteTraversal(expressionOf('"a.b"'))).toBeUndefined();
  expect(keyword(expressionOf("string"))).toBe("string");
  expect(keyword(expressionOf("a.b"))).toBeUndefined();
});

test("a string of a JSON template holds a type or a reference as text", () => {
  const body = parseJsonFile(
    { name: "x", text: '{"a": "list(string)", "b": "var.c", "d": "no (type"}' },
    new Diagnostics(),
  );
  const attributes = body.attributes(new Diagnostics());
  const [a, b, d] = ["a", "b", "d"].map((name) => attributes.get(name)?.expression);
  expect(a && outline(staticExpression(a))).toBe("(call list string)");
  expect(b && absoluteTraversal(b)?.root).toBe("var");
  expect(d && staticExpression(d)).toEqual({ kind: "fault", range: d?.range });
});
