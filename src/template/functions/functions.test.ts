import { constants, generateKeyPairSync, publicEncrypt } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { compareSync } from "bcryptjs";
import { afterAll, describe, expect, test } from "vitest";
import { evaluate } from "../../hcl/evaluation/evaluate.ts";
import { encoded, testVariables } from "../../hcl/evaluation/testdata/scope.ts";
import { Diagnostics } from "../../hcl/source/diagnostic.ts";
import { parseExpression } from "../../hcl/syntax/parse.ts";
import { stringValue } from "../../hcl/values/value.ts";
import { envFunction } from "./env.ts";
import { functionNames, loadFunctions } from "./load-functions.ts";
import { nodeFunctionFiles } from "./node-function-files.ts";

const root = mkdtempSync(join(tmpdir(), "ingot-functions-"));
const [template, cwd, home] = ["template", "cwd", "home"].map((name) => join(root, name)) as [string, string, string];
for (const folder of [template, cwd, home, join(template, "tree/sub/deep")]) mkdirSync(folder, { recursive: true });
const files: Readonly<Record<string, string | Uint8Array>> = {
  "template/hello.txt": "hello\n",
  "cwd/hello.txt": "here",
  "home/own.txt": "own",
  "template/binary": Uint8Array.from([0xff, 0xfe, 0]),
  "template/greeting.tpl": "Hi ${name}!\n%{ for n in names ~}\n- ${upper(n)}\n%{ endfor ~}\n",
  "template/value.tpl": "${items}",
  "template/faulty.tpl": "line\n  ${nosuch}\n",
  "template/recursive.tpl": '${templatefile("value.tpl", {})}',
  "template/tree/a.txt": "",
  "template/tree/.hidden.txt": "",
  "template/tree/c.md": "",
  "template/tree/sub/b.txt": "",
  "template/tree/sub/deep/d.txt": "",
};
for (const [path, content] of Object.entries(files)) writeFileSync(join(root, path), content);
symlinkSync(join(template, "tree/sub"), join(template, "tree/linked"));
afterAll(() => rmSync(root, { recursive: true }));

const startTime = new Date("2020-02-03T04:05:06.789Z");
const world = {
  cwd,
  templateFolder: template,
  home,
  files: nodeFunctionFiles,
  startTime,
  now: () => new Date("2021-01-01T00:00:00Z"),
};
const functions = await loadFunctions(functionNames, world);

function evaluated(text: string, more: Record<string, string> = {}) {
  const diagnostics = new Diagnostics();
  const variables = new Map([
    ...testVariables,
    ...Object.entries(more).map(([key, value]) => [key, stringValue(value)] as const),
  ]);
  const expression = parseExpression({ name: "test", text }, diagnostics);
  const value = evaluate(expression, { variables, functions }, diagnostics);
  return {
    text: encoded(value),
    data: value.data,
    faults: diagnostics.all.map((each) => `${each.summary}: ${each.detail}`),
  };
}

describe("functions of the machine", () => {
  test.each([
    ['file("hello.txt")', '"hello\\n"'],
    ['file("./tree/../hello.txt")', '"hello\\n"'],
    ['file("~/own.txt")', '"own"'],
    ['filebase64("hello.txt")', '"aGVyZQ=="'],
    ['fileexists("hello.txt")', "true"],
    ['fileexists("nope.txt")', "false"],
    ['fileset("tree", "*.txt")', 'set[".hidden.txt", "a.txt"]'],
    ['fileset(".", "tree/{a,c}.*")', 'set["tree/a.txt", "tree/c.md"]'],
    ['fileset("tree", "sub/**/*.txt")', 'set["sub/b.txt", "sub/deep/d.txt"]'],
    ['fileset("tree", "linked/*")', 'set["linked/b.txt"]'],
    ['fileset("tree", "[ab].txt")', 'set["a.txt"]'],
    ['fileset("tree", "?.md")', 'set["c.md"]'],
    ['fileset("tree", "a.txt")', 'set["a.txt"]'],
    ['fileset("tree", "sub")', "set(string)[]"],
    ['fileset("nope", "*")', "set(string)[]"],
    ['filemd5("hello.txt")', '"b1946ac92492d2347c6235b4d2611184"'],
    ['md5("hello")', '"5d41402abc4b2a76b9719d911017c592"'],
    ['sha1("hello")', '"aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d"'],
    ['base64sha256("hello")', '"LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="'],
    ['uuidv5("dns", "www.terraform.io")', '"a5008fae-b28c-5ba5-96cd-82b4c53552d6"'],
    ['uuidv5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.terraform.io")', '"a5008fae-b28c-5ba5-96cd-82b4c53552d6"'],
    ["timestamp()", '"2021-01-01T00:00:00Z"'],
    ["legacy_isotime()", '"2020-02-03T04:05:06Z"'],
    ['legacy_isotime("2006-01-02 15:04")', '"2020-02-03 04:05"'],
    ['legacy_strftime("%Y%m%d")', '"20200203"'],
    ['basename("/a/b.c/")', '"b.c"'],
    ['basename("")', '"."'],
    ['dirname("a//b/../c")', '"a"'],
    ['dirname("x")', '"."'],
    ['dirname("/")', '"/"'],
    ['templatefile("greeting.tpl", {name = "you", names = ["a", "b"]})', '"Hi you!\\n- A\\n- B\\n"'],
    ['templatefile("value.tpl", {items = [1, true]})', "[1, true]"],
    ['templatefile("value.tpl", {items = secret})', 'sensitive("s3cret")'],
    ['templatefile("value.tpl", {items = later})', "unknown(string)"],
    ['templatefile("value.tpl", laterany)', "unknown(any)"],
    ['templatestring("$${a}-$${a}", {a = 5})', '"5-5"'],
  ])("%s is %s", (text, expected) => {
    const result = evaluated(text);
    expect(result.faults).toEqual([]);
    expect(result.text).toBe(expected);
  });

  test("paths become absolute against the current folder, and ~ the home folder", () => {
    expect(evaluated('abspath("x/../y")').data).toBe(join(cwd, "y"));
    expect(evaluated('pathexpand("~/x")').data).toBe(join(home, "x"));
  });

  test.each([
    ['file("nope.txt")', "there is no file at "],
    ['file("tree")', "there is a folder and no file at "],
    ['file("binary")', "binary is no text in UTF-8; filebase64 reads any file"],
    ['file("~other/x")', "only the own home folder can be written ~"],
    ['fileexists("tree")', "is a folder and no file"],
    [
      `templatefile("faulty.tpl", {})`,
      `faulty.tpl:2,5: Unknown variable: There is no variable named "nosuch" here. There are none`,
    ],
    [
      'templatefile("faulty.tpl", {nosuhc = secret})',
      'faulty.tpl:2,5: Unknown variable: There is no variable named "nosuch" here. Did you mean "nosuhc"?',
    ],
    ['templatefile("recursive.tpl", {a = 1})', 'There is no function named "templatefile"'],
    ['templatefile("value.tpl", [])', "a map or object is required, not a tuple"],
    ['templatefile("value.tpl", {"a b" = 1})', '"a b" cannot be the name of a variable'],
    ['uuidv5("nope", "x")', "the namespace must be dns, url, oid, x500 or a UUID"],
    ['legacy_isotime("a", "b")', "there can only be one format"],
    ['bcrypt("x", 40)', "the cost must be from 4 to 31"],
    ['rsadecrypt("eA==", "no key")', "this is no private RSA key in PEM"],
  ])("%s says why not", (text, reason) => {
    expect(evaluated(text).faults.join("\n")).toContain(reason);
  });

  test("what is random has its form, and is different every time", () => {
    const [first, second] = [evaluated("uuidv4()").data, evaluated("uuidv4()").data];
    expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(first).not.toBe(second);
    const hash = String(evaluated('bcrypt("secret", 5)').data);
    expect(hash).toMatch(/^\$2a\$05\$/);
    expect(compareSync("secret", hash)).toBe(true);
  });

  test("what was compressed can be unpacked", () => {
    const bytes = Buffer.from(String(evaluated('base64gzip("hello")').data), "base64");
    expect(gunzipSync(bytes).toString()).toBe("hello");
  });

  test("what was encrypted for a key can be read with it, and with no other", () => {
    const [{ publicKey, privateKey }, other] = [1, 2].map(() =>
      generateKeyPairSync("rsa", { modulusLength: 2048 }),
    ) as [ReturnType<typeof generateKeyPairSync>, ReturnType<typeof generateKeyPairSync>];
    const padding = constants.RSA_PKCS1_PADDING;
    const cipher = publicEncrypt({ key: publicKey, padding }, Buffer.from("hello")).toString("base64");
    const pem = (key: typeof privateKey) => key.export({ type: "pkcs1", format: "pem" }).toString();
    expect(evaluated("rsadecrypt(cipher, key)", { cipher, key: pem(privateKey) }).data).toBe("hello");
    expect(evaluated("rsadecrypt(cipher, key)", { cipher, key: pem(other.privateKey) }).faults).toEqual([
      'Invalid function argument: Invalid value for the parameter "ciphertext" of rsadecrypt: it was not encrypted for this key.',
    ]);
  });
});

test("env is empty for a variable that is not set, and is no ordinary function", () => {
  const env = envFunction({ USER: "me" });
  expect(env.call([stringValue("USER")]).data).toBe("me");
  expect(env.call([stringValue("NOPE")]).data).toBe("");
  expect(functions.has("env")).toBe(false);
});

test("only what is named is loaded, and all of it for a template file", async () => {
  const few = await loadFunctions(["upper", "md5"], world);
  expect([...few.keys()].sort()).toEqual([...functionNames]);
  expect(() => few.get("regex")?.call([])).toThrow("was not loaded");
  for (const [name, each] of functions) {
    expect(each.name).toBe(name);
    expect(each.doc).not.toBe("");
  }
  const all = await loadFunctions(["templatefile"], world);
  expect(all.get("regex")?.doc).not.toBe("");
});
