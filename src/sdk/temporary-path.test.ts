import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { localHost } from "./local-host/local-host.ts";
import type { Owned } from "./owned.ts";
import { temporaryPath, temporaryPathKind } from "./temporary-path.ts";

const never = new AbortController().signal;
let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ingot-temporary-path-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function host() {
  return localHost({ environment: { HOME: folder, TMPDIR: folder } });
}

test("a path is owned before it is given out, and bears its mark", async () => {
  const owned: Owned[] = [];
  const owner = {
    own: async (one: Owned) => {
      owned.push(one);
      return Promise.reject(new Error("only the record counts here"));
    },
  };

  await expect(temporaryPath(host(), owner, ".sh")).rejects.toThrow("only the record");

  expect(owned[0]?.id).toBe(join(folder, `ingot-${owned[0]?.mark}.sh`));
});

test("what bears the mark goes, and what does not stays", async () => {
  const mark = "11111111-2222-4333-8444-555555555555";
  const owned = { kind: "temporary-path", id: join(folder, `ingot-${mark}`), mark, data: null };
  mkdirSync(join(folder, `ingot-${mark}`));
  writeFileSync(join(folder, `ingot-${mark}`, "inside"), "");
  writeFileSync(join(folder, `.ingot-${mark}.half-written`), "");
  writeFileSync(join(folder, "somebody-elses"), "");

  expect(await temporaryPathKind.destroy(owned, host(), never)).toBe("destroyed");

  expect(existsSync(owned.id)).toBe(false);
  expect(existsSync(join(folder, `.ingot-${mark}.half-written`))).toBe(false);
  expect(existsSync(join(folder, "somebody-elses"))).toBe(true);
  expect(await temporaryPathKind.destroy(owned, host(), never)).toBe("gone");
});

test("a folder that is gone, or a file by now, holds nothing of ours", async () => {
  const mark = "11111111-2222-4333-8444-555555555555";
  const owned = (parent: string) => ({ kind: "temporary-path", id: join(parent, `ingot-${mark}`), mark, data: null });
  writeFileSync(join(folder, "file"), "");

  expect(await temporaryPathKind.destroy(owned(join(folder, "missing")), host(), never)).toBe("gone");
  expect(await temporaryPathKind.destroy(owned(join(folder, "file")), host(), never)).toBe("gone");
});

test("a record that was tampered with removes nothing", async () => {
  writeFileSync(join(folder, "precious"), "");
  const owned = { kind: "temporary-path", id: join(folder, "precious"), mark: "precious", data: null };

  expect(await temporaryPathKind.destroy(owned, host(), never)).toBe("kept");
  expect(existsSync(join(folder, "precious"))).toBe(true);
});
