import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Failure } from "../failure.ts";
import { localHost } from "./local-host.ts";
import { holdLock, isLocked, tryHoldLock } from "./lock.ts";

const signal = AbortSignal.timeout(20_000);
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ingot-test-lock-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("a lock", () => {
  test("is held by one process only, and by one holder within a process", async () => {
    const path = join(folder, "one");
    const other = await holderProcess(path);
    expect(await tryHoldLock(path)).toBeUndefined();
    await ended(other, "SIGTERM");

    const mine = await tryHoldLock(path);
    expect(mine).toBeDefined();
    expect(await tryHoldLock(path)).toBeUndefined();
    await mine?.release();
    expect(await isLocked(path)).toBe(false);
  });

  test("ends when its holder is killed", async () => {
    const path = join(folder, "killed");
    const other = await holderProcess(path);
    expect(await isLocked(path)).toBe(true);
    await ended(other, "SIGKILL");

    expect(existsSync(path)).toBe(true);
    expect(await isLocked(path)).toBe(false);
    const mine = await tryHoldLock(path);
    expect(mine).toBeDefined();
    await mine?.release({ remove: true });
    expect(existsSync(path)).toBe(false);
  });

  test("is not lost by asking for it, nor taken by it", async () => {
    const path = join(folder, "asked");
    const mine = await tryHoldLock(path);
    for (let count = 0; count < 3; count++) expect(await isLocked(path)).toBe(true);
    expect(await isLocked(join(folder, "nothing"))).toBe(false);
    expect(existsSync(join(folder, "nothing"))).toBe(false);
    const other = spawnHolder(path, "try");
    expect(await answerOf(other)).toBe("busy");
    await mine?.release();
  });

  test("goes to the next when it is freed", async () => {
    const path = join(folder, "next");
    const mine = await tryHoldLock(path);
    const next = holdLock(path, { signal });
    await mine?.release({ remove: true });
    const theirs = await next;
    expect(await tryHoldLock(path)).toBeUndefined();
    await theirs.release();
  });

  test("is not waited for after an abort", async () => {
    const path = join(folder, "aborted");
    const mine = await tryHoldLock(path);
    const stop = new AbortController();
    const waiting = holdLock(path, { signal: stop.signal });
    stop.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    await mine?.release();
  });

  test("that cannot be had says why", async () => {
    const inAFile = join(folder, "file-in-the-way");
    await localHost().files.write(inAFile, "");
    const fault = await tryHoldLock(join(inAFile, "lock")).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(Failure);
    expect(String(fault)).toContain(inAFile);
  });
});

describe("work under a lock", () => {
  test("of several processes and within one never happens at the same time", async () => {
    const path = join(folder, "counter-lock");
    const counter = join(folder, "counter");
    await localHost().files.write(counter, "0");
    const others = [1, 2, 3].map(() => spawnHolder(path, "count", counter));
    const host = localHost();
    const mine = Array.from({ length: 10 }, () =>
      host.files.withLock(path, signal, async () => {
        const value = Number(await host.files.readText(counter));
        await host.files.write(counter, String(value + 1));
      }),
    );
    await Promise.all([...mine, ...others.map((other) => once(other, "exit"))]);
    expect(await host.files.readText(counter)).toBe("40");
    expect(existsSync(path)).toBe(false);
    expect(existsSync(`${path}-holder`)).toBe(false);
  });

  test("says whom it waits for", async () => {
    const path = join(folder, "told");
    const other = await holderProcess(path, "with-lock");
    const { promise: told, resolve } = Promise.withResolvers<string>();
    const stop = new AbortController();
    const waiting = localHost({ onWait: resolve }).files.withLock(path, stop.signal, async () => {});
    expect(await told).toContain(`held by process ${other.pid}`);
    stop.abort();
    await expect(waiting).rejects.toThrow();
    await ended(other, "SIGKILL");
  });

  test("frees the lock when it throws", async () => {
    const path = join(folder, "throws");
    const { files } = localHost();
    await expect(files.withLock(path, signal, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await files.withLock(path, signal, async () => (await stat(path)).isFile())).toBe(true);
  });
});

type Deed = "hold" | "try" | "count" | "with-lock";

async function holderProcess(path: string, deed: Deed = "hold"): Promise<ChildProcess> {
  const child = spawnHolder(path, deed);
  expect(await answerOf(child)).toBe("held");
  return child;
}

function spawnHolder(path: string, deed: Deed, argument = ""): ChildProcess {
  const program = join(import.meta.dirname, "testdata", "hold-lock.ts");
  return spawn(process.execPath, [program, path, deed, argument], { stdio: ["ignore", "pipe", "inherit"] });
}

async function answerOf(child: ChildProcess): Promise<string> {
  for await (const chunk of child.stdout ?? []) return String(chunk).trim();
  return "";
}

async function ended(child: ChildProcess, signalName: "SIGTERM" | "SIGKILL"): Promise<void> {
  const exit = once(child, "exit");
  child.kill(signalName);
  await exit;
}
