import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { equals, sameValue } from "./equality.ts";
import { fromJson, toJson } from "./json-text.ts";
import { makeSet } from "./make-set.ts";
import { consoleNumberText, numberText, parseNumber } from "./number-text.ts";
import { fromPlain, type PlainData, toPlain } from "./plain.ts";
import { showValue } from "./show.ts";
import { ANY, listOf, mapOf, NUMBER, STRING } from "./type.ts";
import { typeText } from "./type-text.ts";
import { unify } from "./unify.ts";
import {
  compareCodePoints,
  itemsOf,
  listValue,
  marksWithin,
  Numeric,
  nullOf,
  numberValue,
  objectValue,
  sensitive,
  stringValue,
  tupleValue,
  unknownOf,
  withoutMarksWithin,
} from "./value.ts";

const json = fc.jsonValue({ depthSize: "medium", noUnicodeString: false }) as fc.Arbitrary<PlainData>;

describe("JSON", () => {
  test("what is written can be read again", () => {
    fc.assert(fc.property(json, (plain) => sameValue(fromJson(toJson(fromPlain(plain))), fromPlain(plain))));
  });

  test("text and plain data say the same", () => {
    fc.assert(
      fc.property(json, (plain) => {
        const value = fromPlain(plain);
        expect(JSON.parse(toJson(value))).toEqual(toPlain(value));
      }),
    );
  });

  test("no digit of a number is lost, and the later of equal keys counts", () => {
    const text = '{"a":123456789012345678901234567890.123456789,"b":1}';
    expect(toJson(fromJson(text))).toBe(text);
    expect(toJson(fromJson('{"a":1,"__proto__":2,"a":3}'))).toBe('{"__proto__":2,"a":3}');
  });

  test("a number beyond all bounds is no JSON", () => {
    expect(() => fromJson("[1e999999]")).toThrow(SyntaxError);
    expect(toJson(fromJson("1e400"))).toHaveLength(401);
  });

  test("what could end a script is escaped as Go does", () => {
    expect(toJson(stringValue("<a>&\u2028"))).toBe('"\\u003ca\\u003e\\u0026\\u2028"');
  });
});

describe("numbers", () => {
  test.each([
    ["1e3", "1000"],
    ["0.10", "0.1"],
    ["-0", "0"],
    ["+.5", "0.5"],
    ["5.", "5"],
    ["1E-7", "0.0000001"],
  ])("%s is %s in full", (text, full) => {
    const number = parseNumber(text);
    expect(number && numberText(number)).toBe(full);
  });

  test.each(["", " 1", "1 ", "0x10", "1_0", "e5", "Infinity", "NaN", "1e", "--1", ".", "1e200000"])(
    "%j spells no number",
    (text) => expect(parseNumber(text)).toBeUndefined(),
  );

  test.each([
    ["12345678", "12345678"],
    ["9223372036854775808", "9.223372036854776e+18"],
    ["1234567.25", "1.23456725e+06"],
    ["0.00001234", "1.234e-05"],
    ["0.0001", "0.0001"],
  ])("the console shows %s as %s", (text, shown) => {
    expect(consoleNumberText(new Numeric(text))).toBe(shown);
  });
});

describe("values", () => {
  test("equal values are the same, and the same values equal", () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        const [x, y] = [fromPlain(a), fromPlain(b)];
        expect(equals(x, fromPlain(a)).data).toBe(true);
        expect(sameValue(x, fromPlain(a))).toBe(true);
        if (sameValue(x, y)) expect(equals(x, y).data).toBe(true);
      }),
    );
  });

  test("a set is in order, without duplicates, whatever order it is made in", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (texts) => {
        const set = itemsOf(makeSet(STRING, texts.map(stringValue))).map((item) => item.data as string);
        const distinct = [...new Set(texts.map((text) => text.normalize("NFC")))];
        expect(set).toEqual(distinct.sort(compareCodePoints));
      }),
    );
  });

  test("texts are ordered as their UTF-8 is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
        const bytes = Buffer.compare(Buffer.from(a.toWellFormed()), Buffer.from(b.toWellFormed()));
        expect(Math.sign(compareCodePoints(a.toWellFormed(), b.toWellFormed()))).toBe(bytes);
      }),
    );
  });

  test("marks are found and taken off however deep they are", () => {
    const value = tupleValue([objectValue({ a: listValue(STRING, [sensitive(stringValue("x"))]) })]);
    expect([...marksWithin(value)]).toEqual(["sensitive"]);
    expect(marksWithin(withoutMarksWithin(value)).size).toBe(0);
  });

  test.each([
    [[STRING, NUMBER], "string"],
    [[listOf(STRING), listOf(NUMBER)], "list(string)"],
    [[listOf(STRING), mapOf(STRING)], undefined],
    [[ANY, STRING], "string"],
    [[], undefined],
  ])("%j have the type %s in common", (types, expected) => {
    const type = unify(types);
    expect(type && typeText(type)).toBe(expected);
  });
});

describe("showValue", () => {
  test("text stands alone as it is, and quoted in a collection; null attributes are left out", () => {
    expect(showValue(stringValue("a\nb"))).toBe("a\nb");
    expect(showValue(fromPlain({ b: 'q"', a: [1, true, null, []], c: null, d: {} }))).toBe(
      '{\n  "a" = [\n    1,\n    true,\n    null,\n    [],\n  ]\n  "b" = "q\\""\n  "d" = {}\n}',
    );
  });

  test("what is not known is not shown, and no secret is", () => {
    expect(showValue(tupleValue([numberValue(1), unknownOf(STRING)]))).toBe("<unknown>");
    expect(showValue(sensitive(stringValue("x")))).toBe("<sensitive>");
    expect(showValue(tupleValue([sensitive(stringValue("x")), unknownOf(STRING)]))).toBe(
      "[\n  <sensitive>,\n  <unknown>,\n]",
    );
    expect(showValue(nullOf(STRING))).toBe("null");
  });
});
