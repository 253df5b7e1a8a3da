import { describe, expect, test } from "vitest";
import { type Given, TemplateBench } from "../../../test/support/template-bench.ts";
import { showValue } from "../../hcl/values/show.ts";

const BUILD = `
source "maker" "a" {
  image = "x"
}
build {
  sources = ["source.maker.a"]
}
`;

async function shownValue(declaration: string, given: Given, files: Record<string, string> = {}): Promise<string> {
  using bench = new TemplateBench({ "main.pkr.hcl": `${declaration}${BUILD}`, ...files });
  const { template, faults } = await bench.check(given);
  expect(faults).toEqual([]);
  const [variable] = template?.variables.values() ?? [];
  return variable ? showValue(variable.value) : "none";
}

async function faultsOf(template: string, given: Given = {}, files: Record<string, string> = {}): Promise<string[]> {
  using bench = new TemplateBench({ "main.pkr.hcl": `${template}${BUILD}`, ...files });
  return [...(await bench.check(given)).faults];
}

describe("later values win", () => {
  const declaration = 'variable "v" { default = "default" }';
  const files = {
    "b.auto.pkrvars.hcl": 'v = "auto b"',
    "a.auto.pkrvars.hcl": 'v = "auto a"',
    "z.auto.pkrvars.json": '{ "v": "auto json" }',
    "one.pkrvars.hcl": 'v = "one"',
    "two.json": '{ "v": "two", "//": "a remark" }',
  };
  const environment = { PKR_VAR_v: "env" };

  test.each<[string, string, Given, Record<string, string>]>([
    ["the default, where there is nothing else", "default", {}, {}],
    ["the environment", "env", { environment }, {}],
    ["the folder's own files by name, JSON last", "auto json", { environment }, files],
    ["files of the command line in their order", "two", { varFiles: ["one.pkrvars.hcl", "two.json"] }, files],
    ["and the other way round", "one", { varFiles: ["two.json", "one.pkrvars.hcl"] }, files],
    ["the last -var, before any file", "c=d", { vars: ["v=b", "v=c=d"], varFiles: ["two.json"], environment }, files],
    ["no own files of the folder for a single file", "env", { path: "main.pkr.hcl", environment }, files],
  ])("%s", async (_what, expected, given, besides) => {
    using bench = new TemplateBench({ "main.pkr.hcl": `${declaration}${BUILD}`, ...besides });
    const { template } = await bench.check(given);
    expect(template?.variables.get("v")?.value.data).toBe(expected);
  });
});

test.each([
  ["type = string", '["a"]', '["a"]'],
  ["type = number", "5.50", "5.5"],
  ["type = bool", "true", "true"],
  ["type = list(string)", '["a", 1]', '[\n  "a",\n  "1",\n]'],
  ["type = map(number)", '{a = "1"}', '{\n  "a" = 1\n}'],
  ["type = any", "[1]", "[1]"],
  ["", "[1]", "[1]"],
  ["default = {}", "{}", "{}"],
  ["default = [1]", '["2"]', "[\n  2,\n]"],
  ["type = object({ a = string, b = optional(number, 7) })", '{a = "x"}', '{\n  "a" = "x"\n  "b" = 7\n}'],
])("a variable with %s reads %s from a flag as %s", async (attributes, text, expected) => {
  const declaration = `variable "v" {\n${attributes}\n}`;
  expect(await shownValue(declaration, { vars: [`v=${text}`] })).toBe(expected);
  expect(await shownValue(declaration, { environment: { PKR_VAR_v: text } })).toBe(expected);
});

test("env() works in defaults, and an unset one is empty text", async () => {
  const declaration = 'variable "v" {\ndefault = "[${env("SOME")}${env("NONE")}]"\n}';
  expect(await shownValue(declaration, { environment: { SOME: "thing" } })).toBe("[thing]");
});

test("a default of null is a value", async () => {
  expect(await shownValue('variable "v" {\ntype = string\ndefault = null\n}', {})).toBe("null");
});

test.each<[string, string, Given, string[]]>([
  [
    "declared twice",
    'variable "a" { default = 1 }\nvariables { a = 2 }',
    {},
    ["error main.pkr.hcl:2: Duplicate variable"],
  ],
  ["without a value", 'variable "a" {}', {}, ['error main.pkr.hcl:1: Unset variable "a"']],
  [
    "with a misfit for a default",
    'variable "a" {\ntype = number\ndefault = "x"\n}',
    {},
    ["error main.pkr.hcl:3: Invalid default value for variable"],
  ],
  [
    "with a misfit in the environment",
    'variable "a" { type = number }',
    { environment: { PKR_VAR_a: "x" } },
    ["error the environment variable PKR_VAR_a:1: Invalid value for variable"],
  ],
  [
    "with a misfit in -var",
    'variable "a" { type = list(number) }',
    { vars: ['a=["x"]'] },
    ["error -var a:1: Invalid argument value for -var variable"],
  ],
  [
    "with a misfit that a better value replaces",
    'variable "a" { type = number }',
    { environment: { PKR_VAR_a: "x" }, vars: ["a=1"] },
    ["error the environment variable PKR_VAR_a:1: Invalid value for variable"],
  ],
  ["given but not declared", "", { vars: ["b=1"] }, ["error: Undefined -var variable"]],
  ["in the environment but not declared", "", { environment: { PKR_VAR_b: "1" } }, []],
  ["given without a value", "", { vars: ["b"] }, ["error: Invalid -var argument"]],
  ["with a bad name", 'variable "a b" { default = 1 }', {}, ["error main.pkr.hcl:1: Invalid variable name"]],
  ["with a misspelt argument", 'variable "a" { defualt = 1 }', {}, ["error main.pkr.hcl:1: Unsupported argument"]],
  [
    "whose default refers to another",
    'variable "a" { default = var.b }',
    {},
    ["error main.pkr.hcl:1: Variables not allowed"],
  ],
  [
    "whose default calls a function",
    'variable "a" { default = upper("x") }',
    {},
    ["error main.pkr.hcl:1: Call to unknown function"],
  ],
  [
    "of a bare collection type",
    'variable "a" {\ntype = list\ndefault = []\n}',
    {},
    ["error main.pkr.hcl:2: Invalid type specification"],
  ],
])("a variable %s", async (_what, template, given, expected) => {
  expect(await faultsOf(template, given)).toEqual(expected);
});

test.each<[string, Given, Record<string, string>, string[]]>([
  ["of an unknown kind", { varFiles: ["x.txt"] }, { "x.txt": "" }, ["error: Could not guess format of x.txt"]],
  ["that is not there", { varFiles: ["x.hcl"] }, {}, ["error: Cannot read the variable file x.hcl"]],
  [
    "that declares",
    { varFiles: ["x.hcl"] },
    { "x.hcl": 'variable "a" {}' },
    ["error x.hcl:1: Variable declaration in a .pkrvar file"],
  ],
  ["with an undeclared name", { varFiles: ["x.hcl"] }, { "x.hcl": "b = 1" }, []],
  [
    "with an undeclared name, where that is worth a warning",
    { varFiles: ["x.hcl"], warnOnUndeclared: true },
    { "x.hcl": "b = 1" },
    ["warning x.hcl:1: Undefined variable"],
  ],
  [
    "that calls a function",
    { varFiles: ["x.hcl"] },
    { "x.hcl": 'a = upper("x")' },
    ["error x.hcl:1: Function calls not allowed"],
  ],
  [
    "with a misfit",
    { varFiles: ["x.json"] },
    { "x.json": '{"n": "x"}' },
    ["error x.json:1: Invalid value for variable"],
  ],
])("a variable file %s", async (_what, given, files, expected) => {
  const template = 'variable "a" { default = 1 }\nvariable "n" {\ntype = number\ndefault = 1\n}';
  expect(await faultsOf(template, given, files)).toEqual(expected);
});

function validated(condition: string, message = "Too small."): string {
  return `variable "a" {\ndefault = 3\nvalidation {\ncondition = ${condition}\nerror_message = "${message}"\n}\n}`;
}

test.each<[string, string, Given, string[]]>([
  ["that holds", validated("var.a >= 3"), {}, []],
  [
    "that fails for the default",
    validated("var.a > 3"),
    {},
    ["error main.pkr.hcl:2: Invalid value for default variable"],
  ],
  [
    "that fails for -var",
    validated("var.a > 3"),
    { vars: ["a=1"] },
    ["error -var a:1: Invalid value for cmd variable"],
  ],
  ["that only the winning value meets", validated("var.a > 3"), { vars: ["a=4"] }, []],
  [
    "that calls a function",
    validated("contains([1, 2], var.a)"),
    {},
    ["error main.pkr.hcl:2: Invalid value for default variable"],
  ],
  ["of null", validated("var.a == 3 ? null : true"), {}, ["error main.pkr.hcl:4: Invalid variable validation result"]],
  ["of no truth", validated('"${var.a}x"'), {}, ["error main.pkr.hcl:4: Invalid variable validation result"]],
  ["about another", validated("var.b"), {}, ["error main.pkr.hcl:4: Invalid reference in variable validation"]],
  ["about nothing", validated("true"), {}, ["error main.pkr.hcl:4: Invalid variable validation condition"]],
  [
    "with a small letter",
    validated("var.a == 3", "bad."),
    {},
    ["error main.pkr.hcl:5: Invalid validation error message"],
  ],
  ["with no end", validated("var.a == 3", "Bad"), {}, ["error main.pkr.hcl:5: Invalid validation error message"]],
])("a validation %s", async (_what, template, given, expected) => {
  expect(await faultsOf(template, given)).toEqual(expected);
});

test("what comes of a sensitive variable is a secret, and no message shows it", async () => {
  using bench = new TemplateBench(`
variable "password" {
  sensitive = true
  default   = "hunter22"
}
variable "pin" {
  sensitive = true
  type      = number
}
variable "plain" {
  default = "open"
}
locals {
  derived = upper("\${var.password}!")
  open    = "\${var.plain}!"
}
local "marked" {
  expression = "door \${var.plain}"
  sensitive  = true
}
${BUILD}`);
  const { template, secrets, diagnostics } = await bench.check({ vars: ["pin=12ab34"] });
  expect(secrets).toContain("hunter22");
  expect(secrets).toContain("HUNTER22!");
  expect(secrets).toContain("door open");
  expect(secrets).not.toContain("open!");
  expect(JSON.stringify(diagnostics.all)).not.toContain("12ab34");
  expect(template?.variables.get("password")?.place).toBeUndefined();
});

test("without need for values a missing one is unknown, and no fault", async () => {
  using bench = new TemplateBench(`variable "a" { type = string }\nlocals { b = "\${var.a}!" }${BUILD}`);
  const { template, faults } = await bench.check({ input: { requireValues: false } });
  expect(faults).toEqual([]);
  expect([...(template?.locals.values() ?? [])].map(showValue)).toEqual(["<unknown>"]);
});

test("a single file says which file of its folder would have set a variable, and warns where a default won", async () => {
  using bench = new TemplateBench({
    "a.pkr.hcl": `variable "x" {}\nvariable "y" { default = 1 }\nvariable "z" { default = 1 }${BUILD}`,
    "c.auto.pkrvars.hcl": 'x = 1\ny = "2"\nz = 3',
  });
  const { diagnostics, faults } = await bench.check({ path: "a.pkr.hcl", vars: ["z=4"] });
  expect(faults).toEqual([
    'error a.pkr.hcl:1: Unset variable "x"',
    "warning: Variable file not loaded: c.auto.pkrvars.hcl",
  ]);
  expect(diagnostics.all[0]?.detail).toContain("c.auto.pkrvars.hcl would set it");
  expect(diagnostics.all[1]?.detail).toContain('So "y" has its default value.');
});
