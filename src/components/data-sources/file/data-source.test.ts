import { mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Bench } from "../../../../test/support/component-at-work.ts";
import { decodeConfig } from "../../../../test/support/decode-config.ts";
import { itemsOf, Numeric } from "../../../hcl/values/value.ts";
import { fileDataSource } from "./data-source.ts";

async function read(bench: Bench, options: Parameters<typeof decodeConfig>[1]): Promise<Record<string, unknown>> {
  const { config } = await decodeConfig(fileDataSource, options, bench.host);
  const value = await fileDataSource.read(config, bench.work);
  expect(value.type).toEqual(fileDataSource.output);
  if (!(value.data instanceof Map)) throw new Error("no object");
  const plain = itemsOf(value).map(({ data }) => (data instanceof Numeric ? data.toNumber() : data));
  return Object.fromEntries([...value.data.keys()].map((key, index) => [key, plain[index]]));
}

test("a text file gives its content, size and checksum", async () => {
  using bench = new Bench();
  writeFileSync(bench.path("a.txt"), "hello\n");

  expect(await read(bench, { path: "a.txt" })).toEqual({
    path: bench.path("a.txt"),
    exists: true,
    size: 6,
    sha256: "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03",
    content: "hello\n",
    content_base64: "aGVsbG8K",
  });
});

test("a file that is no text has its bytes in base64 only", async () => {
  using bench = new Bench();
  writeFileSync(bench.path("a.bin"), Buffer.from([0xff, 0xfe]));
  expect(await read(bench, { path: "a.bin" })).toMatchObject({ content: null, content_base64: "//4=", size: 2 });
});

test("a file that is missing is a fault, unless it is optional", async () => {
  using bench = new Bench();
  await expect(read(bench, { path: "nope" })).rejects.toThrow("There is no file nope");
  expect(await read(bench, { path: "nope", optional: true })).toMatchObject({
    exists: false,
    size: null,
    sha256: null,
    content: null,
  });
});

test("a large file gives its size and checksum alone", async () => {
  using bench = new Bench();
  writeFileSync(bench.path("disk"), "");
  truncateSync(bench.path("disk"), 20_000_000);
  await expect(read(bench, { path: "disk" })).rejects.toThrow("disk is longer than 16777216 bytes");
  expect(await read(bench, { path: "disk", read_content: false })).toMatchObject({
    size: 20_000_000,
    content: null,
    content_base64: null,
  });
});

test("a folder is a fault", async () => {
  using bench = new Bench();
  mkdirSync(bench.path("folder"));
  await expect(read(bench, { path: "folder" })).rejects.toThrow("it is no file, but a folder");
});
