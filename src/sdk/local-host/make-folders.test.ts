import { mkdir, mkdtemp, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeFolders } from "./make-folders.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ingot-test-folders-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("folders are made with those above them, and again is no fault", async () => {
  await makeFolders(join(folder, "a/b/c"), 0o700);
  await makeFolders(join(folder, "a/b/c"), 0o700);

  expect((await stat(join(folder, "a/b/c"))).mode & 0o777).toBe(0o700);
});

test("a link to a folder is a folder", async () => {
  await mkdir(join(folder, "real"));
  await symlink("real", join(folder, "link"));

  await makeFolders(join(folder, "link"));
  await makeFolders(join(folder, "link/a"));

  expect((await stat(join(folder, "real/a"))).isDirectory()).toBe(true);
});

test("what stands in the way is told", async () => {
  await writeFile(join(folder, "file"), "");
  await symlink("nowhere", join(folder, "dangling"));

  await expect(makeFolders(join(folder, "file"))).rejects.toMatchObject({ code: "EEXIST" });
  await expect(makeFolders(join(folder, "file/a"))).rejects.toMatchObject({ code: "ENOTDIR" });
  await expect(makeFolders(join(folder, "dangling/a"))).rejects.toMatchObject({ code: "EEXIST" });
});

test.skipIf(process.platform !== "linux")(
  "where no folder can be made, that is said (skipped: only Linux has /proc)",
  async () => {
    await expect(makeFolders("/proc/ingot/a")).rejects.toMatchObject({ code: "ENOENT" });
  },
);
