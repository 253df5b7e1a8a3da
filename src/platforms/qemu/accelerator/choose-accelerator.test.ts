import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { localHost } from "../../../sdk/local-host/local-host.ts";
import { chooseAccelerator, probe } from "./choose-accelerator.ts";

const folder = mkdtempSync(join(tmpdir(), "ingot-test-accelerator-"));
afterAll(() => rmSync(folder, { recursive: true }));
const host = { ...localHost(), temporaryFolder: folder };
const work = {
  host,
  own: async (owned: { id: string }) => ({
    owned: { kind: "temporary-path", mark: "", data: null, ...owned },
    update: async () => {},
    destroy: () => host.files.remove(owned.id),
    release: async () => {},
    handOver: async () => {},
  }),
};
const signal = AbortSignal.timeout(15_000);

for (const architecture of ["x86_64", "aarch64"]) {
  const binary = `qemu-system-${architecture}`;
  test.skipIf(!has(binary))(
    `a guest of ${architecture} runs its 64-bit code when emulated (skipped: no ${binary})`,
    async () => {
      expect(await probe(binary, architecture, "tcg", work, signal)).toBeUndefined();
      expect(readdirSync(folder)).toEqual([]);
    },
  );
}

test.skipIf(!has("qemu-system-x86_64"))(
  "what this QEMU does not have is told in QEMU's words (skipped: no QEMU)",
  async () => {
    expect(await probe("qemu-system-x86_64", "x86_64", "hvf", work, signal)).toMatch(/invalid accelerator hvf/i);
  },
);

test.skipIf(!has("qemu-system-x86_64") || process.arch !== "x64")(
  "the choice is kvm only where a guest runs in it, and says why not (skipped: no QEMU for this machine)",
  async () => {
    const fault = await probe("qemu-system-x86_64", "x86_64", "kvm", work, signal);
    const choice = await chooseAccelerator("qemu-system-x86_64", work, signal);
    expect(choice.accelerator).toBe(fault === undefined ? "kvm" : "tcg");
    if (fault !== undefined) expect(choice.reason).toBe(`kvm does not work here (${fault}), so tcg, which is slow`);
    if (!existsSync("/dev/kvm")) expect(fault).toMatch(/No such file|not access KVM/);
  },
);

test("a guest of another architecture is emulated, and nothing is tried", async () => {
  const other = { ...work, host: { ...host, platform: "darwin" as const, architecture: "arm64" } };
  expect(await chooseAccelerator("/opt/qemu-system-x86_64", other, signal)).toEqual({
    accelerator: "tcg",
    reason: "a guest of x86_64 is emulated on a machine of aarch64",
  });
});

test("without QEMU the choice is a Failure that says how to get it", async () => {
  const here = { ...work, host: { ...host, platform: "linux" as const, architecture: "x64" } };
  await expect(chooseAccelerator("/nowhere/qemu-system-x86_64", here, signal)).rejects.toMatchObject({
    message: "Cannot start /nowhere/qemu-system-x86_64: there is no such program",
    hint: expect.stringContaining("qemu_binary"),
  });
});

function has(program: string): boolean {
  try {
    execFileSync(program, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
