import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { localHost } from "../../../sdk/local-host/local-host.ts";
import type { Owned } from "../../../sdk/owned.ts";
import { connectSocket } from "../connect-socket.ts";
import { openQmp } from "../qmp/qmp-client.ts";
import { newOwnedDisk, qemuDiskKind } from "./owned-disk.ts";
import { markFlags, newOwnedQemu, qemuProcessKind } from "./owned-qemu.ts";

const signal = AbortSignal.timeout(30_000);
const posix = process.platform !== "win32";

function here() {
  const top = mkdtempSync(join(tmpdir(), "ingot-test-owned-"));
  onTestFinished(() => rmSync(top, { recursive: true }));
  return localHost({ cwd: top, environment: { ...process.env, TMPDIR: top } });
}

/** As the journal hands it to another process. */
const recorded = (owned: Owned): Owned => JSON.parse(JSON.stringify(owned)) as Owned;

test.skipIf(!has("qemu-system-x86_64") || !has("pgrep"))(
  "a running QEMU is found by its mark alone, and ended with its folder (skipped: no QEMU or pgrep)",
  async () => {
    const host = here();
    const [owned, other] = [newOwnedQemu(host), newOwnedQemu(host)];
    const ended = [await start(host, owned), await start(host, other)];
    expect(await qemuProcessKind.destroy(recorded(owned), host, signal)).toBe("destroyed");
    expect(await ended[0]?.ended).toBe(0);
    expect(existsSync(owned.id)).toBe(false);
    expect(existsSync(join(other.id, "pid"))).toBe(true);
    expect(await qemuProcessKind.destroy(recorded(owned), host, signal)).toBe("gone");
    // What the advice would end, only listed.
    const [, pattern = ""] = /^pkill -f '([^']+)'/.exec(qemuProcessKind.removeByHand(other)) ?? [];
    const listed = execFileSync("pgrep", ["-f", "--", pattern]).toString().trim();
    expect(listed).toBe(readFileSync(join(other.id, "pid"), "utf8").trim());
    expect(await qemuProcessKind.destroy(recorded(other), host, signal)).toBe("destroyed");
    expect(await ended[1]?.ended).toBe(0);
    expect(existsSync(other.id)).toBe(false);
  },
);

test.skipIf(!posix)(
  "what does not end when it is asked to is made to end; what only names the mark is left (skipped: no POSIX)",
  async () => {
    const host = here();
    const owned = newOwnedQemu(host);
    const [flag, value] = markFlags(owned);
    const stubborn = spawn("sh", ["-c", "trap '' TERM; echo up; while :; do sleep 1; done", "sh", flag, value], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const bystander = spawn("sh", ["-c", "sleep 60", "sh", `${flag} ${value}`], { stdio: "ignore" });
    onTestFinished(() => void bystander.kill("SIGKILL"));
    const killed = new Promise((resolve) => stubborn.once("exit", (_code, by) => resolve(by)));
    await new Promise((up) => stubborn.stdout.once("data", up));
    expect(await qemuProcessKind.destroy(recorded(owned), host, signal)).toBe("destroyed");
    expect(await killed).toBe("SIGKILL");
    expect(bystander.exitCode ?? bystander.signalCode).toBeNull();
  },
);

test("a record that was tampered with ends and removes nothing", async () => {
  const host = here();
  const folder = host.files.resolve("mine");
  mkdirSync(folder);
  for (const changed of [{ mark: "mine" }, { mark: "ingot-0123456789abcdef" }]) {
    expect(await qemuProcessKind.destroy({ ...newOwnedQemu(host), id: folder, ...changed }, host, signal)).toBe("kept");
  }
  expect(await qemuDiskKind.destroy({ ...newOwnedDisk(folder), mark: "mine" }, host, signal)).toBe("kept");
  expect(existsSync(folder)).toBe(true);
});

test("a disk goes with all that bears its mark, and the finished one stays", async () => {
  const host = here();
  const owned = newOwnedDisk(host.files.resolve("out/disk.qcow2"));
  expect(await qemuDiskKind.destroy(recorded(owned), host, signal)).toBe("gone");
  mkdirSync(host.files.resolve("out"));
  for (const path of [owned.id, `${owned.id}-efivars.fd`, host.files.resolve("out/disk.qcow2")])
    writeFileSync(path, "");
  expect(await qemuDiskKind.destroy(recorded(owned), host, signal)).toBe("destroyed");
  expect(readdirSync(host.files.resolve("out"))).toEqual(["disk.qcow2"]);
});

async function start(host: ReturnType<typeof localHost>, owned: Owned): Promise<{ ended: Promise<number | null> }> {
  await host.files.makeFolder(owned.id, { mode: 0o700 });
  const path = join(owned.id, "qmp.sock");
  const argv = [
    "-S",
    "-machine",
    "none",
    "-nodefaults",
    "-display",
    "none",
    ...markFlags(owned),
    "-qmp",
    `unix:${path},server=on,wait=off`,
  ];
  const stop = new AbortController();
  const ended = host.run({ argv: ["qemu-system-x86_64", ...argv] }, stop.signal);
  onTestFinished(() => stop.abort());
  (await openQmp(await connectSocket(host, path, signal), signal)).close();
  return { ended: ended.then(({ code }) => code) };
}

function has(program: string): boolean {
  try {
    execFileSync(program, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
