import { describe, expect, test } from "vitest";
import type { Scope } from "../../hcl/evaluation/scope.ts";
import { Diagnostics } from "../../hcl/source/diagnostic.ts";
import { nativeBody } from "../../hcl/syntax/native-body.ts";
import { parseFile } from "../../hcl/syntax/parse.ts";
import { BOOL, listOf, mapOf, NUMBER, objectOf, STRING, sameType } from "../../hcl/values/type.ts";
import { numberValue, objectValue, sensitive, stringValue, UNKNOWN_VALUE, type Value } from "../../hcl/values/value.ts";
import { decodeFields } from "../../spec/decode.ts";
import { ctyJson } from "../values/cty-json.ts";
import { fieldsOfSpec } from "./fields-of-spec.ts";
import { readGobSpec } from "./read-gob-spec.ts";
import { readProtobufSpec } from "./read-protobuf-spec.ts";
import { type ObjectSpec, type Spec, typeOfSpec } from "./spec.ts";
import { valueOfConfig } from "./value-of-config.ts";

/** Sent by Go: `{ s: required string }`. */
const GOB =
  "1aff810401010a4f626a6563745370656301ff8200010c011000004dff8200010173102a68636c6465632e4174747253706563ff8303010108417474725370656301ff8400010301044e616d65010c0001045479706501ff860001085265717569726564010200000010ff85050101045479706501ff86000000ff94ff84ff9001017301ff872aff8703010107676f625479706501ff88000102010756657273696f6e0104000104496d706c011000000053ff88022b6769746875622e636f6d2f7a636c636f6e662f676f2d6374792f6374792e7072696d697469766554797065ff890301010d7072696d69746976655479706501ff8a00010101044b696e64010600000007ff8a0301530000010100";
/** The same in protobuf, and one of every kind that plugins use. */
const PROTOBUF = "0a1e0a1c0a0173121712150a0173120e0a0c0a0a6374792e537472696e671801";
const RICH =
  "0a9e020a180a0162121312110a0162120c0a0a0a086374792e426f6f6c0a1a0a016e121512130a016e120e0a0c0a0a6374792e4e756d6265720a200a026c73121a12180a026c73121212100a0e0a0c0a0a6374792e537472696e670a260a036c6c73121f121d0a036c6c73121612140a1212100a0e0a0c0a0a6374792e537472696e670a200a026d73121a12180a026d7312121a100a0e0a0c0a0a6374792e537472696e670a2e0a03626c6b12271a250a03626c6b1a1e0a1c0a1a0a0178121512130a0178120e0a0c0a0a6374792e537472696e670a2c0a02626c122622240a02626c121e0a1c0a1a0a0179121512130a0179120e0a0c0a0a6374792e4e756d6265720a1c0a0173121712150a0173120e0a0c0a0a6374792e537472696e671801";

const rich = readProtobufSpec(Buffer.from(RICH, "hex"));

describe("a spec", () => {
  test("is the same from gob and from protobuf", () => {
    const spec = readGobSpec(Buffer.from(GOB, "hex"));
    expect(spec.attributes.get("s")).toEqual({ kind: "attribute", name: "s", type: STRING, required: true });
    expect(readProtobufSpec(Buffer.from(PROTOBUF, "hex"))).toEqual(spec);
  });

  test("has the type of the values that it makes", () => {
    const expected = objectOf({
      s: STRING,
      b: BOOL,
      n: NUMBER,
      ls: listOf(STRING),
      lls: listOf(listOf(STRING)),
      ms: mapOf(STRING),
      blk: objectOf({ x: STRING }),
      bl: listOf(objectOf({ y: NUMBER })),
    });
    expect(sameType(typeOfSpec(rich), expected)).toBe(true);
  });

  test("that is cut short is refused", () => {
    const bytes = Buffer.from(RICH, "hex");
    for (let end = 1; end < bytes.length; end++) {
      expect(() => readProtobufSpec(bytes.subarray(0, end))).toThrow(/not readable/);
    }
  });
});

describe("what a template says reaches the plugin", () => {
  test.each<[string, string, Record<string, unknown>]>([
    ["nothing but what is required: the rest is null, or no blocks", 's = "x"', { s: "x" }],
    ["an empty text, which is not the same as none", 's = ""', { s: "" }],
    ["false and 0, which are not the same as none", 's = "x"\nb = false\nn = 0', { s: "x", b: false, n: 0 }],
    [
      "empty collections, which are not the same as none",
      's = "x"\nls = []\nms = {}\nlls = [[]]',
      { s: "x", ls: [], ms: {}, lls: [[]] },
    ],
    ["null, which is the same as none", 's = "x"\nn = null\nls = null', { s: "x" }],
    [
      "null within a list and a map",
      's = "x"\nls = ["a", null]\nms = { a = null }',
      { s: "x", ls: ["a", null], ms: { a: null } },
    ],
    [
      "other types, converted as HCL does",
      's = 12\nb = "true"\nn = "1.50"\nls = [1, true]',
      { s: "12", b: true, n: 1.5, ls: ["1", "true"] },
    ],
    ["templates, as they are written", 's = "{{ .Vars }} {{ timestamp }}"', { s: "{{ .Vars }} {{ timestamp }}" }],
    [
      "blocks",
      's = "x"\nblk { x = "in" }\nbl { y = 1 }\nbl { }',
      { s: "x", blk: { x: "in" }, bl: [{ y: 1 }, { y: null }] },
    ],
    ["an empty block, which is not the same as none", 's = "x"\nblk { }', { s: "x", blk: { x: null } }],
    [
      "a block written as an attribute",
      's = "x"\nblk = { x = "in" }\nbl = [{ y = 2 }]',
      { s: "x", blk: { x: "in" }, bl: [{ y: 2 }] },
    ],
    ["what is sensitive, without its mark", "s = var.secret", { s: "hunter2" }],
    [
      "placeholders for what is not known yet",
      "s = var.later\nn = var.later\nb = var.later\nls = var.later\nms = var.later\nblk { x = var.later }\nbl { y = var.later }",
      { s: "<unknown>", n: 0, b: false, ls: [], ms: {}, blk: { x: "<unknown>" }, bl: [{ y: 0 }] },
    ],
  ])("%s", (_, text, expected) => {
    const { json, faults } = sent(rich, text);
    expect(faults).toEqual([]);
    const nothing = { b: null, bl: [], blk: null, lls: null, ls: null, ms: null, n: null, s: null };
    expect(JSON.parse(json).value).toEqual({ ...nothing, ...expected });
  });

  test("with every digit of a number", () => {
    const digits = "123456789012345678901234567890.123456789";
    expect(sent(rich, `s = "x"\nn = ${digits}`).json).toContain(`"n":${digits},`);
    expect(sent(rich, 's = "x"\nn = 1e30').json).toContain(`"n":1${"0".repeat(30)},`);
  });

  test("with the type of each attribute, as Go's peer writes it", () => {
    expect(JSON.parse(sent(rich, 's = "x"').json).type).toEqual([
      "object",
      {
        b: "bool",
        bl: ["list", ["object", { y: "number" }]],
        blk: ["object", { x: "string" }],
        lls: ["list", ["list", "string"]],
        ls: ["list", "string"],
        ms: ["map", "string"],
        n: "number",
        s: "string",
      },
    ]);
  });

  test.each([
    ["no required option", "", ["Missing required argument"]],
    ["an unknown option", 's = "x"\nslow = 1', ["Unsupported argument"]],
    ["a text for a number", 's = "x"\nn = "many"', ["Incorrect attribute value type"]],
    ["a block twice", 's = "x"\nblk { }\nblk { }', ["Duplicate blk block"]],
    ["a text for a list", 's = "x"\nls = "a"', ["Incorrect attribute value type"]],
  ])("or is refused: %s", (_, text, summaries) => {
    expect(sent(rich, text).faults).toEqual(summaries);
  });
});

describe("specs that are rare", () => {
  const attribute = (name: string): Spec => ({ kind: "attribute", name, type: STRING, required: true });
  const object = (attributes: Record<string, Spec>): ObjectSpec => ({
    kind: "object",
    attributes: new Map(Object.entries(attributes)),
  });

  test("may call an attribute of the value by another name than the template does", () => {
    expect(JSON.parse(sent(object({ inner: attribute("outer") }), 'outer = "x"').json).value).toEqual({ inner: "x" });
  });

  test("may have a default and a fixed value", () => {
    const spec = object({
      a: { kind: "default", primary: attribute("a"), otherwise: { kind: "literal", value: stringValue("d") } },
      fixed: { kind: "literal", value: numberValue(7) },
    });
    expect(JSON.parse(sent(spec, "").json).value).toEqual({ a: "d", fixed: 7 });
    expect(JSON.parse(sent(spec, 'a = "given"').json).value).toEqual({ a: "given", fixed: 7 });
  });

  test("may bound how many blocks there are", () => {
    const spec = object({ d: { kind: "blocks", name: "d", nested: object({}), as: "list", least: 1, most: 2 } });
    expect(sent(spec, "").faults).toEqual(["Missing d block"]);
    expect(sent(spec, "d {}\nd {}\nd {}").faults).toEqual(["Too many d blocks"]);
  });
});

const scope: Scope = {
  variables: new Map<string, Value>([
    ["var", objectValue({ secret: sensitive(stringValue("hunter2")), later: UNKNOWN_VALUE })],
  ]),
  functions: new Map(),
};

/** What a plugin of that spec would be sent for the body. */
function sent(spec: ObjectSpec, text: string): { json: string; faults: string[] } {
  const diagnostics = new Diagnostics();
  const body = nativeBody(parseFile({ name: "x", text }, diagnostics));
  const context = {
    scope,
    interpolate: () => ({ error: "not here" }),
    secret: () => {},
  };
  const decoded = decodeFields(body, fieldsOfSpec(spec), context, diagnostics);
  return { json: ctyJson(valueOfConfig(spec, decoded)), faults: diagnostics.all.map(({ summary }) => summary) };
}
