import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { Failure } from "../failure.ts";
import type { Files } from "../host.ts";
import { localHost } from "./local-host.ts";

const root = mkdtempSync(join(tmpdir(), "ingot-test-files-"));
afterAll(() => rm(root, { recursive: true }));
let cwd = "";
let files: Files;
beforeEach(async () => {
  cwd = await mkdtemp(join(root, "t-"));
  files = localHost({ cwd }).files;
});

describe("writing a file", () => {
  test("makes its folders, and leaves nothing beside it", async () => {
    await files.write("a/b/c.txt", "one");
    await files.write("a/b/c.txt", Buffer.from("two"));
    expect(await files.readText("a/b/c.txt")).toBe("two");
    expect(await files.list("a/b")).toEqual(["c.txt"]);
  });

  test("gives the mode that was asked for, and keeps the one that was there", async () => {
    await files.write("secret", "x", { mode: 0o600 });
    expect((await files.stat("secret"))?.mode).toBe(0o600);
    await chmod(join(cwd, "secret"), 0o640);
    await files.write("secret", "y");
    expect((await files.stat("secret"))?.mode).toBe(0o640);
  });

  test("through a link replaces what the link leads to", async () => {
    await files.write("target", "old");
    await symlink("target", join(cwd, "link"));
    await files.write("link", "new");
    expect(await files.readText("target")).toBe("new");
    expect(
      (await readdirSync(cwd, { withFileTypes: true }).find(({ name }) => name === "link"))?.isSymbolicLink(),
    ).toBe(true);
  });

  test("to what is no plain file writes to that", async () => {
    await files.write("/dev/null", "gone");
    expect((await stat("/dev/null")).isFile()).toBe(false);
  });

  test("takes names as long as the file system does", async () => {
    const name = `${"n".repeat(100)}${"ü".repeat(77)}`;
    await files.write(name, "x");
    expect(await files.list(".")).toEqual([name]);
  });

  test.skipIf(process.getuid?.() !== 0)(
    "leaves the old one whole when the disk is full (skipped unless root)",
    async () => {
      const disk = join(cwd, "disk");
      await mkdir(disk);
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", disk]);
      try {
        await files.write("disk/f", "old");
        const fault = await files.write("disk/f", "x".repeat(200_000)).catch((error: unknown) => error);
        expect(fault).toBeInstanceOf(Failure);
        expect(fault).toMatchObject({ message: "Cannot write disk/f: the disk is full", hint: /Make room/ });
        expect(await files.list("disk")).toEqual(["f"]);
        expect(await files.readText("disk/f")).toBe("old");
      } finally {
        execFileSync("umount", ["-l", disk]);
      }
    },
  );
});

describe("a fault", () => {
  test.each<[string, (own: Files) => Promise<unknown>, string]>([
    ["of reading", (own) => own.read("none"), "Cannot read none: no such file or folder"],
    ["of reading a folder", (own) => own.readText("."), "Cannot read .: it is a folder, not a file"],
    ["of listing", (own) => own.list("none"), "Cannot list none: no such file or folder"],
    [
      "of walking",
      async (own) => await own.walk("none")[Symbol.asyncIterator]().next(),
      "Cannot list none: no such file",
    ],
    ["of renaming", (own) => own.rename("none", "x"), "Cannot rename none to x: no such file or folder"],
    ["of writing", (own) => own.write("file/below", "x"), "Cannot write file/below: "],
    ["of appending", (own) => own.append("none/x", "x"), "Cannot append to none/x: no such file or folder"],
    ["of a folder's making", (own) => own.makeFolder("file"), "Cannot make the folder file: it exists already"],
    ["of a stream that reads", (own) => own.reader("none").toArray(), "Cannot read none: no such file or folder"],
    ["of a stream that writes", (own) => pipeline(["x"], own.writer("file/below")), "Cannot write file/below: "],
  ])("%s is a Failure that names deed and path", async (_, deed, message) => {
    await writeFile(join(cwd, "file"), "");
    const fault = await deed(files).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(Failure);
    expect(String(fault)).toContain(message);
  });
});

describe("a look at files", () => {
  test("follows links, and sees those that lead nowhere", async () => {
    await files.write("folder/file", "12345");
    await symlink("folder", join(cwd, "link"));
    await symlink("nowhere", join(cwd, "dangling"));
    expect(await files.stat("link")).toMatchObject({ kind: "folder" });
    expect(await files.stat("dangling")).toMatchObject({ kind: "link", linkTarget: "nowhere" });
    expect(await files.stat("folder/file")).toMatchObject({ kind: "file", size: 5 });
    expect(await files.stat("none")).toBeUndefined();
    expect(await files.stat("folder/file/below")).toBeUndefined();
    expect([await files.exists("folder"), await files.exists("dangling")]).toEqual([true, false]);
  });

  test("walks a folder in byte order, folders before what is in them, links as links", async () => {
    for (const path of ["b/2", "b/10", "a", "B", "ü", "b.x"]) await files.write(`top/${path}`, "");
    await symlink("..", join(cwd, "top/b/up"));
    const seen: string[] = [];
    for await (const {
      path,
      stat: { kind },
    } of files.walk("top"))
      seen.push(`${path} ${kind}`);
    expect(seen).toEqual(["B file", "a file", "b folder", "b/10 file", "b/2 file", "b/up link", "b.x file", "ü file"]);
  });

  test("reads and writes streams", async () => {
    await pipeline(["one ", "two"], files.writer("new/folder/out", { mode: 0o600 }));
    expect(Buffer.concat(await files.reader("new/folder/out").toArray()).toString()).toBe("one two");
    expect((await files.stat("new/folder/out"))?.mode).toBe(0o600);
    await files.append("new/folder/out", " three");
    expect(await readFile(join(cwd, "new/folder/out"), "utf8")).toBe("one two three");
  });

  test("removes files, folders, and links but not what they lead to", async () => {
    await files.write("folder/file", "");
    await symlink("folder", join(cwd, "link"));
    await files.remove("link");
    expect(await files.list("folder")).toEqual(["file"]);
    await files.remove("folder");
    await files.remove("folder");
    expect(await files.list(".")).toEqual([]);
  });

  test("makes folders that may be there, with the mode of a new one only", async () => {
    await files.makeFolder("a/b", { mode: 0o700 });
    await files.makeFolder("a/b");
    await files.makeFolder("a/b", { mode: 0o755 });
    expect((await files.stat("a/b"))?.mode).toBe(0o700);
    expect(await files.makeTemporaryFolder("ingot-test-")).toMatch(/ingot-test-\w{6}$/);
  });
});

describe("a glob", () => {
  test.each<[string, string[]]>([
    ["*.txt", [".hidden.txt", "a.txt", "b.txt"]],
    ["?.txt", ["a.txt", "b.txt"]],
    ["[ac].txt", ["a.txt"]],
    ["[!a].txt", ["b.txt"]],
    ["{a,b}.txt", ["a.txt", "b.txt"]],
    ["{sub/c,sub/deep/d}.txt", ["sub/c.txt", "sub/deep/d.txt"]],
    ["*/*.txt", ["link/c.txt", "sub/c.txt"]],
    ["**/*.txt", [".hidden.txt", "a.txt", "b.txt", "sub/c.txt", "sub/deep/d.txt"]],
    ["sub/**", ["sub/c.txt", "sub/deep", "sub/deep/d.txt"]],
    ["./sub/*.txt", ["./sub/c.txt"]],
    ["sub/../a.txt", ["sub/../a.txt"]],
    ["link/c.txt", ["link/c.txt"]],
    ["a.txt", ["a.txt"]],
    ["none*", []],
    ["none/*", []],
    ["a.txt/*", []],
    ["with \\[brackets\\]", ["with [brackets]"]],
    ["", []],
  ])("of %s", async (pattern, expected) => {
    for (const path of ["a.txt", "b.txt", ".hidden.txt", "sub/c.txt", "sub/deep/d.txt", "with [brackets]"]) {
      await files.write(path, "");
    }
    await symlink("sub", join(cwd, "link"));
    expect(await files.glob(pattern)).toEqual(expected);
  });

  test("that is absolute gives absolute paths", async () => {
    await files.write("a.txt", "");
    expect(await files.glob(join(cwd, "*.txt"))).toEqual([join(cwd, "a.txt")]);
  });
});
