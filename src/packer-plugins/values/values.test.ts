import { describe, expect, test } from "vitest";
import { ANY, BOOL, listOf, NUMBER, objectOf, STRING, setOf, tupleOf } from "../../hcl/values/type.ts";
import {
  boolValue,
  NULL,
  nullOf,
  numberValue,
  objectValue,
  setValueOfSorted,
  stringValue,
  tupleValue,
  UNKNOWN_VALUE,
  unknownOf,
} from "../../hcl/values/value.ts";
import { GobFault } from "../gob/gob-bytes.ts";
import { encodeWire } from "../rpc/message-pack.ts";
import { ctyJson } from "./cty-json.ts";
import { readCtyMessagePack } from "./read-cty-message-pack.ts";
import { readBigFloat } from "./read-gob-value.ts";

describe("as JSON, a value", () => {
  test.each([
    [stringValue("<a & ü>"), '{"value":"\\u003ca \\u0026 ü\\u003e","type":"string"}'],
    [nullOf(listOf(STRING)), '{"value":null,"type":["list","string"]}'],
    [unknownOf(objectOf({ b: BOOL })), '{"value":{"b":false},"type":["object",{"b":"bool"}]}'],
    [NULL, '{"value":null,"type":"dynamic"}'],
    [UNKNOWN_VALUE, '{"value":null,"type":"dynamic"}'],
    [setValueOfSorted(NUMBER, [numberValue(1), numberValue(2)]), '{"value":[1,2],"type":["set","number"]}'],
    [tupleValue([boolValue(true), stringValue("x")]), '{"value":[true,"x"],"type":["tuple",["bool","string"]]}'],
    [
      { type: listOf(ANY), data: [stringValue("x")], marks: new Set<string>() },
      '{"value":[{"value":"x","type":"string"}],"type":["list","dynamic"]}',
    ],
    [
      objectValue({ b: tupleValue([unknownOf(STRING)]), a: unknownOf(setOf(NUMBER)) }),
      '{"value":{"a":[],"b":["<unknown>"]},"type":["object",{"a":["set","number"],"b":["tuple",["string"]]}]}',
    ],
  ])("%# says its type, and placeholders stand for what is not known", (value, json) => {
    expect(ctyJson(value)).toBe(json);
  });
});

describe("a data source's MessagePack", () => {
  const types =
    '["object",{"i":"number","l":["list","string"],"m":["map","bool"],"nul":"string","num":"number","out":"string"}]';

  test("becomes the value that Go sent", () => {
    const value = "86a1692aa16c91a161a16d81a16bc3a36e756cc0a36e756dcb3ff8000000000000a36f7574a568656c6c6f";
    const bytes = Buffer.concat([
      Buffer.from([0x92, 0xc4, types.length]),
      Buffer.from(types),
      Buffer.from(value, "hex"),
    ]);
    expect(ctyJson(readCtyMessagePack(bytes))).toBe(
      `{"value":{"i":42,"l":["a"],"m":{"k":true},"nul":null,"num":1.5,"out":"hello"},"type":${types}}`,
    );
  });

  test.each([
    ["a number of many digits", "number", "123456789012345678901234567890", '"value":123456789012345678901234567890,'],
    ["64 bits", "number", 9223372036854775807n, '"value":9223372036854775807,'],
    ["a set, ordered and without doubles", ["set", "string"], ["b", "a", "b"], '"value":["a","b"],'],
    ["a tuple", ["tuple", ["string", "bool"]], ["x", true], '"value":["x",true],'],
  ])("keeps %s", (_, type, value, expected) => {
    expect(ctyJson(readCtyMessagePack(encodeWire([Buffer.from(JSON.stringify(type)), value])))).toContain(expected);
  });

  test.each([
    ["no type", ["x"]],
    ["what is no type", [Buffer.from('["list"]'), []]],
    ["another type than it says", [Buffer.from('"bool"'), "true"]],
  ])("with %s is refused", (_, wire) => {
    expect(() => readCtyMessagePack(encodeWire(wire))).toThrow();
  });

  test("holds types that it only tells at run time", () => {
    const inner = [Buffer.from('"string"'), "x"];
    const bytes = encodeWire([Buffer.from('["tuple",["dynamic"]]'), [inner]]);
    expect(readCtyMessagePack(bytes).type).toEqual(tupleOf([STRING]));
  });
});

describe("Go's big.Float", () => {
  test.each([
    ["010a0000003500000001c000000000000000", "1.5"],
    ["010a0000004000000006a800000000000000", "42"],
    ["010800000200", "0"],
    ["010b00000200000000028000000000000000", "-2"],
  ])("%s is %s", (hex, number) => {
    expect(readBigFloat(Buffer.from(hex, "hex")).toString()).toBe(number);
  });

  test.each(["", "02", "010c00000035", "010a000000357fffffffc000000000000000"])("%j is refused", (hex) => {
    expect(() => readBigFloat(Buffer.from(hex, "hex"))).toThrow(GobFault);
  });
});
