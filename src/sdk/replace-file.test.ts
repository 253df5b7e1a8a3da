import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { localHost } from "./local-host/local-host.ts";
import type { Owned, Ownership } from "./owned.ts";
import { replaceFile } from "./replace-file.ts";
import { temporaryPathKind } from "./temporary-path.ts";

const never = new AbortController().signal;
let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ingot-replace-file-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("the file appears whole, and the old one stays until then", async () => {
  const target = join(folder, "deep", "target");

  await replaceFile(target, work(), async (output) => {
    await pipeline(Readable.from(["first"]), output);
  });
  await replaceFile(target, work(), async (output) => {
    expect(readFileSync(target, "utf8")).toBe("first");
    await pipeline(Readable.from(["second"]), output);
  });

  expect(readFileSync(target, "utf8")).toBe("second");
  expect(readdirSync(join(folder, "deep"))).toEqual(["target"]);
});

test("a fault of what writes leaves the old file and nothing beside it", async () => {
  writeFileSync(join(folder, "target"), "old");

  const replaced = replaceFile(join(folder, "target"), work(), async () => Promise.reject(new Error("no content")));

  await expect(replaced).rejects.toThrow("no content");
  expect(readFileSync(join(folder, "target"), "utf8")).toBe("old");
  expect(readdirSync(folder)).toEqual(["target"]);
});

test("a file that broke before it was written to says why, not that it is closed", async () => {
  writeFileSync(join(folder, "a-file"), "");

  const replaced = replaceFile(join(folder, "a-file", "target"), work(), async (output) => {
    // As long as an answer takes whose content is to be written.
    while (!output.errored) await nextTurn();
    await pipeline(Readable.from(["content"]), output);
  });

  await expect(replaced).rejects.toThrow(/a-file/);
});

function work() {
  const host = localHost({ environment: { HOME: folder, TMPDIR: folder } });
  return {
    host,
    own: async (owned: Owned): Promise<Ownership> => ({
      owned,
      update: async () => {},
      destroy: async () => void (await temporaryPathKind.destroy(owned, host, never)),
      release: async () => {},
      handOver: async () => {},
    }),
  };
}
