import { describe, expect, expectTypeOf, test } from "vitest";
import { expandDynamicBlocks } from "../hcl/evaluation/dynamic-blocks.ts";
import { evaluate } from "../hcl/evaluation/evaluate.ts";
import type { Scope } from "../hcl/evaluation/scope.ts";
import { parseJsonFile } from "../hcl/json/parse-json-file.ts";
import { Diagnostics } from "../hcl/source/diagnostic.ts";
import type { Range } from "../hcl/source/source.ts";
import { nativeBody } from "../hcl/syntax/native-body.ts";
import { parseExpression, parseFile } from "../hcl/syntax/parse.ts";
import { fromPlain, type PlainData, toPlain } from "../hcl/values/plain.ts";
import { objectValue, sensitive, stringValue, UNKNOWN_VALUE, type Value } from "../hcl/values/value.ts";
import { type DecodeContext, decodeFields, decodeValue, type Layer } from "./decode.ts";
import type { Config, Fields } from "./field.ts";
import {
  any,
  block,
  blocks,
  boolean,
  duration,
  integer,
  list,
  map,
  number,
  string,
  stringList,
  stringMap,
} from "./fields.ts";
import { renderTemplate, templateFault } from "./go-template/render-template.ts";

const fields = {
  image: string("…", { required: true }),
  author: string("…"),
  mode: string("…", { oneOf: ["fast", "safe"], default: "safe" }),
  command: string("…", { templating: "later" }),
  token: string("…", { sensitive: true }),
  old: string("…", { deprecated: 'Use "image".' }),
  pull: boolean("…", { default: true }),
  keep: boolean("…"),
  cpus: integer("…"),
  ratio: number("…"),
  timeout: duration("…", { default: 300_000 }),
  exit_codes: list("…", "integer", { default: [0] }),
  arguments: list("…", { list: "text" }),
  changes: stringList("…"),
  env: stringMap("…"),
  sizes: map("…", "integer"),
  custom: any("…"),
  login: block("…", { username: string("…", { required: true }), port: integer("…", { default: 22 }) }),
  mount: blocks("…", { from: string("…", { required: true }), read_only: boolean("…") }, { most: 2 }),
};

const scope: Scope = {
  variables: new Map<string, Value>([
    ["secret", sensitive(stringValue("s3cret"))],
    ["secrets", sensitive(fromPlain({ a: "in a map", b: 5 }))],
    ["later", UNKNOWN_VALUE],
    ["nothing", fromPlain(null)],
  ]),
  functions: new Map(),
};

interface Outcome<F extends Fields> {
  readonly config: Record<string, unknown>;
  readonly decoded: ReturnType<typeof decodeFields<F>>;
  /** `severity summary: detail @ text of the subject`. */
  readonly faults: readonly string[];
  readonly secrets: readonly string[];
}

function decode(...layers: readonly (string | PlainData | Value | Layer)[]): Outcome<typeof fields> {
  return decodeWith(fields, ...layers);
}

/** A text is a body, written in HCL; plain data a value layer. */
function decodeWith<F extends Fields>(of: F, ...layers: readonly (string | PlainData | Value | Layer)[]): Outcome<F> {
  const diagnostics = new Diagnostics();
  const secrets: string[] = [];
  const context: DecodeContext = {
    scope,
    interpolate: (text) => renderTemplate(text, { Name: "web", Secret: "s3cret" }, new Map()),
    secret: (text) => secrets.push(text),
  };
  const decoded = decodeFields(
    layers.map((layer) => layerOf(layer, diagnostics)),
    of,
    context,
    diagnostics,
  );
  const faults = diagnostics.all.map(
    ({ severity, summary, detail, subject }) => `${severity} ${summary}: ${detail} @ ${textOf(subject)}`,
  );
  return { config: plainConfig(decoded.config) as Record<string, unknown>, decoded, faults, secrets };
}

function layerOf(layer: string | PlainData | Value | Layer, diagnostics: Diagnostics): Layer {
  if (typeof layer === "string") {
    return nativeBody(parseFile({ name: "test.pkr.hcl", text: layer }, diagnostics));
  }
  if (isLayer(layer)) return layer;
  const source = { name: "override", text: "<override>" };
  const value = isValue(layer) ? layer : fromPlain(layer);
  return { value, range: { source, start: 0, end: source.text.length } };
}

function isLayer(layer: PlainData | Value | Layer): layer is Layer {
  return typeof layer === "object" && layer !== null && ("content" in layer || "range" in layer);
}

function isValue(layer: PlainData | Value | Layer): layer is Value {
  return typeof layer === "object" && layer !== null && "marks" in layer;
}

/** Values of the language as plain data, to compare with. */
function plainConfig(config: unknown): unknown {
  if (Array.isArray(config)) return config.map(plainConfig);
  if (typeof config !== "object" || config === null) return config;
  if ("marks" in config) return toPlain(config as Value);
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, plainConfig(value)]));
}

function textOf(range: Range | undefined): string {
  return range ? range.source.text.slice(range.start, range.end) : "nowhere";
}

const DEFAULTS = { mode: "safe", pull: true, timeout: 300_000, exit_codes: [0], mount: [] };

describe("a body", () => {
  test("decodes to the configuration, with HCL's conversions and the defaults", () => {
    const { config, faults, decoded } = decode(`
      image      = "debian"
      author     = 5
      pull       = "false"
      cpus       = "4"
      ratio      = 1.5
      timeout    = "1h5m3.5s"
      exit_codes = ["0", 3]
      arguments  = [["-m", 512], []]
      changes    = ["USER \${"www"}"]
      env        = { A = "b", C = true }
      sizes      = { big = 5 }
      custom     = { deep = [1, "{{.Name}}"] }
      login { username = "me" }
      mount { from = "/a" }
      mount {
        from      = "/b"
        read_only = true
      }
    `);
    expect(faults).toEqual([]);
    expect(decoded.complete).toBe(true);
    expect(config).toEqual({
      image: "debian",
      author: "5",
      mode: "safe",
      pull: false,
      cpus: 4,
      ratio: 1.5,
      timeout: 3_903_500,
      exit_codes: [0, 3],
      arguments: [["-m", "512"], []],
      changes: ["USER www"],
      env: { A: "b", C: "true" },
      sizes: { big: 5 },
      custom: { deep: [1, "web"] },
      login: { username: "me", port: 22 },
      mount: [{ from: "/a" }, { from: "/b", read_only: true }],
    });
  });

  test("counts null and empty text as not set", () => {
    const { config, faults, decoded } = decode(
      'image = "x"\nmode = ""\nauthor = var_null\npull = nothing\ncpus = nothing'.replace("var_null", "nothing"),
    );
    expect(faults).toEqual([]);
    expect(config).toEqual({ ...DEFAULTS, image: "x" });
    expect(decoded.written.has("mode")).toBe(false);
  });

  test.each([
    ['author = "me"', 'error Missing required argument: The argument "image" is required, and it is not set. @ '],
    [
      'image = ""',
      'error Missing required argument: The argument "image" is required, but its value is null or empty. @ ""',
    ],
    [
      "image = nothing",
      'error Missing required argument: The argument "image" is required, but its value is null or empty. @ nothing',
    ],
    [
      'image = ["x"]',
      'error Incorrect attribute value type: Inappropriate value for attribute "image": a string is required, not a tuple. @ ["x"]',
    ],
    [
      'image = "x"\ncpus = "many"',
      'error Incorrect attribute value type: Inappropriate value for attribute "cpus": a number is required. @ "many"',
    ],
    [
      'image = "x"\ncpus = 1.5',
      'error Incorrect attribute value type: Inappropriate value for attribute "cpus": a whole number is required. @ 1.5',
    ],
    [
      'image = "x"\npull = "yes"',
      'error Incorrect attribute value type: Inappropriate value for attribute "pull": a bool is required. @ "yes"',
    ],
    [
      'image = "x"\nchanges = "USER me"',
      'error Incorrect attribute value type: Inappropriate value for attribute "changes": a list is required, not a string. @ "USER me"',
    ],
    [
      'image = "x"\nchanges = ["a", {}]',
      'error Incorrect attribute value type: Inappropriate value for "changes[1]": a string is required, not an object. @ {}',
    ],
    [
      'image = "x"\nenv = { A = [] }',
      'error Incorrect attribute value type: Inappropriate value for "env.A": a string is required, not a tuple. @ []',
    ],
    [
      'image = "x"\nenv = ["A"]',
      'error Incorrect attribute value type: Inappropriate value for attribute "env": a map is required, not a tuple. @ ["A"]',
    ],
    [
      'image = "x"\ntimeout = 5',
      'error Failed to parse timeout duration: time: missing unit in duration "5". A duration is written with units, such as "90s", "5m" or "1h30m". @ 5',
    ],
    [
      'image = "x"\nmode = "save"',
      'error Invalid value for "mode": "save" is not one of "fast", "safe". Did you mean "safe"? @ "save"',
    ],
    ['image = "x"\nold = "y"', 'warning Deprecated argument "old": Use "image". @ old'],
    [
      'image = "x"\nchange = []',
      'error Unsupported argument: There is no argument named "change" here. Did you mean "changes"? @ change',
    ],
    [
      'image = "x"\nlogn {}',
      'error Unsupported block type: There is no block of type "logn" here. Did you mean "login"? @ logn',
    ],
    [
      'image = "x"\nenv { A = "b" }',
      'error Unsupported block type: There is no block of type "env" here. Did you mean to define argument "env"? If so, use the equals sign to assign it a value. @ env',
    ],
    [
      'image = "x"\nlogin {}',
      'error Missing required argument: The argument "username" is required, and it is not set. @ {',
    ],
    [
      'image = "x"\nlogin { username = "a" }\nlogin { username = "b" }',
      'error Duplicate login block: Only one block of type "login" is allowed. @ login',
    ],
    [
      'image = "x"\nmount { from = "a" }\nmount { from = "b" }\nmount { from = "c" }',
      'error Too many mount blocks: No more than 2 "mount" blocks are allowed. @ mount',
    ],
    [
      'image = "{{.Name"',
      'error Error in template: The {{ … }} template in "image" cannot be rendered: template: root:1: unclosed action. @ "{{.Name"',
    ],
  ])("%s: the fault is at its place", (text, fault) => {
    const { faults, decoded } = decode(text);
    expect(faults).toEqual([fault]);
    expect(decoded.complete).toBe(fault.startsWith("warning"));
  });

  test("reports all faults at once, and what is faulty is missing", () => {
    const { faults, config, decoded } = decode(
      'image = "x"\ncpus = "a"\nratio = "b"\nexit_codes = ["c", 1, "d"]\nmount { from = [] }',
    );
    expect(faults).toHaveLength(5);
    expect(config).toEqual({ mode: "safe", pull: true, timeout: 300_000, image: "x", mount: [{}] });
    expect([...decoded.unknown]).toEqual(["cpus", "ratio", "exit_codes", "mount[0].from"]);
  });

  test("takes a block that is written as an attribute", () => {
    const { config, faults } = decode(
      'image = "x"\nlogin = { username = "me", port = "2222" }\nmount = [{ from = "/a" }, { from = "/b" }]',
    );
    expect(faults).toEqual([]);
    expect(config).toEqual({
      ...DEFAULTS,
      image: "x",
      login: { username: "me", port: 2222 },
      mount: [{ from: "/a" }, { from: "/b" }],
    });
    expect(decode('image = "x"\nmount { from = "/a" }\nmount = { from = "/b" }').config).toMatchObject({
      mount: [{ from: "/a" }, { from: "/b" }],
    });
  });

  test("leaves out what is unknown, and says so", () => {
    const { config, faults, decoded } = decode(
      'image = later\nchanges = ["a", later]\nlogin { username = "x-${later}" }\ncustom = { a = later }',
    );
    expect(faults).toEqual([]);
    expect(config).toEqual({ ...DEFAULTS, login: { port: 22 } });
    expect(decoded.complete).toBe(false);
    expect([...decoded.unknown]).toEqual(["image", "changes", "custom", "login.username"]);
    expect(decoded.written.has("image")).toBe(true);
  });

  test("knows where each option and item was written", () => {
    const { decoded } = decode(
      'image = "x"\nchanges = ["one", "two"]\nenv = { A = "b" }\nlogin { username = "me" }\nmount { from = "/a" }',
    );
    expect([...decoded.written].map(([path, range]) => `${path}: ${textOf(range)}`)).toEqual([
      'image: "x"',
      'changes: ["one", "two"]',
      'changes[0]: "one"',
      'changes[1]: "two"',
      'env: { A = "b" }',
      'env.A: "b"',
      "login: login",
      'login.username: "me"',
      "mount: mount",
      "mount[0]: mount",
      'mount[0].from: "/a"',
    ]);
  });
});

test("a faulty expression is reported once, and its option is open", () => {
  const { faults, decoded } = decode("image = nope\ncpus = 2");
  expect(faults).toHaveLength(1);
  expect(faults[0]).toMatch(/^error Unknown variable: .* @ nope$/);
  expect([...decoded.unknown]).toEqual(["image"]);
  expect(decoded.config.cpus).toBe(2);
});

describe("dynamic blocks", () => {
  const expanded = (text: string) =>
    expandDynamicBlocks(nativeBody(parseFile({ name: "x", text }, new Diagnostics())), scope);

  test("are decoded with their iterator", () => {
    const { config, faults } = decode(
      expanded(`
        image = "x"
        dynamic "mount" {
          for_each = ["/a", "/b"]
          content {
            from      = mount.value
            read_only = mount.key == 1
          }
        }`),
    );
    expect(faults).toEqual([]);
    expect(config).toMatchObject({
      mount: [
        { from: "/a", read_only: false },
        { from: "/b", read_only: true },
      ],
    });
  });

  test("of unknown number leave the option open", () => {
    const { config, faults, decoded } = decode(
      expanded('image = "x"\ndynamic "mount" {\n for_each = later\n content {\n from = mount.value\n }\n}'),
    );
    expect(faults).toEqual([]);
    expect(config).not.toHaveProperty("mount");
    expect([...decoded.unknown]).toEqual(["mount"]);
  });
});

test("a body of HCL JSON is decoded alike", () => {
  const diagnostics = new Diagnostics();
  const text = `{
    "image": "x-\${secret}", "cpus": "4", "env": { "A": 1 }, "//": "a comment",
    "login": { "username": "me" },
    "mount": [{ "from": "/a" }, { "from": "{{.Name}}", "read_only": "maybe" }]
  }`;
  const { config, faults, secrets } = decode(parseJsonFile({ name: "x.pkr.json", text }, diagnostics));
  expect(diagnostics.all).toEqual([]);
  expect(config).toMatchObject({ image: "x-s3cret", cpus: 4, env: { A: "1" }, login: { username: "me", port: 22 } });
  expect(config.mount).toEqual([{ from: "/a" }, { from: "web" }]);
  expect(secrets).toEqual(["x-s3cret"]);
  expect(faults).toEqual([
    'error Incorrect attribute value type: Inappropriate value for attribute "read_only": a bool is required. @ "maybe"',
  ]);
});

describe("text options", () => {
  test("are rendered as templates, but for those that the component renders itself", () => {
    const { config } = decode('image = "a-{{.Name}}"\ncommand = "run {{.Path}}"\nenv = { "{{.Name}}" = "{{.Name}}" }');
    expect(config).toMatchObject({ image: "a-web", command: "run {{.Path}}", env: { web: "web" } });
  });

  test("report every secret, as written and as rendered", () => {
    const { secrets, config } = decode(
      'image = "x-${secret}"\ntoken = "t-{{.Name}}"\nenv = secrets\nchanges = ["plain", secret]\nlogin { username = secret }\ncustom = { a = secret }',
    );
    expect(config).toMatchObject({ image: "x-s3cret", token: "t-web", env: { a: "in a map", b: "5" } });
    expect(secrets).toEqual(["x-s3cret", "t-{{.Name}}", "t-web", "s3cret", "in a map", "5", "s3cret", "s3cret"]);
  });
});

test("a text that the component renders itself is checked all the same", () => {
  const diagnostics = new Diagnostics();
  const context: DecodeContext = {
    scope,
    interpolate: () => ({ error: "not to be rendered here" }),
    checkTemplate: (text) => templateFault(text, new Map()),
    secret: () => {},
  };
  const body = nativeBody(parseFile({ name: "x", text: 'command = "{{.Path}} {{nope}}"' }, diagnostics));
  const decoded = decodeFields(body, { command: fields.command }, context, diagnostics);
  expect(decoded.config).toEqual({});
  expect(diagnostics.all.map(({ detail }) => detail)).toEqual([
    'The {{ … }} template in "command" cannot be rendered: template: root:1: function "nope" not defined.',
  ]);
});

describe("a value", () => {
  test("is decoded with Packer's loose typing", () => {
    const { config, faults } = decode({
      image: 5,
      author: true,
      pull: "f",
      keep: 1,
      cpus: "0x10",
      ratio: "1.5",
      timeout: "10s",
      exit_codes: "0,2",
      arguments: [["a"], "b,c"],
      changes: "{{.Name}},x",
      env: [{ A: 1 }, { B: "{{.Name}}" }],
      sizes: {},
      login: { username: "me", port: "23" },
      mount: { from: "/a" },
    });
    expect(faults).toEqual([]);
    expect(config).toEqual({
      image: "5",
      author: "1",
      mode: "safe",
      pull: false,
      keep: true,
      cpus: 16,
      ratio: 1.5,
      timeout: 10_000,
      exit_codes: [0, 2],
      arguments: [["a"], ["b", "c"]],
      changes: ["web", "x"],
      env: { A: "1", B: "web" },
      sizes: {},
      login: { username: "me", port: 23 },
      mount: [{ from: "/a" }],
    });
  });

  test("may have the keys that Packer puts in, and names in any case, but no others", () => {
    const { faults, config } = decode({
      Image: "x",
      type: "docker",
      packer_build_name: "a",
      chnages: [],
      login: { username: "a", type: "b" },
    });
    expect(config.image).toBe("x");
    expect(faults).toEqual([
      `error unknown configuration key: '"chnages"': There is no option of this name. Did you mean "changes"? @ <override>`,
      `error unknown configuration key: '"type"': There is no option of this name. @ <override>`,
    ]);
  });

  test("points at the part that is wrong where it was written out", () => {
    const diagnostics = new Diagnostics();
    const source = { name: "x", text: '{ image = "x", changes = ["a", { b = 1 }] }' };
    const expression = parseExpression(source, diagnostics);
    const value = evaluate(expression, scope, diagnostics);
    expect(decode({ value, range: expression.range, expression }).faults).toEqual([
      'error Incorrect attribute value type: Inappropriate value for "changes[1]": a string is required, not an object. @ { b = 1 }',
    ]);
  });

  test("that is no object is a fault, and an unknown one leaves everything open", () => {
    expect(decode(["x"]).faults[0]).toMatch(/An object with the options by name is required\. @ <override>/);
    const { decoded, faults } = decode(UNKNOWN_VALUE);
    expect(faults).toEqual([]);
    expect(decoded.unknown.size).toBe(Object.keys(fields).length);
  });

  test("keeps the marks of the object for its parts", () => {
    expect(decode(sensitive(objectValue({ image: stringValue("hidden") }))).secrets).toEqual(["hidden"]);
  });

  test("decodes by itself", () => {
    const diagnostics = new Diagnostics();
    const context: DecodeContext = { scope, interpolate: (text) => ({ text }), secret: () => {} };
    const range = { source: { name: "x", text: "" }, start: 0, end: 0 };
    const decoded = decodeValue(fromPlain({ a: "5" }), { a: integer("…") }, context, diagnostics, { range });
    expectTypeOf(decoded.config.a).toEqualTypeOf<number | undefined>();
    expect(decoded.config).toEqual({ a: 5 });
  });
});

test("of several layers the later wins: lists are replaced, maps and blocks merged", () => {
  const { config, faults, decoded } = decode(
    'image = "x"\nchanges = ["a", "b"]\ncpus = 2\nenv = { A = 1, B = 1 }\nlogin { username = "me" }',
    {
      changes: ["c"],
      cpus: null,
      env: { B: "2" },
      login: { port: 23 },
    },
  );
  expect(faults).toEqual([]);
  expect(config).toEqual({
    ...DEFAULTS,
    image: "x",
    changes: ["c"],
    cpus: 2,
    env: { A: "1", B: "2" },
    login: { username: "me", port: 23 },
  });
  expect(textOf(decoded.written.get("changes"))).toBe("<override>");
});

test("a complete configuration is a Config", () => {
  const { decoded } = decode('image = "x"');
  expectTypeOf(decoded.config.mode).toEqualTypeOf<"fast" | "safe" | undefined>();
  expectTypeOf<Config<typeof fields>["image"]>().toEqualTypeOf<string>();
});
