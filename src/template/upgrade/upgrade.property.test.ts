import fc from "fast-check";
import { expect, test } from "vitest";
import { TemplateBench } from "../../../test/support/template-bench.ts";
import { Diagnostics } from "../../hcl/source/diagnostic.ts";
import { parseFile } from "../../hcl/syntax/parse.ts";
import { fixTemplate } from "../fixers/fix-template.ts";
import { readLegacyStructure } from "../legacy/structure/read-legacy-structure.ts";
import { upgradeTemplate } from "./upgrade-template.ts";

const pieces = [
  "{{",
  "}}",
  "user",
  "`a`",
  '"b"',
  "|",
  " ",
  "split",
  "1",
  "(",
  ")",
  ".X",
  "if",
  "else",
  "end",
  "$",
  "${",
  "%{",
  '"',
  "\\",
  "\n",
  "env",
];
const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.array(fc.constantFrom(...pieces)).map((all) => all.join("")),
);
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: "small" },
    text,
    fc.boolean(),
    fc.constant(null),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    tie("list"),
    tie("object"),
  ),
  list: fc.array(tie("any"), { maxLength: 3 }),
  object: fc.dictionary(fc.oneof(text, fc.constantFrom("text", "texts", "tag", "count")), tie("any"), { maxKeys: 3 }),
}));
const component = (type: string) => value.object.map((options) => ({ ...(options as object), type }));
const template = fc.record({
  variables: fc.dictionary(text, text, { maxKeys: 3 }),
  builders: fc.tuple(component("maker"), text).map(([builder, name]) => [
    { ...builder, name },
    { type: "maker", image: "i" },
  ]),
  provisioners: fc.array(component("helper"), { maxLength: 2 }),
  "post-processors": fc.array(component("finisher"), { maxLength: 2 }),
});

test("whatever the template holds, its upgrade is HCL, and a fixed one is fixed", async () => {
  using bench = new TemplateBench({});
  await fc.assert(
    fc.asyncProperty(template, async (any) => {
      const source = { name: "t.json", text: JSON.stringify(any) };
      const structure = readLegacyStructure(source, new Diagnostics());
      const upgraded =
        structure && (await upgradeTemplate(structure, { catalogue: bench.catalogue, annotated: false }));
      const diagnostics = new Diagnostics();
      parseFile({ name: "t.pkr.hcl", text: upgraded?.text ?? "" }, diagnostics);
      expect(
        diagnostics.all.map(({ summary, subject }) => [summary, subject?.source.text.slice(subject.start)]),
      ).toEqual([]);

      const fixed = fixTemplate(source, new Diagnostics());
      expect(fixTemplate({ name: "t.json", text: fixed ?? "" }, new Diagnostics())).toBe(fixed);
    }),
    { numRuns: 300 },
  );
});
