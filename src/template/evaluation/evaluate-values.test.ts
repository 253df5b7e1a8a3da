import { expect, test } from "vitest";
import { configOf, TemplateBench } from "../../../test/support/template-bench.ts";
import { showValue } from "../../hcl/values/show.ts";

const BUILD = `
source "maker" "a" {
  image = "x"
}
build {
  sources = ["source.maker.a"]
}
`;

test("locals are evaluated across files in whatever order they need each other", async () => {
  using bench = new TemplateBench({
    "a.pkr.hcl": `locals {\n  three = local.two + local.one\n}${BUILD}`,
    "b.pkr.hcl": 'locals {\n  two = 2\n}\nlocal "one" {\n  expression = local.two - 1\n}',
    "c.pkr.json": '{ "locals": { "//": "a remark", "json": "${local.three}!" } }',
  });
  const { template, faults } = await bench.check();
  expect(faults).toEqual([]);
  const shown = [...(template?.locals ?? [])].map(([name, value]) => `${name} = ${showValue(value)}`);
  expect(shown).toEqual(["three = 3", "two = 2", "one = 1", "json = 3!"]);
});

test("locals and data sources are one graph, and what is independent is read side by side", async () => {
  using bench = new TemplateBench(`
locals {
  before = "first"
  after  = data.lookup.two.text
}
data "lookup" "two" {
  text = "\${data.lookup.one.text}-second"
}
data "lookup" "one" {
  text = local.before
}
data "lookup" "other" {
  text = "other"
}
source "maker" "a" {
  image = local.after
  texts = data.lookup.other.texts
}
build {
  sources = ["source.maker.a"]
}`);
  const { plan, faults } = await bench.check();
  expect(faults).toEqual([]);
  expect(await configOf(plan?.builds[0]?.builder, bench.host())).toMatchObject({ image: "first-second" });
  expect(bench.reads.slice(0, 2).sort()).toEqual(["begin first", "begin other"]);
  expect(bench.reads.indexOf("begin first-second")).toBeGreaterThan(bench.reads.indexOf("end first"));
});

test("data sources that are not read are unknown, and so is what comes of them", async () => {
  using bench = new TemplateBench(`
data "lookup" "one" {
  text = "x"
}
locals {
  full = "\${data.lookup.one.text}!"
}
source "maker" "a" {
  image = local.full
  text  = "known"
}
build {
  sources = ["source.maker.a"]
}`);
  const { plan, template, faults } = await bench.check({ input: { reading: undefined } });
  expect(faults).toEqual([]);
  expect(bench.reads).toEqual([]);
  expect([...(template?.locals.values() ?? [])].map(showValue)).toEqual(["<unknown>"]);
  expect(await configOf(plan?.builds[0]?.builder, bench.host())).toEqual({ text: "known", tag: [] });
});

test.each<[string, string, string[], string]>([
  [
    "a cycle is reported once, with all its members",
    'locals {\n a = local.b\n b = data.lookup.c.text\n d = local.a\n}\ndata "lookup" "c" {\n text = local.a\n}',
    ["error main.pkr.hcl:2: failed to prepare execution graph"],
    "Cycle: local.a, local.b, data.lookup.c. local.a needs local.b (in main.pkr.hcl, line 2), local.b needs data.lookup.c (in main.pkr.hcl, line 3), data.lookup.c needs local.a (in main.pkr.hcl, line 7).",
  ],
  [
    "what needs itself is no cycle of several",
    "locals {\n a = local.a\n}",
    ["error main.pkr.hcl:2: failed to prepare execution graph"],
    "Self reference: local.a. Its value would have to be known to find its value.",
  ],
  [
    "a missing local is reported where it is used, with a near name",
    "locals {\n name = 1\n b = local.nmae\n c = local.b\n}",
    ["error main.pkr.hcl:3: failed to prepare execution graph"],
    "local.nmae is missing in template: local.b needs it. Did you mean local.name?",
  ],
  [
    "a data source without its type finds the one of that name",
    'locals {\n b = data.thing.text\n}\ndata "lookup" "thing" {\n text = "x"\n}',
    ["error main.pkr.hcl:2: failed to prepare execution graph"],
    "data.thing.text is missing in template: local.b needs it. A data source is named by its type too: did you mean data.lookup.thing?",
  ],
  [
    "all locals at once cannot be used by a local",
    "locals {\n b = keys(local)\n}",
    ["error main.pkr.hcl:2: failed to process local dependency"],
    "Here a local must be named, as in local.NAME: all of them at once cannot be used by a local or a data source.",
  ],
  [
    "a local defined twice",
    'locals {\n a = 1\n}\nlocal "a" {\n expression = 2\n}',
    ["error main.pkr.hcl:4: Duplicate local definition"],
    'The local "a" is already defined in main.pkr.hcl, line 2.',
  ],
  [
    "a local without a value",
    'local "a" {\n sensitive = true\n}',
    ["error main.pkr.hcl:1: Missing required argument"],
    'The argument "expression" is required, and it is not set.',
  ],
  [
    "a faulty local is one fault, whatever comes of it",
    'locals {\n a = 1 + {}\n b = local.a\n c = "${local.b}"\n}',
    ["error main.pkr.hcl:2: Invalid operand"],
    "",
  ],
  [
    "a data source of an unknown type",
    'data "amazon-ami" "a" {\n}\nlocals {\n id = data.amazon-ami.a.id\n}',
    ["error main.pkr.hcl:1: Unknown data type amazon-ami"],
    'The data source "amazon-ami" belongs to the Packer plugin "amazon" (github.com/hashicorp/amazon), and is not one of those that are built in: lookup.',
  ],
  [
    "two data sources of one name",
    'data "lookup" "a" {\n text = "x"\n}\ndata "lookup" "a" {\n text = "y"\n}',
    ["error main.pkr.hcl:4: Duplicate data block"],
    'A data source "lookup.a" is already declared in main.pkr.hcl, line 1. Two of the same type need different names.',
  ],
  [
    "a data source that fails says so in the title",
    'data "lookup" "a" {\n text = "fail"\n}\nlocals {\n b = data.lookup.a.text\n}',
    ["error main.pkr.hcl:1: the service said no"],
    "Reading data.lookup.a failed. Ask again.",
  ],
  [
    "a data source with a fault in its options",
    'data "lookup" "a" {\n txt = "x"\n}',
    ["error main.pkr.hcl:2: Unsupported argument", "error main.pkr.hcl:1: Missing required argument"],
    'There is no argument named "txt" here. Did you mean "text"?',
  ],
])("%s", async (_what, text, faults, detail) => {
  using bench = new TemplateBench(`${text}${BUILD}`);
  const checked = await bench.check();
  expect(checked.faults).toEqual(faults);
  if (detail !== "") expect(checked.diagnostics.all[0]?.detail).toBe(detail);
});
