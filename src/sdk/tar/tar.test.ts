import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, describe, expect, test } from "vitest";
import { Failure } from "../failure.ts";
import { localHost } from "../local-host/local-host.ts";
import { encodeHeader, type TarHeader } from "./header.ts";
import { packFolder } from "./pack-folder.ts";
import { readTar } from "./read-tar.ts";
import { unpackFolder } from "./unpack-folder.ts";
import { tarLength, writeTar } from "./write-tar.ts";

const folder = mkdtempSync(join(tmpdir(), "ingot-tar-"));
const host = localHost({ cwd: folder });
const root = { uid: 0, gid: 0 };
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const noTar = spawnSync("tar", ["--version"]).status === 0 ? undefined : "there is no tar";

describe.skipIf(noTar)(`an archive${noTar ? ` (skipped: ${noTar})` : ""}`, () => {
  test("of a folder unpacks with tar to the same folder", async () => {
    const source = makeFolder();
    const archive = join(folder, "ours.tar");
    writeFileSync(archive, await bytesOf(writeTar(packFolder(host, source, { prefix: "in/side", owner: root }))));
    const target = mkdtempSync(join(folder, "unpacked-"));
    execFileSync("tar", ["xpf", archive, "-C", target]);
    expect(listing(join(target, "in/side"))).toBe(listing(source));
  });

  test.each(["ustar", "pax", "gnu", "v7"])("that tar wrote as %s unpacks to the same folder", async (format) => {
    const source = makeFolder(format === "v7" || format === "ustar");
    const archive = execFileSync("tar", [`--format=${format}`, "-C", source, "-cf", "-", "."], { maxBuffer: 1e8 });
    const target = join(folder, `from-${format}`);
    await unpack(archive, target);
    expect(listing(target)).toBe(listing(source));
  });

  test("may come in chunks of any size", async () => {
    const source = makeFolder();
    const archive = execFileSync("tar", ["-C", source, "-cf", "-", "."], { maxBuffer: 1e8 });
    for (const size of [1, 511, 513, 10_000]) {
      const names: string[] = [];
      for await (const { header } of readTar("test", Readable.from(cut(archive, size)))) names.push(header.path);
      expect(names.length).toBeGreaterThan(8);
      expect(names).toContain("folder/file");
    }
  });

  test("keeps files larger than 8 GiB apart from others by a record of their size", () => {
    const header = headerOf({ size: 9 * 1024 ** 3 });
    expect(encodeHeader(header).toString("latin1")).toContain(`size=${9 * 1024 ** 3}\n`);
  });

  test("is as long as it was said to be", async () => {
    for (const size of [0, 1, 511, 512, 513]) {
      const header = headerOf({ path: "x".repeat(size % 200 || 1), size });
      const bytes = await bytesOf(writeTar([size === 0 ? { header } : { header, content: Buffer.alloc(size) }]));
      expect(bytes.length).toBe(tarLength(header));
    }
  });

  test("takes no more of a file than it had when it began, and fails where there is less", async () => {
    const content = (size: number) => ({
      header: headerOf({ size: 10 }),
      content: Readable.from([Buffer.alloc(size, 0x61)]),
    });
    const bytes = await bytesOf(writeTar([content(20)]));
    expect(bytes.subarray(512, 524).toString("latin1")).toBe("aaaaaaaaaa\0\0");
    await expect(bytesOf(writeTar([content(5)]))).rejects.toThrow(/became 5 bytes shorter/);
  });

  test("that breaks off is a fault", async () => {
    const archive = execFileSync("tar", ["-C", makeFolder(), "-cf", "-", "."], { maxBuffer: 1e8 });
    await expect(unpack(archive.subarray(0, 700), join(folder, "broken"))).rejects.toThrow(Failure);
  });
});

describe("what a hostile guest puts into an archive", () => {
  const outside = join(folder, "outside");
  const entry = (header: Partial<TarHeader>, content?: string) => ({
    header: headerOf({ ...header, size: content?.length ?? 0 }),
    ...(content !== undefined && { content: Buffer.from(content) }),
  });

  test.each([
    ["a path upwards", [entry({ path: "../outside/file" }, "planted")]],
    [
      "a path through its own link",
      [entry({ path: "a", kind: "link", linkTarget: outside }), entry({ path: "a/file" }, "planted")],
    ],
    ["a hard link to what is outside", [entry({ path: "a", kind: "hard-link", linkTarget: "../../etc/passwd" })]],
    [
      "a hard link through its own link",
      [
        entry({ path: "a", kind: "link", linkTarget: "/etc/passwd" }),
        entry({ path: "b", kind: "hard-link", linkTarget: "a" }),
      ],
    ],
  ])("%s is refused", async (_what, entries) => {
    mkdirSync(outside, { recursive: true });
    await expect(unpack(await bytesOf(writeTar(entries)), join(folder, "hostile"))).rejects.toThrow(Failure);
    expect(() => readFileSync(join(outside, "file"))).toThrow();
  });

  test("a link that lies there already is not written through", async () => {
    mkdirSync(outside, { recursive: true });
    writeFileSync(join(outside, "kept"), "mine");
    const target = mkdtempSync(join(folder, "laid-"));
    symlinkSync(join(outside, "kept"), join(target, "file"));
    symlinkSync(outside, join(target, "folder"));
    await unpack(await bytesOf(writeTar([entry({ path: "file" }, "replaced")])), target);
    expect([readFileSync(join(outside, "kept"), "utf8"), readFileSync(join(target, "file"), "utf8")]).toEqual([
      "mine",
      "replaced",
    ]);
    const through = [entry({ path: "folder", kind: "folder" }), entry({ path: "folder/file" }, "planted")];
    await expect(unpack(await bytesOf(writeTar(through)), target)).rejects.toThrow(/is a link here/);
  });
});

async function unpack(archive: Buffer, into: string): Promise<void> {
  const entries = readTar("test", Readable.from([archive]));
  await unpackFolder(host, { entries, root: "", into, what: "test", excluded: () => false });
}

function headerOf(header: Partial<TarHeader>): TarHeader {
  return { path: "file", kind: "file", size: 0, mode: 0o644, modified: 1_000_000_000, ...root, ...header };
}

let made = 0;
function makeFolder(shortNames = false): string {
  const source = join(folder, `source-${made++}`);
  mkdirSync(join(source, "folder", "empty"), { recursive: true });
  writeFileSync(join(source, "folder", "file"), "content\n");
  writeFileSync(join(source, "folder", "nothing"), "");
  writeFileSync(join(source, "ünï cödé €"), "x".repeat(1000));
  writeFileSync(join(source, "large"), Buffer.alloc(300_000, 7));
  symlinkSync("folder/file", join(source, "link"));
  symlinkSync("/nowhere at all", join(source, "dangling"));
  if (!shortNames) {
    const deep = join(source, "d".repeat(120), "e".repeat(120));
    mkdirSync(deep, { recursive: true });
    writeFileSync(join(deep, "f".repeat(120)), "deep");
    symlinkSync("t".repeat(200), join(deep, "link"));
  }
  chmodSync(join(source, "folder", "file"), 0o751);
  chmodSync(join(source, "folder", "empty"), 0o700);
  utimesSync(join(source, "folder", "file"), 1_234_567_890, 1_234_567_890);
  return source;
}

/** Kind, mode, size, path, target and, of files, time and sum of everything. */
function listing(path: string): string {
  const format =
    "( -type l -printf l@%P@%l\\n ) , ( -type d -printf d@%m@%P\\n ) , ( -type f -printf f@%m@%s@%Ts@%P\\n )";
  const found = execFileSync("find", [path, "-mindepth", "1", ...format.split(" ")], { encoding: "utf8" });
  return found.split("\n").sort().join("\n");
}

async function bytesOf(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function* cut(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
