import { describe, expect, expectTypeOf, test } from "vitest";
import type { Value } from "../hcl/values/value.ts";
import type { Config, Fields, PartialConfig } from "./field.ts";
import { any, block, blocks, boolean, duration, integer, list, map, string, stringList, stringMap } from "./fields.ts";

const fields = {
  image: string("The image.", { required: true }),
  author: string("Who."),
  mode: string("How.", { oneOf: ["fast", "safe"], default: "safe" }),
  pull: boolean("Whether.", { default: true }),
  keep: boolean("Three values."),
  timeout: duration("How long.", { default: 300_000 }),
  exit_codes: list("Which.", "integer", { default: [0] }),
  arguments: list("Lists of lists.", { list: "text" }),
  changes: stringList("Texts."),
  kinds: stringList("Texts of a set.", { oneOf: ["a", "b"] }),
  volumes: stringMap("Texts by name.", { default: {} }),
  sizes: map("Numbers by name.", "number"),
  custom: any("A value."),
  login: block("Credentials.", { username: string("Name.", { required: true }), password: string("Secret.") }),
  disk: block("Needed.", { size: integer("GiB.", { default: 10 }) }, { required: true }),
  mounts: blocks("Mounts.", { from: string("Path.", { required: true }), nested: blocks("…", { n: integer("…") }) }),
} satisfies Fields;

describe("the type of a configuration", () => {
  type C = Config<typeof fields>;

  test("has what is required or defaulted, and may lack the rest", () => {
    expectTypeOf<C["image"]>().toEqualTypeOf<string>();
    expectTypeOf<C["author"]>().toEqualTypeOf<string | undefined>();
    expectTypeOf<C["pull"]>().toEqualTypeOf<boolean>();
    expectTypeOf<C["keep"]>().toEqualTypeOf<boolean | undefined>();
    expectTypeOf<C["timeout"]>().toEqualTypeOf<number>();
    expectTypeOf<C["changes"]>().toEqualTypeOf<readonly string[] | undefined>();
    expectTypeOf<C["volumes"]>().toEqualTypeOf<Readonly<Record<string, string>>>();
    expectTypeOf<C["custom"]>().toEqualTypeOf<Value | undefined>();
  });

  test("knows items, allowed texts and blocks", () => {
    expectTypeOf<C["mode"]>().toEqualTypeOf<"fast" | "safe">();
    expectTypeOf<C["kinds"]>().toEqualTypeOf<readonly ("a" | "b")[] | undefined>();
    expectTypeOf<C["exit_codes"]>().toEqualTypeOf<readonly number[]>();
    expectTypeOf<C["arguments"]>().toEqualTypeOf<readonly (readonly string[])[] | undefined>();
    expectTypeOf<C["sizes"]>().toEqualTypeOf<Readonly<Record<string, number>> | undefined>();
    expectTypeOf<NonNullable<C["login"]>["username"]>().toEqualTypeOf<string>();
    expectTypeOf<NonNullable<C["login"]>["password"]>().toEqualTypeOf<string | undefined>();
    expectTypeOf<C["disk"]["size"]>().toEqualTypeOf<number>();
    expectTypeOf<C["mounts"][number]["from"]>().toEqualTypeOf<string>();
    expectTypeOf<C["mounts"][number]["nested"][number]["n"]>().toEqualTypeOf<number | undefined>();
  });

  test("may lack everything while values are unknown, inside blocks too", () => {
    type P = PartialConfig<typeof fields>;
    expectTypeOf<P["image"]>().toEqualTypeOf<string | undefined>();
    expectTypeOf<NonNullable<P["login"]>["username"]>().toEqualTypeOf<string | undefined>();
    expectTypeOf<NonNullable<P["mounts"]>[number]["from"]>().toEqualTypeOf<string | undefined>();
  });

  test("refuses defaults and options that do not fit", () => {
    // @ts-expect-error a text is no number
    integer("…", { default: "5" });
    // @ts-expect-error items are texts
    stringList("…", { default: [1] });
    // @ts-expect-error no such option
    string("…", { required: true, defualt: "x" });
    // @ts-expect-error only texts are paths
    boolean("…", { required: true, path: "cwd" });
    const config: Config<typeof fields> = {} as C;
    // @ts-expect-error read-only
    config.image = "x";
  });
});

test("the constructors make plain data that survives JSON", () => {
  expect(JSON.parse(JSON.stringify(fields))).toEqual(fields);
  expect(fields.arguments.shape).toEqual({
    kind: "attribute",
    type: { kind: "list", element: { kind: "list", element: { kind: "string" } } },
    as: { list: { list: "text" } },
  });
});
