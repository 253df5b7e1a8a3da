import { expect, test } from "vitest";
import { fromPlain } from "../hcl/values/plain.ts";
import { objectOf, STRING } from "../hcl/values/type.ts";
import { describeFields } from "./describe-fields.ts";
import { fieldCompletions } from "./field-completions.ts";
import { any, block, blocks, boolean, duration, integer, list, map, string, stringList, stringMap } from "./fields.ts";

const fields = {
  old: string("The former name.", { deprecated: 'Use "image".' }),
  image: string("The image to start from.\nMore about it.", { required: true }),
  mode: string("How.", { oneOf: ["fast", "safe"], default: "safe" }),
  token: string("To log in.", { sensitive: true }),
  script: string("A file.", { path: "cwd" }),
  pull: boolean("Whether.", { default: true }),
  timeout: duration("How long.", { default: 300_000 }),
  codes: list("Which.", "integer", { default: [0, 3] }),
  arguments: list("Many.", { list: "text" }),
  kinds: stringList("Some.", { oneOf: ["a", "b"] }),
  env: stringMap("Names.", { default: { A: "b" } }),
  sizes: map("Sizes.", "number", { defaultDoc: "what the machine has" }),
  custom: any("Anything.", { default: fromPlain({ a: [1] }) }),
  shaped: any("Shaped.", { type: objectOf({ name: STRING }) }),
  login: block("Credentials.", {
    username: string("Who.", { required: true }),
    port: integer("Where.", { default: 22 }),
  }),
  mount: blocks(
    "Mounts.",
    { from: string("Path.", { required: true }), to: string("Path.", { required: true }) },
    { least: 1, most: 3 },
  ),
  disk: blocks("Disks.", { size: integer("GiB.") }),
  secret_option: string("…", { hidden: true }),
};

test("the reference tells type, default, and what else holds", () => {
  expect(describeFields(fields)).toBe(`\
- \`old\` (deprecated; string)
  The former name. Deprecated: Use "image".
- \`image\` (string; required)
  The image to start from.
  More about it.
- \`mode\` (one of \`"fast"\`, \`"safe"\`; default \`"safe"\`)
  How.
- \`token\` (string)
  To log in. A secret: it is masked in all output.
- \`script\` (string; path, relative to the working directory)
  A file.
- \`pull\` (boolean; default \`true\`)
  Whether.
- \`timeout\` (duration; default \`"5m0s"\`)
  How long.
- \`codes\` (list of whole number; default \`[0, 3]\`)
  Which.
- \`arguments\` (list of list of string)
  Many.
- \`kinds\` (list, each one of \`"a"\`, \`"b"\`)
  Some.
- \`env\` (map of string; default \`{ A = "b" }\`)
  Names.
- \`sizes\` (map of number; default what the machine has)
  Sizes.
- \`custom\` (any type; default \`{"a":[1]}\`)
  Anything.
- \`shaped\` (\`object({ name = string })\`)
  Shaped.
- \`login { }\` (block)
  Credentials.

  - \`username\` (string; required)
    Who.
  - \`port\` (whole number; default \`22\`)
    Where.
- \`mount { }\` (block; 1 to 3)
  Mounts.

  - \`from\` (string; required)
    Path.
  - \`to\` (string; required)
    Path.
- \`disk { }\` (block; any number of them)
  Disks.

  - \`size\` (whole number)
    GiB.
`);
});

test("completions begin with what is required, and their snippets hold what a block requires", () => {
  const completions = fieldCompletions(fields);
  expect(completions.map(({ name }) => name)).toEqual([
    "image",
    "mount",
    "mode",
    "token",
    "script",
    "pull",
    "timeout",
    "codes",
    "arguments",
    "kinds",
    "env",
    "sizes",
    "custom",
    "shaped",
    "login",
    "disk",
    "old",
  ]);
  expect(Object.fromEntries(completions.map(({ name, snippet }) => [name, snippet]))).toMatchObject({
    image: 'image = "$1"',
    mode: 'mode = "${1|fast,safe|}"',
    pull: "pull = ${1|true,false|}",
    timeout: 'timeout = "${1:5m}"',
    codes: "codes = [$1]",
    arguments: "arguments = [$1]",
    kinds: 'kinds = ["${1|a,b|}"]',
    env: "env = {\n  $1\n}",
    login: 'login {\n  username = "$1"\n}',
    mount: 'mount {\n  from = "$1"\n  to = "$2"\n}',
    disk: "disk {\n  $1\n}",
  });
  expect(completions.find(({ name }) => name === "old")).toEqual({
    name: "old",
    kind: "attribute",
    type: "string",
    doc: "The former name.",
    required: false,
    deprecated: 'Use "image".',
    repeats: false,
    snippet: 'old = "$1"',
  });
});
