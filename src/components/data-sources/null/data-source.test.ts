import { expect, test } from "vitest";
import { Bench } from "../../../../test/support/component-at-work.ts";
import { decodeConfig } from "../../../../test/support/decode-config.ts";
import { objectValue, stringValue } from "../../../hcl/values/value.ts";
import { nullDataSource } from "./data-source.ts";

test("its output is its input", async () => {
  using bench = new Bench();
  const { config } = await decodeConfig(nullDataSource, { input: "x" }, bench.host);
  const value = await nullDataSource.read(config, bench.work);
  expect(value).toEqual(objectValue({ output: stringValue("x") }));
  expect(value.type).toEqual(nullDataSource.output);
});
