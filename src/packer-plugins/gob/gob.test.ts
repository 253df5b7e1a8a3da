import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GobFault } from "./gob-bytes.ts";
import { type GobValue, readGob } from "./read-gob.ts";
import { GobAny, type GobInput, type GobShape, writeGob } from "./write-gob.ts";

/** Written by Go's own encoder. */
const fromGo: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(join(import.meta.dirname, "testdata", "from-go.json"), "utf8"),
);

describe("what Go wrote", () => {
  test.each<[string, unknown]>([
    ["status0", { struct: {} }],
    ["status3", { struct: { ExitStatus: "3n" } }],
    ["status127", { struct: { ExitStatus: "127n" } }],
    ["string", "zwölf"],
    ["int", "-129n"],
    ["float", { float: 1.5 }],
    ["minInt", "-9223372036854775808n"],
    ["maxUint", "18446744073709551615n"],
    ["map", { map: [["k", "7n"]] }],
    ["opaque", "bytes op:z"],
    [
      "wide",
      {
        struct: {
          B: true,
          I: "-5n",
          U: "200n",
          F: { float: -0.25 },
          S: "s",
          Y: "bytes \u0001\u0002",
          L: ["1n", "-1n"],
          LL: [["a"], []],
          M: { map: [["z", "1n"]] },
          A: { name: "map[string]interface {}", value: { map: [["k", { name: "string", value: "v" }]] } },
          In: { struct: { Name: "in" } },
          P: { struct: { Name: "p" } },
          Arr: ["1n", "0n", "3n"],
          Last: "end",
        },
      },
    ],
  ])("%s is read", (name, expected) => {
    expect(plain(readGob(bytesOf(name)))).toEqual(expected);
  });

  test("is read where a value goes on in the next message, because a type had to be defined inside it", () => {
    const inner = (struct: object) => ({ name: "main.Inner", value: { struct } });
    const opaque = (text: string) => ({ name: "main.Op", value: `bytes ${text}` });
    expect(plain(readGob(bytesOf("interfaces")))).toEqual({
      struct: {
        Name: "top",
        Any: {
          name: "[]interface {}",
          value: [
            inner({ Name: "n" }),
            {
              name: "*main.Other",
              value: { struct: { Deep: { map: [["a", inner({ Name: "x", Any: opaque("op:y") })]] } } },
            },
            null,
            opaque("op:q"),
            { name: "string", value: "s" },
            { name: "bool", value: true },
            { name: "float64", value: { float: 2.5 } },
          ],
        },
      },
    });
  });

  test("is refused where it is cut short, and never misread into a crash", () => {
    const all = Object.keys(fromGo).map(bytesOf);
    for (const bytes of all) {
      for (let end = 0; end < bytes.length; end++) {
        const part = bytes.subarray(0, end);
        expect(() => readGob(part)).toThrow(GobFault);
      }
    }
    fc.assert(
      fc.property(fc.constantFrom(...all), fc.nat(), fc.nat(255), (bytes, at, byte) => {
        const changed = Buffer.from(bytes);
        changed[at % changed.length] = byte;
        try {
          readGob(changed);
        } catch (error) {
          expect(error).toBeInstanceOf(GobFault);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test("is refused where it nests without end", () => {
    // A slice of itself: type 65 is a slice of 65, each of one item.
    const definition = "0dff81020102ff820001ff820000";
    expect(() => readGob(Buffer.from(`${definition}7fff8200${"01".repeat(400)}`, "hex"))).toThrow(/nested deeper/);
  });
});

describe("what is written", () => {
  const status: GobShape = { struct: "CommandFinished", fields: { ExitStatus: "int" } };

  test.each([
    [0, "03ff8200"],
    [3, "05ff82010600"],
    [42, "05ff82015400"],
    [127, "06ff8201fffe00"],
  ])("is byte for byte what Go writes: an exit status of %i", (value, bytes) => {
    const definition = "2cff810301010f436f6d6d616e6446696e697368656401ff82000101010a457869745374617475730104000000";
    expect(writeGob(status, { ExitStatus: value }).toString("hex")).toBe(definition + bytes);
  });

  const inner: GobShape = { struct: "Inner", fields: { Name: "string", Any: "interface" } };
  const things: GobShape = { slice: "interface" };
  const wide: GobShape = {
    struct: "Wide",
    fields: {
      B: "bool",
      I: "int",
      U: "uint",
      F: "float",
      S: "string",
      Y: "bytes",
      L: { slice: "int" },
      LL: { slice: { slice: "string" } },
      M: { map: ["string", "int"] },
      A: "interface",
      In: inner,
      Last: "string",
    },
  };
  const value: GobInput = {
    B: true,
    I: -5,
    U: 2n ** 64n - 1n,
    F: -0.25,
    S: "zwölf",
    Y: Buffer.from([1, 2]),
    L: [1, -1],
    LL: [["a"], []],
    M: new Map([["z", 1]]),
    A: new GobAny("[]interface {}", things, [
      new GobAny("main.Inner", inner, { Name: "n", Any: new GobAny("string", "string", "x") }),
      null,
      new GobAny("float64", "float", 2.5),
    ]),
    In: { Name: "in" },
    Last: "end",
  };

  // Go's decoder made of these bytes the very value: checked by hand with a small program.
  test("is what Go reads back", () => {
    expect(writeGob(wide, value).toString("hex")).toBe(fromGo.readByGo);
  });

  test("comes back as it went", () => {
    expect(plain(readGob(writeGob(wide, value)))).toMatchObject({
      struct: { U: "18446744073709551615n", LL: [["a"], []], In: { struct: { Name: "in" } }, Last: "end" },
    });
  });
});

function bytesOf(name: string): Buffer {
  return Buffer.from(fromGo[name] ?? "", "hex");
}

/** As data that `toEqual` shows well. */
function plain(value: GobValue): unknown {
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString("latin1")}`;
  if (value instanceof Map) return { map: [...value].map(([key, item]) => [plain(key), plain(item)]) };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if ("struct" in value) {
    return {
      struct: Object.fromEntries(Object.entries(value.struct).map(([name, item]) => [name, plain(item as GobValue)])),
    };
  }
  return "name" in value ? { name: value.name, value: plain(value.value as GobValue) } : value;
}
