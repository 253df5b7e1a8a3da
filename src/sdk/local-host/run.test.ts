import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, describe, expect, test } from "vitest";
import { Failure } from "../failure.ts";
import { localHost } from "./local-host.ts";

const folder = mkdtempSync(join(tmpdir(), "ingot-test-run-"));
afterAll(() => rm(folder, { recursive: true }));
const host = localHost({ cwd: folder });
const never = new AbortController().signal;
const sh = (script: string): { argv: [string, ...string[]] } => ({ argv: ["sh", "-c", script] });

describe("a program that runs", () => {
  test("gives its exit code and all of its output", async () => {
    expect(await host.run(sh("echo out; echo err >&2; exit 3"), never)).toEqual({
      code: 3,
      signal: null,
      stdout: "out\n",
      stderr: "err\n",
    });
    expect(await host.run(sh("kill -9 $$"), never)).toMatchObject({ code: null, signal: "SIGKILL" });
  });

  test("has told its listeners everything when it resolves, and is not captured then", async () => {
    let length = 0;
    const result = await host.run(
      { ...sh("head -c 5000000 /dev/zero"), onStdout: (chunk) => (length += chunk.length) },
      never,
    );
    expect(length).toBe(5_000_000);
    expect(result.stdout).toBe("");
  });

  test("has the host's environment, less and more what the command says", async () => {
    const here = localHost({ cwd: folder, environment: { ...process.env, ONE: "1", TWO: "2" } });
    const command = { ...sh('echo "$ONE-$TWO-$THREE"'), environment: { TWO: undefined, THREE: "3" } };
    expect((await here.run(command, never)).stdout).toBe("1--3\n");
    expect((await here.run({ argv: ["pwd"], cwd: "/" }, never)).stdout).toBe("/\n");
    expect((await here.run({ argv: ["pwd"] }, never)).stdout).toBe(`${folder}\n`);
  });

  test.each<[string, string | Uint8Array | Readable | undefined, string]>([
    ["text", "text", "text"],
    ["bytes", Buffer.from("bytes"), "bytes"],
    ["a stream", Readable.from([Buffer.from("a "), Buffer.from("stream")]), "a stream"],
    ["nothing", undefined, ""],
  ])("reads %s from its input", async (_, stdin, expected) => {
    expect((await host.run({ argv: ["cat"], ...(stdin !== undefined && { stdin }) }, never)).stdout).toBe(expected);
  });

  test("may leave its input unread", async () => {
    const result = await host.run({ ...sh("exit 0"), stdin: "x".repeat(10_000_000) }, never);
    expect(result.code).toBe(0);
  });
});

describe("a program that cannot be started", () => {
  test.each<[string, [string, ...string[]], string]>([
    ["is not there", ["no-such-program"], "Cannot start no-such-program: there is no such program"],
    ["may not be run", ["./plain"], "Cannot start ./plain: permission denied"],
    ["has too many arguments", ["echo", "x".repeat(5_000_000)], "Cannot start echo: its arguments"],
  ])("because it %s says so", async (_, argv, message) => {
    writeFileSync(join(folder, "plain"), "");
    const fault = await host.run({ argv }, never).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(Failure);
    expect(String(fault)).toContain(message);
    expect(fault).toHaveProperty("hint", expect.any(String));
  });

  test("because its folder is not there says that", async () => {
    await expect(host.run({ argv: ["true"], cwd: "none" }, never)).rejects.toThrow(
      `its folder ${folder}/none does not exist`,
    );
  });

  test("because it was cancelled before is not started", async () => {
    await expect(host.run(sh("touch started"), AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
    expect(await host.files.exists("started")).toBe(false);
  });
});

describe("a program that is cancelled", () => {
  test("ends with all that it started, and throws the reason", async () => {
    const stop = new AbortController();
    const running = host.run(
      { ...sh("sleep 100 & echo $! > child; echo $$ > parent; wait"), killAfter: 5000 },
      stop.signal,
    );
    const pids = [await pidIn("child"), await pidIn("parent")];
    stop.abort(new Error("enough"));
    await expect(running).rejects.toThrow("enough");
    expect(pids.filter(isAlive)).toEqual([]);
  });

  test("may clean up before it ends, within its time", async () => {
    const stop = new AbortController();
    let said = "";
    const script = "trap 'echo cleaned; exit' TERM; echo $$ > polite; while :; do sleep 0.01; done";
    const command = { ...sh(script), killAfter: 10_000, onStdout: (chunk: Buffer) => (said += chunk) };
    const running = host.run(command, stop.signal);
    await pidIn("polite");
    stop.abort(new Error("enough"));
    await expect(running).rejects.toThrow("enough");
    expect(said).toBe("cleaned\n");
  });

  test("is killed where it does not end by itself", async () => {
    const stop = new AbortController();
    const running = host.run(
      { ...sh("trap '' TERM; echo $$ > stubborn; while :; do sleep 0.01; done"), killAfter: 50 },
      stop.signal,
    );
    const pid = await pidIn("stubborn");
    stop.abort(new Error("enough"));
    await expect(running).rejects.toThrow("enough");
    expect(isAlive(pid)).toBe(false);
  });

  test("is not waited for where a daemon that left its group holds its output open", async () => {
    const stop = new AbortController();
    const running = host.run(
      { ...sh("setsid sh -c 'echo $$ > daemon; exec sleep 100' & wait"), killAfter: 50 },
      stop.signal,
    );
    const pid = await pidIn("daemon");
    stop.abort(new Error("enough"));
    await expect(running).rejects.toThrow("enough");
    process.kill(pid, "SIGKILL");
  });
});

async function pidIn(name: string): Promise<number> {
  for (;;) {
    try {
      const text = readFileSync(join(folder, name), "utf8");
      if (text.endsWith("\n")) return Number(text);
    } catch {
      // Not written yet.
    }
    await wait(5);
  }
}

function isAlive(pid: number): boolean {
  try {
    // A zombie that nobody has waited for yet is dead all the same.
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}
