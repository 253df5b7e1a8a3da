import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evaluate } from "../evaluation/evaluate.ts";
import { emptyScope } from "../evaluation/scope.ts";
import { Diagnostics } from "../source/diagnostic.ts";
import { outline } from "../syntax/testing/outline.ts";
import type { JsonNode } from "./json-tree.ts";
import { parseJsonFile } from "./parse-json-file.ts";
import { readJson } from "./read-json.ts";

function told(diagnostics: Diagnostics): string[] {
  return diagnostics.all.map(
    ({ summary, subject }) => `${summary}: ${subject?.source.text.slice(subject.start, subject.end)}`,
  );
}

function faultsOf(text: string): string[] {
  const diagnostics = new Diagnostics();
  readJson({ name: "x", text }, diagnostics);
  return told(diagnostics);
}

describe("a body of JSON", () => {
  test("has labels as nested objects, and repeated blocks as arrays or repeated names", () => {
    const diagnostics = new Diagnostics();
    const body = parseJsonFile(
      {
        name: "x.pkr.json",
        text: `{
        "//": "a comment",
        "source": { "docker": { "a": { "image": "x" }, "b": [{}, {}] } },
        "source": [{ "null": { "c": null } }, { "null": { "d": {} } }],
        "build": { "provisioner": [{ "shell": {} }, { "file": {} }, { "shell": {} }] }
      }`,
      },
      diagnostics,
    );
    const schema = { attributes: [], blocks: [{ type: "source", labelNames: ["type", "name"] }, { type: "build" }] };
    const { blocks } = body.content(schema, diagnostics);
    expect(blocks.map(({ type, labels }) => [type, ...labels.map(({ text }) => text)].join("."))).toEqual([
      ...["source.docker.a", "source.docker.b", "source.docker.b", "source.null.d", "build"],
    ]);
    const build = blocks
      .at(-1)
      ?.body.content({ attributes: [], blocks: [{ type: "provisioner", labelNames: ["type"] }] }, diagnostics);
    expect(build?.blocks.map(({ labels }) => labels[0]?.text)).toEqual(["shell", "file", "shell"]);
    expect(diagnostics.all).toEqual([]);
  });

  test("reports what no schema names, what is missing, and values of the wrong kind", () => {
    const diagnostics = new Diagnostics();
    const body = parseJsonFile(
      { name: "x", text: '{"imag": 1, "commit": 1, "commit": 2, "login": 3, "source": {"a": 4}, "data": {}}' },
      diagnostics,
    );
    body.content(
      {
        attributes: [{ name: "image", required: true }, { name: "commit" }],
        blocks: [
          { type: "login" },
          { type: "source", labelNames: ["type", "name"] },
          { type: "data", labelNames: ["type"] },
        ],
      },
      diagnostics,
    );
    expect(told(diagnostics)).toEqual([
      'Duplicate argument: "commit"',
      "Incorrect JSON value type: 3",
      "Incorrect JSON value type: 4",
      "Missing block label: {",
      "Missing required argument: }",
      'Extraneous JSON object property: "imag"',
    ]);
  });

  test("has strings that are templates in a scope and plain text without one", () => {
    const diagnostics = new Diagnostics();
    const text = '{"a": "\\u00e9\\n${1 + 1}", "b": [-1.50, {"${"k"}": null}], "c": "${oops"}'.replace(
      '"${"k"}"',
      '"k${2}"',
    );
    const attributes = parseJsonFile({ name: "x", text }, diagnostics).attributes(diagnostics);
    const [a, b, c] = ["a", "b", "c"].map((name) => attributes.get(name)?.expression ?? expect.fail());
    if (!a || !b || !c) return;
    expect(outline(b)).toBe('(list (- 1.50) (object (json "k${2}" (bare "k" ${2}))=null))');
    expect(evaluate(a, emptyScope, diagnostics).data).toBe("é\n2");
    expect(evaluate(a, undefined, diagnostics).data).toBe("é\n${1 + 1}");
    expect(evaluate(c, undefined, diagnostics).data).toBe("${oops");
    expect(diagnostics.all).toEqual([]);
    evaluate(c, emptyScope, diagnostics);
    expect(told(diagnostics)).toEqual(["Unclosed template interpolation sequence: ${"]);
  });

  test("places what is in a string where it is in the file, behind escapes too", () => {
    const text = '{"a": "\\"\\u00e9\\ud83d\\ude00 ${var.name} \\n"}';
    const [reference] = parseJsonFile({ name: "x", text }, new Diagnostics()).references();
    expect(reference && text.slice(reference.range.start, reference.range.end)).toBe("var.name");
  });
});

describe("reading JSON", () => {
  test.each([
    ['{"a": 1,}', ["Trailing comma in object: ,"]],
    ["[1,]", ["Trailing comma in array: ,"]],
    [
      '{"a" 1, "b"= 2, "c"}',
      ["Missing property value colon: 1", "Missing property value colon: =", "Missing object value: }"],
    ],
    ['{"a": tru, "b": undefined}', ["Invalid JSON keyword: tru", "Invalid JSON keyword: undefined"]],
    ["{a: 1, 'b': 2}", ["Invalid object property name: a", "Invalid object property name: 'b'"]],
    [
      '{"a": 01, "b": 1., "c": +1}',
      ["Invalid JSON number: 01", "Invalid JSON number: 1.", "Invalid start of value: +"],
    ],
    ['{"a": "\\x", "b": "\\u12"}', ["Invalid JSON string: \\x", "Invalid JSON string: \\u"]],
    ['{"a": "no end\n}', ['Invalid JSON string: "no end']],
    [
      '{"a": 1 "b": 2\n"c": [1 2]}',
      [
        'Missing attribute separator comma: "',
        'Missing attribute separator comma: "',
        "Missing attribute separator comma: 2",
      ],
    ],
    ['{"a": [1}', ["Mismatched brackets: }", "Unclosed object: {"]],
    ['{"a": ', ["Missing value: "]],
    ['{"a": 1', ["Unclosed object: {"]],
    ["{} x", ["Extraneous data after value: x"]],
    ["// c\n{}", ["Invalid start of value: /"]],
  ])("%j has the faults %j", (text, faults) => {
    expect(faultsOf(text)).toEqual(faults);
  });

  test("accepts what JSON.parse accepts, and reads the same", () => {
    fc.assert(
      fc.property(fc.json(), fc.boolean(), (json, spread) => {
        const text = spread ? JSON.stringify(JSON.parse(json), null, 2) : json;
        const diagnostics = new Diagnostics();
        const node = readJson({ name: "x", text }, diagnostics);
        expect(diagnostics.all).toEqual([]);
        expect(plain(node)).toEqual(JSON.parse(text));
      }),
      { numRuns: 500 },
    );
  });

  test("never throws, and faults exactly what JSON.parse refuses", () => {
    const pieces = fc.constantFrom(..."{}[]\",:\\tn01.-e \n'/".split(""), '"a"', '"a": ', "true", "null", "\\u00");
    const text = fc.oneof(
      fc.string(),
      fc.array(pieces, { maxLength: 20 }).map((all) => all.join("")),
    );
    fc.assert(
      fc.property(text, (sample) => {
        const diagnostics = new Diagnostics();
        readJson({ name: "x", text: sample }, diagnostics);
        expect(diagnostics.hasErrors).toBe(!isJson(sample));
      }),
      { numRuns: 3000 },
    );
    readJson({ name: "x", text: "[".repeat(100_000) }, new Diagnostics());
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function plain(node: JsonNode): unknown {
  switch (node.kind) {
    case "object": {
      const entries = node.members.map(({ name, value }) => [name.text, plain(value)] as const);
      return Object.fromEntries(entries);
    }
    case "array":
      return node.items.map(plain);
    case "number":
      return Number(node.text);
    case "string":
      return node.text;
    case "bool":
      return node.value;
    default:
      return null;
  }
}
