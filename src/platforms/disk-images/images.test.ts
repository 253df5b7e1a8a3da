import { execFileSync } from "node:child_process";
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { afterAll, expect, test } from "vitest";
import { localHost } from "../../sdk/local-host/local-host.ts";
import { floppyImage } from "./floppy/floppy-image.ts";
import { isoImage } from "./iso/iso-image.ts";
import { gatherTree } from "./tree/gather-tree.ts";
import { shortNames } from "./tree/short-names.ts";

const top = mkdtempSync(join(tmpdir(), "ingot-test-images-"));
afterAll(() => rmSync(top, { recursive: true }));
const { files } = localHost({ cwd: top });
const modified = new Date("2024-02-29T12:34:56Z");
const big = Buffer.alloc(300_001, "0123456789abcdef");
mkdirSync(join(top, "dir/deep/er"), { recursive: true });
writeFileSync(join(top, "dir/deep/er/a long name, with Ümläut.txt"), "ü");
writeFileSync(join(top, "dir/big.bin"), big);
writeFileSync(join(top, "one.sh"), "#!/bin/sh\n");
symlinkSync("../one.sh", join(top, "dir/link"));
const content = { "meta-data": "instance-id: x\n", "user-data": "", "scripts/sub/Autounattend.xml": "<xml/>" };
const expected: Record<string, string> = {
  "meta-data": content["meta-data"],
  "user-data": "",
  "scripts/sub/Autounattend.xml": "<xml/>",
  "dir/deep/er/a long name, with Ümläut.txt": "ü",
  "dir/big.bin": big.toString(),
  "dir/link": "#!/bin/sh\n",
  "one.sh": "#!/bin/sh\n",
};
const tree = (paths: string[] = ["dir", "*.sh"]) => gatherTree(files, { files: paths, content, modified });

for (const [mode, names] of [
  ["norock", "Joliet"],
  ["any", "Rock Ridge"],
] as const) {
  test.skipIf(!has("xorriso"))(`xorriso reads the CD back by its names of ${names} (skipped: no xorriso)`, async () => {
    const iso = await writeIso("x.iso", await tree(), "cidata");
    const out = join(top, `out-${mode}`);
    const argv = ["-read_fs", mode, "-indev", iso, "-osirrox", "on", "-extract", "/", out];
    execFileSync("xorriso", argv, { stdio: "pipe" });
    expect(await contents(out)).toEqual(expected);
  });
}

test.skipIf(!has("xorriso"))(
  "the CD has its label, and times and modes of Rock Ridge (skipped: no xorriso)",
  async () => {
    const iso = await writeIso("y.iso", await tree(), "cidata");
    const run = (...argv: string[]) => execFileSync("xorriso", ["-indev", iso, ...argv], { stdio: "pipe" }).toString();
    expect(run("-pvd_info")).toMatch(/Volume Id\s*:\s*cidata/);
    expect(run("-lsl", "/")).toMatch(/-r--r--r--\s+1 0\s+0\s+15 Feb 29\s+2024 'meta-data'/);
    expect(execFileSync("xorriso", ["-indev", iso, "-check_media", "--"], { stdio: "pipe" }).toString()).not.toContain(
      "FAILURE",
    );
  },
);

test.skipIf(!has("xorriso"))("a folder of many files fills several sectors (skipped: no xorriso)", async () => {
  const many = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`folder/file number ${at}.txt`, `${at}`]));
  const iso = await writeIso("many.iso", await gatherTree(files, { files: [], content: many, modified }), "many");
  for (const mode of ["norock", "any"]) {
    const out = join(top, `many-${mode}`);
    execFileSync("xorriso", ["-read_fs", mode, "-indev", iso, "-osirrox", "on", "-extract", "/", out], {
      stdio: "pipe",
    });
    expect(await contents(out)).toEqual(many);
  }
});

test.skipIf(!has("mcopy"))("mtools read the floppy back (skipped: no mtools)", async () => {
  const path = join(top, "floppy");
  writeFileSync(path, await floppyImage(await tree()));
  const out = join(top, "floppy-out");
  mkdirSync(out);
  execFileSync("mcopy", ["-s", "-n", "-i", path, "::*", out], { env: { ...process.env, LC_ALL: "C.UTF-8" } });
  expect(await contents(out)).toEqual(expected);
  expect(execFileSync("minfo", ["-i", path, "::"]).toString()).toContain("PACKER");
});

test.skipIf(!has("fsck.vfat", ["--help"]))(
  "a check of the floppy finds nothing wrong (skipped: no dosfstools)",
  async () => {
    const path = join(top, "checked");
    writeFileSync(path, await floppyImage(await tree()));
    expect(execFileSync("fsck.vfat", ["-n", "-V", path]).toString()).toMatch(/9 files|files, /);
  },
);

test("what does not fit on a floppy is a Failure with a way out", async () => {
  writeFileSync(join(top, "huge"), Buffer.alloc(1_500_000));
  await expect(floppyImage(await tree(["huge"]))).rejects.toMatchObject({
    message: expect.stringContaining("1.44 MB"),
    hint: expect.stringContaining("cd_files"),
  });
});

test("a folder with a slash gives what is in it; texts win; what is not there is a Failure", async () => {
  const gathered = await gatherTree(files, { files: ["dir/"], content: { "big.bin": "small" }, modified });
  expect(gathered.children.map(({ name }) => name).sort()).toEqual(["big.bin", "deep", "link"]);
  expect(gathered.children.find(({ name }) => name === "big.bin")).toMatchObject({ size: 5 });
  await expect(tree(["none"])).rejects.toThrow("There is no file none");
  await expect(tree(["none*"])).rejects.toThrow("Nothing matches none*");
  await expect(gatherTree(files, { files: [], content: { "../x": "" }, modified })).rejects.toThrow("is no path");
});

test("short names are all different", () => {
  const show = (names: string[]) => shortNames(names).map(({ base, extension }) => `${base}.${extension}`);
  expect(show(["a.txt", "long name 1.html", "long name 2.html", "long name 3.html", ".x", "Ü"])).toEqual([
    "A.TXT",
    "LONG_NAM.HTM",
    "LONG_N_1.HTM",
    "LONG_N_2.HTM",
    "_X.",
    "_.",
  ]);
});

async function writeIso(name: string, root: Parameters<typeof isoImage>[0], label: string): Promise<string> {
  const path = join(top, name);
  await pipeline(isoImage(root, label), createWriteStream(path));
  return path;
}

async function contents(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const { path, stat } of files.walk(folder)) {
    if (stat.kind === "file") found[path] = readFileSync(join(folder, path), "utf8");
  }
  return found;
}

function has(program: string, argv = ["--version"]): boolean {
  try {
    execFileSync(program, argv, { stdio: "ignore" });
    return true;
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ENOENT");
  }
}
