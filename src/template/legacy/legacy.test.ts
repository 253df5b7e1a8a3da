import { describe, expect, test } from "vitest";
import { configOf, type Given, TemplateBench } from "../../../test/support/template-bench.ts";
import { describeRange } from "../../hcl/source/describe-range.ts";

const MAKER = { type: "maker", image: "i" };

function check(template: unknown, given: Given & { readonly files?: Readonly<Record<string, string>> } = {}) {
  const text = typeof template === "string" ? template : JSON.stringify(template, null, 2);
  const bench = new TemplateBench({ "t.json": text, ...given.files });
  return bench.check({ path: "t.json", ...given }).finally(() => bench[Symbol.dispose]());
}

async function faultOf(template: unknown, given: Parameters<typeof check>[1] = {}) {
  const { diagnostics } = await check(template, given);
  const [fault] = diagnostics.all;
  if (!fault || diagnostics.all.length > 1) throw new Error(JSON.stringify(diagnostics.all.map((one) => one.summary)));
  const { severity, summary, detail, subject } = fault;
  return { severity, summary, detail, at: subject?.source.text.slice(subject.start, subject.end) };
}

test("a template becomes a plan of one build for each builder", async () => {
  using bench = new TemplateBench({
    "t.json": JSON.stringify({
      variables: { v: "x" },
      builders: [
        { type: "maker", image: "{{build_name}} {{build_type}}", Count: "5", texts: "a,b", on: "t", tag: { key: "k" } },
        { type: "maker", name: "named-{{user `v`}}", image: "{{build_name}}" },
      ],
      provisioners: [
        {
          type: "helper",
          text: "{{build `ID`}} {{user `v`}}",
          pause_before: "1s",
          timeout: "1m",
          max_retries: "{{split `1-2` `-` 1}}",
        },
        { type: "helper", only: ["maker"], override: { maker: { text: "over" } }, text: "under", count: 1 },
        { type: "helper", except: ["maker"] },
      ],
      "error-cleanup-provisioner": { type: "helper", only: ["nobody"], text: "clean" },
      "post-processors": [
        "finisher",
        ["finisher", { type: "finisher", name: "second", keep_input_artifact: true, except: ["maker"] }],
      ],
    }),
  });
  const host = bench.host();
  const { plan, faults } = await bench.check({ path: "t.json" });
  expect(faults).toEqual([]);
  const [one, two] = plan?.builds ?? [];
  expect(plan?.builds.map(({ name, sourceName }) => [name, sourceName])).toEqual([
    ["maker", "maker"],
    ["maker.named-x", "named-x"],
  ]);
  expect(await configOf(one?.builder, host)).toEqual({
    image: "maker maker",
    count: 5,
    texts: ["a", "b"],
    on: true,
    tag: [{ key: "k" }],
  });
  expect(await configOf(two?.builder, host)).toMatchObject({ image: "named-x" });
  expect(one?.provisioners).toMatchObject([{ pauseBefore: 1000, timeout: 60_000, maxRetries: 2 }, { maxRetries: 0 }]);
  expect(await configOf(one?.provisioners[0], host)).not.toHaveProperty("text");
  expect(await configOf(one?.provisioners[0], host, { ID: "c1" })).toMatchObject({ text: "c1 x" });
  expect(await configOf(one?.provisioners[1], host)).toMatchObject({ text: "over", count: 1 });
  expect(two?.provisioners).toHaveLength(2);
  expect(await configOf(two?.errorCleanupProvisioner, host)).toMatchObject({ text: "clean" });
  expect(one?.postProcessors.map((chain) => chain.map(({ name }) => name))).toEqual([["finisher"], ["finisher"]]);
  expect(two?.postProcessors[1]?.[1]).toMatchObject({ name: "second", keepInputArtifact: true });
});

test("a template comes from standard input, too", async () => {
  using bench = new TemplateBench({});
  const standardInput = async () => JSON.stringify({ builders: [MAKER] });
  const { plan, faults } = await bench.check({ path: "-", input: { standardInput } });
  expect([plan?.builds.map(({ name }) => name), faults]).toEqual([["maker"], []]);
});

describe("faults are told at their place", () => {
  test.each<[string, unknown, string, string | undefined]>([
    [
      "a key that is not known",
      { builders: [MAKER], buidlers: [] },
      "Unknown root level key in template: 'buidlers'",
      '"buidlers"',
    ],
    ["no builder", { builders: [] }, "at least one builder must be defined", "[]"],
    ["no type", { builders: [{ Type: "maker" }] }, "builder 1: missing 'type'", '{\n      "Type": "maker"\n    }'],
    [
      "a second of the name",
      { builders: [MAKER, MAKER] },
      "builder 2: builder with name 'maker' already exists",
      '"maker"',
    ],
    ["a number for a variable", { variables: { a: 5 }, builders: [MAKER] }, "variable a: expected type 'string'", "5"],
    [
      "a comment that is none",
      { _c: 5, builders: [MAKER] },
      'Failed to cast root level comment value in comment "_c" to string.',
      "5",
    ],
    ["a list that is none", { builders: MAKER }, "'builders': must be an array", undefined],
    ["a builder that is none", { builders: ["maker"] }, "builder 1: bad format", '"maker"'],
    [
      "a chain in a chain",
      { builders: [MAKER], "post-processors": [[["finisher"]]] },
      "post-processor 1.1: sequence not allowed to be nested in a sequence",
      undefined,
    ],
    [
      "a post-processor without type",
      { builders: [MAKER], "post-processors": [{}] },
      "post-processor 1.1: type is required",
      "{}",
    ],
    [
      "a pause",
      { builders: [MAKER], provisioners: [{ type: "helper", pause_before: "5" }] },
      "provisioner 1: error decoding 'pause_before'",
      '"5"',
    ],
    [
      "a name for only",
      { builders: [MAKER], provisioners: [{ type: "helper", only: ["makr"] }] },
      "provisioner 1: 'only' specified builder 'makr' not found",
      '"makr"',
    ],
    [
      "an override",
      { builders: [MAKER], provisioners: [{ type: "helper", override: { x: {} } }] },
      "provisioner 1: override 'x' doesn't exist",
      '"x"',
    ],
    [
      "a version",
      { min_packer_version: "99.1", builders: [MAKER] },
      "This template requires Packer version 99.1.0 or higher; using 1.16.0",
      '"99.1"',
    ],
    ["a component", { builders: [{ type: "makr" }] }, 'Failed to initialize build "makr"', '"makr"'],
    ["an option", { builders: [{ ...MAKER, txet: 1 }] }, `unknown configuration key: '"txet"'`, "1"],
    [
      "an option of an override",
      { builders: [MAKER], provisioners: [{ type: "helper", override: { maker: { txet: 1 } } }] },
      `unknown configuration key: '"txet"'`,
      "1",
    ],
    ["a wrong value", { builders: [{ ...MAKER, count: "many" }] }, "Incorrect attribute value type", '"many"'],
    [
      "a value that a check refuses",
      { builders: [MAKER], provisioners: [{ type: "helper", text: "bad" }] },
      'Failed to prepare build: "maker"',
      '"bad"',
    ],
    [
      "a missing option",
      { builders: [{ type: "maker" }] },
      "Missing required argument",
      '{\n      "type": "maker"\n    }',
    ],
    ["a template", { builders: [{ ...MAKER, texts: ["a", "{{nope}}"] }] }, "Error in template", '"{{nope}}"'],
    [
      "retries",
      { builders: [MAKER], provisioners: [{ type: "helper", max_retries: "x" }] },
      "`max_retries` must be a valid integer",
      '"x"',
    ],
    [
      "a variable that is not set",
      { variables: { a: null }, builders: [MAKER] },
      "required variable not set: a",
      '"a"',
    ],
    [
      "a function in a variable",
      { variables: { a: "{{nope}}" }, builders: [MAKER] },
      "error interpolating default value for 'a'",
      '"{{nope}}"',
    ],
    [
      "a variable in a variable",
      { variables: { aa: "", b: "{{user `ab`}}" }, builders: [MAKER] },
      'Failed to interpolate "b"',
      '"{{user `ab`}}"',
    ],
  ])("%s", async (_what, template, summary, at) => {
    expect(await faultOf(template)).toMatchObject({ severity: "error", summary, ...(at !== undefined && { at }) });
  });

  test("a duplicate, with the line of the first", async () => {
    expect(
      await faultOf('{\n"builders": [{"type": "maker", "image": "i",\n"tag": {"key": "a",\n"key": "b"}}]}'),
    ).toEqual({
      severity: "error",
      summary: "template has duplicate field: key",
      detail: 'This object has a "key" on line 3 already. Only one of them could count.',
      at: '"key"',
    });
  });

  test("an error of syntax, with line, column and offset", async () => {
    const { diagnostics } = await check('{\n  "builders": [\n    {"type": "null",}\n  ]\n}');
    expect(diagnostics.all).toMatchObject([
      {
        summary: "Error parsing JSON: Trailing comma in object",
        detail: expect.stringMatching(/^At line 3, column 20 \(offset 38\): /),
      },
    ]);
  });

  test("what several builds share is told once", async () => {
    const template = {
      builders: [MAKER, { ...MAKER, name: "two" }],
      provisioners: [{ type: "helpr" }, { type: "helper", foo: 1 }],
      "post-processors": ["finsher"],
    };
    const { faults } = await check(template);
    expect(faults).toHaveLength(3);
  });

  test("an option that is no more sends to `fix`", async () => {
    expect(await faultOf({ builders: [{ ...MAKER, ssh_key_path: "x" }] })).toMatchObject({
      summary: "Deprecated configuration key: 'ssh_key_path'",
      detail: expect.stringContaining("ingot fix t.json"),
    });
  });
});

describe("variables", () => {
  const BUILDERS = [{ type: "maker", image: "{{user `a`}}" }];

  async function imageOf(template: unknown, given: Parameters<typeof check>[1] = {}) {
    const { plan, faults } = await check(template, given);
    using bench = new TemplateBench({});
    return [
      ...faults,
      await configOf(plan?.builds[0]?.builder, bench.host()).then((config) => (config as { image: string }).image),
    ];
  }

  test("later values win: default, files in order, arguments", async () => {
    const template = { variables: { a: "default" }, builders: BUILDERS };
    const files = { "1.json": '{"a": "one"}', "2.json": '{"a": "two", "b": null}' };
    const varFiles = ["1.json", "2.json"];
    expect(await imageOf(template)).toEqual(["default"]);
    expect(await imageOf(template, { files, varFiles })).toEqual(["two"]);
    expect(await imageOf(template, { files, varFiles, vars: ["a=x=y", "a=three=3"] })).toEqual(["three=3"]);
  });

  test("one may use others in any order, and the environment; what is given may, too", async () => {
    const variables = { a: "{{user `z`}}!", z: "{{user `m`}}-{{env `INGOT_TEST`}}", m: "{{user `b`}}", b: "b" };
    const given = { environment: { INGOT_TEST: "e" } };
    expect(await imageOf({ variables, builders: BUILDERS }, given)).toEqual(["b-e!"]);
    expect(await imageOf({ variables, builders: BUILDERS }, { ...given, vars: ["m={{upper `x`}}"] })).toEqual(["X-e!"]);
  });

  test("a chain of hundreds is resolved", async () => {
    const chain = Array.from({ length: 300 }, (_, index) => [`v${index}`, `{{user \`v${index + 1}\`}}`] as const);
    const variables = { ...Object.fromEntries(chain), v300: "end", a: "{{user `v0`}}" };
    expect(await imageOf({ variables, builders: BUILDERS })).toEqual(["end"]);
  });

  test("what a circle is made of is told of each of its variables", async () => {
    const { diagnostics } = await check({
      variables: { a: "{{user `b`}}", b: "{{user `a`}}", c: "" },
      builders: [MAKER],
    });
    expect(diagnostics.all.map(({ summary, detail }) => [summary, detail.slice(0, 16)])).toEqual([
      ['Failed to interpolate "a"', 'It waits for "b"'],
      ['Failed to interpolate "b"', 'It waits for "a"'],
    ]);
  });

  test("one that is not declared is empty, with a warning", async () => {
    expect(await faultOf({ variables: { apple: "" }, builders: [{ ...MAKER, text: "x {{ user `aple` }}" }] })).toEqual({
      severity: "warning",
      summary: 'Undefined user variable "aple"',
      detail: 'No variable has this name, so {{user `aple`}} is an empty text. Did you mean "apple"?',
      at: '"x {{ user `aple` }}"',
    });
    expect((await check({ builders: BUILDERS }, { vars: ["a=i"] })).faults).toEqual([]);
  });

  test("sensitive ones are secrets wherever they come from", async () => {
    const template = {
      variables: { a: "{{user `b`}}!", b: "x" },
      "sensitive-variables": ["a", "nobody"],
      builders: BUILDERS,
    };
    expect((await check(template, { vars: ["b=hush"] })).secrets).toEqual(["hush!"]);
    const { template: loaded } = await check(template);
    expect(loaded?.variables.get("a")?.place).toBeUndefined();
  });

  test.each([
    ['{"a": 1}', "Error reading variables in 'v.json'"],
    ["x", "Error parsing JSON: Invalid JSON keyword"],
    ["[]", "Error reading variables in 'v.json'"],
    ['{"a": "1", "a": "2"}', "template has duplicate field: a"],
  ])("the file %s is refused", async (text, summary) => {
    const given = { files: { "v.json": text }, varFiles: ["v.json"] };
    expect(await faultOf({ builders: [MAKER] }, given)).toMatchObject({ summary });
  });

  test("without values needed, none is missed", async () => {
    const given = { input: { requireValues: false } };
    expect((await check({ variables: { a: null }, builders: [MAKER] }, given)).faults).toEqual([]);
  });
});

describe("-only and -except", () => {
  const template = {
    variables: { v: "x" },
    builders: [MAKER, { ...MAKER, name: "b-{{user `v`}}" }],
    "post-processors": [["finisher", { type: "finisher", name: "cut" }, "finisher"]],
  };
  const names = async (given: Given) => {
    const { plan, faults } = await check(template, given);
    return [...(plan?.builds.map(({ name }) => name) ?? []), ...faults];
  };

  test("they name builds as rendered, and are no patterns", async () => {
    expect(await names({ only: ["b-x"] })).toEqual(["maker.b-x"]);
    expect(await names({ except: ["maker"] })).toEqual(["maker.b-x"]);
    expect(await names({ only: ["maker", "b-*"] })).toEqual(["maker", "warning: -only=b-* matches nothing"]);
    expect(await names({ only: ["nobody"] })).toEqual([
      "warning: -only=nobody matches nothing",
      "error: No builds to run",
    ]);
  });

  test("-except of a post-processor cuts its chain", async () => {
    const { plan, faults } = await check(template, { except: ["cut"] });
    expect(faults).toEqual([]);
    expect(plan?.builds[0]?.postProcessors).toMatchObject([[{ name: "finisher" }]]);
    expect((await check(template, { except: ["finisher"] })).plan?.builds[0]?.postProcessors).toEqual([]);
  });
});

test("names that every object of JavaScript has mean nothing special", async () => {
  const text = `{
    "variables": {"constructor": null, "__proto__": "p", "a": "{{user \`__proto__\`}}"},
    "builders": [{"type": "maker", "image": "{{user \`toString\`}}i", "valueOf": 1, "__proto__": 2}, {"type": "constructor"}]
  }`;
  const { diagnostics } = await check(text);
  expect(diagnostics.all.map(({ summary }) => summary)).toEqual([
    "required variable not set: constructor",
    'Undefined user variable "toString"',
  ]);
  const { faults } = await check(text, { vars: ["constructor=c"] });
  expect(faults).toEqual([
    'warning t.json:3: Undefined user variable "toString"',
    'error t.json:3: Failed to initialize build "constructor"',
    `error t.json:3: unknown configuration key: '"__proto__"'`,
    `error t.json:3: unknown configuration key: '"valueOf"'`,
  ]);
});

test("builders whose rendered names are the same are both built, with a warning", async () => {
  const template = {
    variables: { v: "x" },
    builders: [
      { ...MAKER, name: "x" },
      { ...MAKER, name: "{{user `v`}}" },
    ],
  };
  const { plan, faults } = await check(template);
  expect(plan?.builds).toHaveLength(2);
  expect(faults).toEqual(['warning t.json:14: Two builders are called "x"']);
});

test("places are those of the file", async () => {
  const { plan } = await check({ builders: [MAKER], provisioners: [{ type: "helper" }] });
  const range = plan?.builds[0]?.provisioners[0]?.range;
  expect(range && describeRange(range)).toMatchObject({ file: "t.json", start: { line: 10, column: 15 } });
});
