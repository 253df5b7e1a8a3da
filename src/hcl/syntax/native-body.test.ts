import { describe, expect, test } from "vitest";
import { Diagnostics } from "../source/diagnostic.ts";
import type { Body } from "./body.ts";
import { mergeBodies } from "./merge-bodies.ts";
import { nativeBody } from "./native-body.ts";
import { parseFile } from "./parse.ts";

function bodyOf(text: string, name = "a.pkr.hcl"): Body {
  return nativeBody(parseFile({ name, text }, new Diagnostics()));
}

function told(diagnostics: Diagnostics): string[] {
  return diagnostics.all.map(({ summary, detail, subject }) => {
    const marked = subject?.source.text.slice(subject.start, subject.end);
    return `${summary} | ${marked} | ${detail}`;
  });
}

const SCHEMA = {
  attributes: [{ name: "image", required: true }, { name: "commit" }],
  blocks: [{ type: "provisioner", labelNames: ["type"] }, { type: "login" }],
};

describe("the content of a body", () => {
  test("is what the schema names, blocks in the order of the text", () => {
    const diagnostics = new Diagnostics();
    const content = bodyOf('login {}\nimage = "x"\nprovisioner "a" {}\nlogin {}\n').content(SCHEMA, diagnostics);
    expect([...content.attributes.keys()]).toEqual(["image"]);
    expect(content.blocks.map(({ type, labels }) => [type, ...labels.map(({ text }) => text)])).toEqual([
      ["login"],
      ["provisioner", "a"],
      ["login"],
    ]);
    expect(diagnostics.all).toEqual([]);
  });

  test("what no schema names is reported with what was probably meant", () => {
    const diagnostics = new Diagnostics();
    bodyOf('imag = 1\nlogin = 2\nother = 3\nprovisionr "a" {}\ncommit {}\nelse {}').content(SCHEMA, diagnostics);
    expect(told(diagnostics)).toEqual([
      'Missing required argument |  | The argument "image" is required, and it is not set.',
      'Unsupported argument | imag | There is no argument named "imag" here. Did you mean "image"?',
      'Unsupported argument | login | There is no argument named "login" here. Did you mean to define a block of type "login"? A block has no equals sign.',
      'Unsupported argument | other | There is no argument named "other" here.',
      'Unsupported block type | provisionr | There is no block of type "provisionr" here. Did you mean "provisioner"?',
      'Unsupported block type | commit | There is no block of type "commit" here. Did you mean to define argument "commit"? If so, use the equals sign to assign it a value.',
      'Unsupported block type | else | There is no block of type "else" here.',
    ]);
  });

  test("a block with a label too many or too few is reported and left out", () => {
    const diagnostics = new Diagnostics();
    const { blocks } = bodyOf('image = 1\nprovisioner {}\nprovisioner "a" "b" {}\nlogin "c" {}').content(
      SCHEMA,
      diagnostics,
    );
    expect(blocks).toEqual([]);
    expect(told(diagnostics)).toEqual([
      'Missing type for provisioner | provisioner | A provisioner block takes a label: provisioner "type" { … }.',
      'Extraneous label for provisioner | "b" | A provisioner block takes only one label: provisioner "type" { … }.',
      'Extraneous label for login | "c" | A login block takes no label: login { … }.',
    ]);
  });

  test("in parts leaves a rest, in which what was taken is no longer there but is still known", () => {
    const diagnostics = new Diagnostics();
    const { rest } = bodyOf("image = 1\nlogin {}\ncommt = 2\nnew = 3").partialContent(SCHEMA, diagnostics);
    rest.content({ attributes: [{ name: "new" }], blocks: [] }, diagnostics);
    expect(told(diagnostics)).toEqual([
      'Unsupported argument | commt | There is no argument named "commt" here. Did you mean "commit"?',
    ]);
    expect([...rest.attributes(diagnostics).keys()]).toEqual(["commt", "new"]);
  });

  test("as mere attributes has no place for blocks", () => {
    const diagnostics = new Diagnostics();
    expect([...bodyOf("a = 1\nb {}\nc = 2").attributes(diagnostics).keys()]).toEqual(["a", "c"]);
    expect(diagnostics.all.map(({ summary }) => summary)).toEqual(['Unexpected "b" block']);
  });
});

describe("merged bodies", () => {
  test("have the arguments and blocks of all; an argument set twice is reported where it comes again", () => {
    const diagnostics = new Diagnostics();
    const merged = mergeBodies([
      bodyOf("\nimage = 1\nlogin {}"),
      bodyOf("commit = 1\nimage = 2\nlogin {}", "b.pkr.hcl"),
    ]);
    const content = merged.content(SCHEMA, diagnostics);
    expect([...content.attributes.keys()].sort()).toEqual(["commit", "image"]);
    expect(content.blocks.length).toBe(2);
    expect(told(diagnostics)).toEqual([
      'Duplicate argument | image | The argument "image" was already set in a.pkr.hcl on line 2. It can be set only once.',
    ]);
  });

  test("require an argument of all together, not of each", () => {
    const diagnostics = new Diagnostics();
    mergeBodies([bodyOf("commit = 1"), bodyOf("image = 1")]).content(SCHEMA, diagnostics);
    expect(diagnostics.all).toEqual([]);
    mergeBodies([bodyOf("commit = 1"), bodyOf("")]).partialContent(SCHEMA, diagnostics);
    expect(told(diagnostics).length).toBe(1);
  });
});
