import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { localHost } from "../../../sdk/local-host/local-host.ts";
import { processesWith } from "../owned/marked-process.ts";
import { markFlags, newOwnedQemu, qemuProcessKind } from "../owned/owned-qemu.ts";
import { startQemu } from "./start-qemu.ts";

const binary = "qemu-system-x86_64";
const flags = ["-machine", "pc,accel=tcg", "-m", "16", "-nodefaults", "-display", "none"];
const signal = AbortSignal.timeout(20_000);

function here() {
  const top = mkdtempSync(join(tmpdir(), "ingot-test-start-"));
  onTestFinished(() => rmSync(top, { recursive: true }));
  return localHost({ cwd: top, environment: { ...process.env, TMPDIR: top } });
}

describe.skipIf(!has(binary))("QEMU (skipped: not installed)", () => {
  test("starts with a control channel and a console, and ends when it is told to", async () => {
    const host = here();
    const { qmp, ended } = await startQemu({ binary, flags }, newOwnedQemu(host), host, signal);
    expect(await qmp.execute("query-status", signal)).toMatchObject({ running: true });
    await qmp.quit(signal);
    expect(await ended).toEqual({ code: 0, signal: null, said: "" });
  });

  test("that ends at its start is a Failure with its own words", async () => {
    const host = here();
    const start = startQemu({ binary, flags: [...flags, "-cdrom", "/nowhere.iso"] }, newOwnedQemu(host), host, signal);
    await expect(start).rejects.toThrow(/ended at its start \(code 1\): .*Could not open '\/nowhere.iso'/);
  });

  test("that is not there is a Failure", async () => {
    const host = here();
    await expect(
      startQemu({ binary: "/nowhere/qemu", flags }, newOwnedQemu(host), { ...host, platform: "other" }, signal),
    ).rejects.toThrow("there is no such program");
  });

  test("ends when its build is cancelled", async () => {
    const host = here();
    const stop = new AbortController();
    const owned = newOwnedQemu(host);
    const { ended } = await startQemu({ binary, flags }, owned, host, stop.signal);
    stop.abort(new Error("cancelled"));
    await expect(ended).rejects.toThrow("cancelled");
    expect(await processesWith(host, markFlags(owned), signal)).toEqual([]);
  });

  test.skipIf(process.platform !== "linux" || !has("setpriv"))(
    "does not outlive who started it (skipped: no setpriv)",
    async () => {
      const host = here();
      const owned = newOwnedQemu(host);
      const program = `
      import { startQemu } from ${JSON.stringify(join(import.meta.dirname, "start-qemu.ts"))};
      import { localHost } from ${JSON.stringify(join(import.meta.dirname, "../../../sdk/local-host/local-host.ts"))};
      await startQemu(${JSON.stringify({ binary, flags })}, ${JSON.stringify(owned)}, localHost(), new AbortController().signal);
      console.log("up");`;
      const parent = spawn(process.execPath, ["--input-type=module-typescript", "-e", program], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      await new Promise((up) => parent.stdout.once("data", up));
      expect(await processesWith(host, markFlags(owned), signal)).toHaveLength(1);
      parent.kill("SIGKILL");
      while ((await processesWith(host, markFlags(owned), signal)).length > 0) await host.sleep(20, signal);
      expect(await qemuProcessKind.destroy(owned, host, signal)).toBe("destroyed");
      expect(await qemuProcessKind.destroy(owned, host, signal)).toBe("gone");
    },
  );
});

function has(program: string): boolean {
  try {
    execFileSync(program, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
