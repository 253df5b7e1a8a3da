import { describe, expect, test } from "vitest";
import { parseJsonFile } from "../json/parse-json-file.ts";
import { Diagnostics } from "../source/diagnostic.ts";
import type { Body } from "../syntax/body.ts";
import { nativeBody } from "../syntax/native-body.ts";
import { parseFile } from "../syntax/parse.ts";
import { isUnknown, sensitive, stringValue, tupleValue, UNKNOWN_VALUE } from "../values/value.ts";
import { expandDynamicBlocks } from "./dynamic-blocks.ts";
import { evaluate } from "./evaluate.ts";
import { childScope, emptyScope } from "./scope.ts";

const scope = childScope(
  emptyScope,
  new Map([
    ["unknown", UNKNOWN_VALUE],
    ["secret", sensitive(tupleValue([stringValue("s")]))],
  ]),
);

function native(text: string): Body {
  return nativeBody(parseFile({ name: "x", text }, new Diagnostics()));
}

/** `type.label(value)[inner blocks]` of all blocks `p` and `q`, each with an argument `v`. */
function expanded(body: Body, diagnostics: Diagnostics): string[] {
  const schema = {
    attributes: [{ name: "v" }],
    blocks: [{ type: "p", labelNames: ["name"] }, { type: "q" }],
  };
  const show = (of: Body): string[] =>
    of.content(schema, diagnostics).blocks.map((block) => {
      const attribute = block.body.partialContent(schema, new Diagnostics()).content.attributes.get("v");
      const value = attribute && evaluate(attribute.expression, attribute.scope ?? scope, diagnostics);
      const shown = !value ? "" : isUnknown(value) ? "?" : String(value.data);
      const marks = value && value.marks.size > 0 ? "!" : "";
      const inner = show(block.body);
      const name = [block.type, ...block.labels.map(({ text }) => text)].join(".");
      return `${name}(${shown}${marks})${inner.length > 0 ? `[${inner.join(" ")}]` : ""}`;
    });
  return show(expandDynamicBlocks(body, scope));
}

describe("dynamic blocks", () => {
  test("make a block for each item, in their place among the others", () => {
    const diagnostics = new Diagnostics();
    const text = `
q { v = "first" }
dynamic "p" {
  for_each = ["a", "b"]
  labels   = ["l-\${p.value}"]
  content {
    v = p.key
    dynamic "q" {
      for_each = { k = p.value }
      iterator = each
      content { v = "\${p.key}\${each.key}\${each.value}" }
    }
    q { v = p.value }
  }
}
q { v = "last" }
`;
    expect(expanded(native(text), diagnostics)).toEqual([
      "q(first)",
      "p.l-a(0)[q(0ka) q(a)]",
      "p.l-b(1)[q(1kb) q(b)]",
      "q(last)",
    ]);
    expect(diagnostics.all).toEqual([]);
  });

  test("work in JSON templates", () => {
    const text = '{"dynamic": {"q": {"for_each": ["a"], "iterator": "i", "content": {"v": "${i.key}${i.value}"}}}}';
    expect(expanded(parseJsonFile({ name: "x", text }, new Diagnostics()), new Diagnostics())).toEqual(["q(0a)"]);
  });

  test("of an unknown collection make one block in which all is unknown", () => {
    const text = 'dynamic "q" {\n for_each = unknown\n content {\n v = 1\n q { v = 2 }\n }\n}';
    expect(expanded(native(text), new Diagnostics())).toEqual(["q(?)[q(?)]"]);
    const { blocks } = expandDynamicBlocks(native(text), scope).content(
      { attributes: [], blocks: [{ type: "q" }] },
      new Diagnostics(),
    );
    expect(blocks.map((block) => block.unknown)).toEqual([true]);
  });

  test("of a sensitive collection give sensitive items", () => {
    const text = 'dynamic "q" {\n for_each = secret\n content {\n v = q.value\n }\n}';
    expect(expanded(native(text), new Diagnostics())).toEqual(["q(s!)"]);
  });

  test("that no partial content has asked for wait for the rest, in the order of the text", () => {
    const text = 'q { v = 1 }\ndynamic "q" {\n for_each = [2]\n content { v = q.value }\n}\nq { v = 3 }\np "x" {}';
    const diagnostics = new Diagnostics();
    const body = expandDynamicBlocks(native(text), scope);
    const { rest } = body.partialContent({ attributes: [], blocks: [{ type: "p", labelNames: ["n"] }] }, diagnostics);
    const { blocks } = rest.content({ attributes: [], blocks: [{ type: "q" }] }, diagnostics);
    expect(blocks.map((block) => block.scope !== undefined)).toEqual([false, true, false]);
    expect(diagnostics.all).toEqual([]);
  });

  test.each([
    ['dynamic "q" {\n for_each = 3\n content {}\n}', "Invalid dynamic for_each value"],
    ['dynamic "q" {\n for_each = null\n content {}\n}', "Invalid dynamic for_each value"],
    ['dynamic "q" {\n for_each = []\n}', "Missing dynamic content block"],
    ['dynamic "q" {\n for_each = []\n content {}\n content {}\n}', "Extraneous dynamic content block"],
    ['dynamic "q" {\n for_each = []\n iterator = a.b\n content {}\n}', "Invalid dynamic iterator name"],
    ['dynamic "p" {\n for_each = []\n labels = []\n content {}\n}', "Insufficient dynamic block labels"],
    ['dynamic "p" {\n for_each = []\n labels = [1, 2]\n content {}\n}', "Extraneous dynamic block label"],
    ['dynamic "p" {\n for_each = [1]\n labels = [null]\n content {}\n}', "Invalid dynamic block label"],
    ['dynamic "p" {\n for_each = secret\n labels = [p.value]\n content {}\n}', "Invalid dynamic block label"],
    ['dynamic "q" {\n content {}\n}', "Missing required argument"],
    ['dynamic "q" {\n for_each = []\n labels = []\n content {}\n}', "Unsupported argument"],
    ['dynamic "z" {\n for_each = []\n content {}\n}', "Unsupported block type"],
    ["dynamic {\n}", "Missing type for dynamic"],
  ])("%j is reported as %s", (text, title) => {
    const diagnostics = new Diagnostics();
    expanded(native(text), diagnostics);
    expect(diagnostics.all.map(({ summary }) => summary)).toEqual([title]);
  });
});
