import { expect, test } from "vitest";
import { configOf, type Given, TemplateBench } from "../../../test/support/template-bench.ts";

const TEMPLATE = `
source "maker" "a" {
  image = path.root
  text  = path.cwd
}
build {
  sources = ["source.maker.a"]
}
`;
const JSON_TEMPLATE = JSON.stringify({
  "//": "a remark",
  variable: { names: { type: "list(string)", default: ["x", "y"] } },
  source: { maker: { a: { image: '${join("-", var.names)}' }, b: { image: "i", tag: [{ key: "k" }] } } },
  build: [
    {
      sources: ["source.maker.a", "source.maker.b"],
      provisioner: [{ helper: { text: "${build.ID}", only: ["maker.a"] } }, { helper: { name: "second" } }],
      "post-processors": [{ "post-processor": [{ finisher: {} }, { finisher: { name: "last" } }] }],
    },
  ],
});

test.each([
  [".", "."],
  ["./", "./"],
  ["main.pkr.hcl", "."],
  ["./main.pkr.hcl", "."],
  ["sub", "sub"],
  ["./sub/main.pkr.hcl", "sub"],
  ["../{here}/sub", "../{here}/sub"],
])("path.root of %s is %s, as it was given", async (path, root) => {
  using bench = new TemplateBench({ "main.pkr.hcl": TEMPLATE, "sub/main.pkr.hcl": TEMPLATE });
  const here = bench.folder.split("/").at(-1) ?? "";
  const { plan, faults } = await bench.check({ path: path.replace("{here}", here) });
  expect(faults).toEqual([]);
  expect(await configOf(plan?.builds[0]?.builder, bench.host())).toMatchObject({
    image: root.replace("{here}", here),
    text: bench.folder,
  });
});

test("a template in HCL's JSON means the same", async () => {
  using bench = new TemplateBench({ "main.pkr.json": JSON_TEMPLATE });
  const { plan, faults } = await bench.check();
  expect(faults).toEqual([]);
  const [a, b] = plan?.builds ?? [];
  expect(await configOf(a?.builder, bench.host())).toMatchObject({ image: "x-y" });
  expect(await configOf(b?.builder, bench.host())).toMatchObject({ tag: [{ key: "k" }] });
  expect(a?.provisioners).toHaveLength(2);
  expect(b?.provisioners.map(({ name }) => name)).toEqual(["second"]);
  expect(a?.postProcessors.map((chain) => chain.length)).toEqual([2]);
});

test.each<[string, string, Given["input"]]>([
  ["HCL", TEMPLATE, {}],
  ["HCL's JSON, where that is asked for", JSON_TEMPLATE, { configType: "hcl2" }],
])("a template of %s comes from standard input", async (_what, text, input) => {
  using bench = new TemplateBench({});
  const { faults, plan } = await bench.check({ path: "-", input: { ...input, standardInput: async () => text } });
  expect(faults).toEqual([]);
  expect(plan?.builds[0]?.name).toBe("maker.a");
});

test.each<[string, Record<string, string>, string, string]>([
  ["a file that is not there", { "a.pkr.hcl": "" }, "b.pkr.hcl", "Template not found: b.pkr.hcl"],
  ["a folder without templates", { "sub/a.pkr.hcl": "", "x.hcl": "" }, ".", "Could not find any config file in ."],
  ["a template of another name", { "a.hcl": TEMPLATE }, "a.hcl", "Unknown kind of template"],
  ["a file of values", { "a.pkrvars.json": "{}" }, "a.pkrvars.json", "Unknown kind of template"],
])("%s", async (_what, files, path, title) => {
  using bench = new TemplateBench(files);
  expect((await bench.check({ path })).faults).toEqual([`error: ${title}`]);
});

test("every syntax fault of every file is reported, and nothing that follows from them", async () => {
  using bench = new TemplateBench({
    "a.pkr.hcl": 'source "maker" "a" {\n  image =\n  text = ]\n}\n',
    "b.pkr.hcl": "build {\n",
  });
  expect((await bench.check()).faults).toEqual([
    "error a.pkr.hcl:2: Invalid expression",
    "error a.pkr.hcl:3: Invalid expression",
    "error b.pkr.hcl:1: Unclosed configuration block",
  ]);
});

test("a folder of several templates says that they are read as one", async () => {
  using bench = new TemplateBench({ "a.pkr.hcl": TEMPLATE, "b.pkr.hcl": TEMPLATE });
  const { diagnostics, faults } = await bench.check();
  expect(faults).toEqual(["error b.pkr.hcl:2: Duplicate source block"]);
  expect(diagnostics.all[0]?.detail).toContain(
    "All files of the folder are read as one template: a.pkr.hcl, b.pkr.hcl.",
  );
});

test("a single file of a folder says which other file declares what it lacks", async () => {
  using bench = new TemplateBench({
    "a.pkr.hcl": `source "maker" "a" {
  image = var.image
}
locals {
  x = local.shared
}
build {
  sources = ["source.maker.a", "source.maker.far"]
}`,
    "b.pkr.hcl": 'variable "image" {}\nlocals {\n  shared = 1\n}',
    "c.pkr.json": '{ "source": { "maker": { "far": {} } } }',
  });
  const { diagnostics, faults } = await bench.check({ path: "a.pkr.hcl" });
  expect(faults).toEqual([
    "error a.pkr.hcl:5: failed to prepare execution graph",
    "error a.pkr.hcl:8: Unknown source maker.far",
    "error a.pkr.hcl:2: Unsupported attribute",
  ]);
  const details = diagnostics.all.map(({ detail }) => detail);
  expect(details[0]).toContain('"shared" is declared in b.pkr.hcl');
  expect(details[1]).toContain('"far" is declared in c.pkr.json');
  expect(details[2]).toMatch(/^The template declares no variable "image"\. "image" is declared in b\.pkr\.hcl/);
});

test("a missing name says what is not declared", async () => {
  using bench = new TemplateBench(`
source "maker" "a" {
  image = "\${var.nobody} \${local.nobody}"
  texts = [data.lookup.nobody.text, data.nothing.at.all]
}
data "lookup" "some" {
  text = "x"
}
build {
  sources = ["source.maker.a"]
}`);
  expect((await bench.check()).diagnostics.all.map(({ detail }) => detail)).toEqual([
    'The template declares no variable "nobody".',
    'The template declares no local "nobody".',
    'The template declares no data source "lookup" "nobody".',
    'The template declares no data source of type "nothing".',
  ]);
});
