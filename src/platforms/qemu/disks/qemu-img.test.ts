import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { localHost } from "../../../sdk/local-host/local-host.ts";
import { qemuImg } from "./qemu-img.ts";

const top = mkdtempSync(join(tmpdir(), "ingot-test-disks-"));
afterAll(() => rmSync(top, { recursive: true }));
const tool = qemuImg(localHost({ cwd: top }));
const signal = AbortSignal.timeout(60_000);
const digest = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");

describe.skipIf(!has("qemu-img"))("qemu-img (skipped: not installed)", () => {
  const raw = join(top, "source.raw");
  beforeAll(() => {
    const disk = Buffer.alloc(16 * 1024 * 1024);
    for (let at = 1024 * 1024; at < 6 * 1024 * 1024; at += 4) disk.writeUInt32LE((at * 2654435761) >>> 0, at);
    writeFileSync(raw, disk);
  });

  test.each<[string, readonly string[], boolean]>([
    ["qcow2", [], false],
    ["qcow2", ["compression_type=zstd"], true],
    ["qcow2", [], true],
    ["vmdk", ["subformat=streamOptimized"], false],
    ["vmdk", ["subformat=monolithicFlat"], false],
    ["vpc", ["force_size=on"], false],
    ["vhdx", [], false],
    ["vdi", [], false],
  ])("makes %s %j, compressed %s, and back again the same", async (format, options, compress) => {
    const name = join(top, `${format}-${options.join("")}-${compress}`);
    const shares: number[] = [];
    await tool.convert(
      { from: raw, fromFormat: "raw", to: name, format, options, compress },
      signal,
      (share) => void shares.push(share),
    );
    expect(shares.at(-1)).toBe(1);
    expect(await tool.info(name, signal)).toMatchObject({ format, virtualSize: 16 * 1024 * 1024 });
    await tool.convert({ from: name, fromFormat: format, to: `${name}.raw`, format: "raw" }, signal);
    expect(digest(`${name}.raw`)).toBe(digest(raw));
    // Sparse stays sparse.
    expect(statSync(`${name}.raw`).blocks * 512).toBeLessThan(8 * 1024 * 1024);
  });

  test("makes a disk, one that stands on it, and a larger one of it", async () => {
    await tool.create({ path: "base.qcow2", format: "qcow2", size: "8M" }, signal);
    await tool.create(
      { path: "top.qcow2", format: "qcow2", backing: { path: join(top, "base.qcow2"), format: "qcow2" } },
      signal,
    );
    await tool.resize("top.qcow2", "qcow2", "12M", signal);
    expect(await tool.info("top.qcow2", signal)).toMatchObject({
      format: "qcow2",
      virtualSize: 12 * 1024 * 1024,
      backing: join(top, "base.qcow2"),
    });
    expect((await tool.info("base.qcow2", signal)).backing).toBeUndefined();
  });

  test("tells its faults in its own words", async () => {
    await expect(tool.info("none", signal)).rejects.toThrow(/^Cannot read the disk none: Could not open 'none'/);
    await expect(tool.create({ path: "x", format: "nope", size: "1M" }, signal)).rejects.toThrow(
      "Unknown file format 'nope'",
    );
    await expect(tool.resize("base.qcow2", "qcow2", "1M", signal)).rejects.toThrow("--shrink");
  });
});

test("a tool that is not there is a Failure", async () => {
  await expect(qemuImg(localHost(), "/nowhere/qemu-img").info("x", signal)).rejects.toThrow("there is no such program");
});

function has(program: string): boolean {
  try {
    execFileSync(program, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
