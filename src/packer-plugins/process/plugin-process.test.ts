import { spawn } from "node:child_process";
import { accessSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { localHost } from "../../sdk/local-host/local-host.ts";
import { type PluginAddress, parseHandshake } from "./handshake.ts";
import { logLines } from "./log-lines.ts";
import { type PluginCommand, type PluginProcess, startPlugin } from "./plugin-process.ts";

const host = localHost();
const never = new AbortController().signal;
const packer = "/usr/bin/packer";
const noPacker = isMissing(packer);

describe("the handshake", () => {
  test.each<[string, PluginAddress]>([
    ["5|0|unix|/tmp/packer-plugin3093189793\r", { network: "unix", path: "/tmp/packer-plugin3093189793" }],
    ["5|0|unix|/tmp/a|b", { network: "unix", path: "/tmp/a|b" }],
    ["5|0|tcp|127.0.0.1:10001", { network: "tcp", host: "127.0.0.1", port: 10_001 }],
    ["5|0|tcp|[::1]:10001", { network: "tcp", host: "::1", port: 10_001 }],
    ["5|unix|/tmp/old", { network: "unix", path: "/tmp/old" }],
  ])("%j says where the plugin listens", (line, address) => {
    expect(parseHandshake(line, "plugin x", true)).toEqual(address);
  });

  test.each([
    ["6|0|unix|/a", "plugin x speaks the plugin API 6.0, and 5.0 is needed"],
    ["5|1|unix|/a", "plugin x speaks the plugin API 5.1, and 5.0 is needed"],
    ["5|unix|/tmp/old", "plugin x speaks an old protocol of plugins, without an API version"],
    ["Usage: x", 'plugin x did not begin as a plugin does, but with "Usage: x"'],
    ["", 'plugin x did not begin as a plugin does, but with ""'],
    ["5|0|pipe|x", 'plugin x did not begin as a plugin does, but with "5|0|pipe|x"'],
    ["5|0|unix|", 'plugin x did not begin as a plugin does, but with "5|0|unix|"'],
    ["5|0|tcp|127.0.0.1:70000", 'plugin x did not begin as a plugin does, but with "5|0|tcp|127.0.0.1:70000"'],
    ["5|0|tcp|10.0.0.1:80", "plugin x says that it listens at 10.0.0.1:80, which is not this machine"],
  ])("%j is refused", (line, message) => {
    expect(() => parseHandshake(line, "plugin x", false)).toThrow(
      expect.objectContaining({ name: "Failure", message }),
    );
  });
});

describe("a plugin that does not come up", () => {
  test.each([
    ["ends at once", "echo cannot bind >&2; exit 3", /^plugin x ended before.*status 3\n.*wrote:\n {2}cannot bind$/s],
    [
      "panics",
      "echo 'panic: no map' >&2; seq 40 >&2; exit 2",
      /^plugin x ended .*\nThe last that it wrote:\n {2}panic: no map\n {2}1\n(.*\n){12} {2}14$/,
    ],
    ["prints something else", "echo hello; sleep 60", /did not begin as a plugin does, but with "hello"/],
    ["floods its stdout", "yes | tr -d '\\n'", /did not begin as a plugin does: it printed \d+ bytes/],
    ["says nothing", "sleep 60", /Starting plugin x took longer than 0.3 s/],
    ["listens nowhere", "echo '5|0|unix|/nowhere/x'; sleep 60", /Cannot connect to plugin x at \/nowhere\/x/],
  ])("one that %s fails with what it did", async (_, script, message) => {
    await expect(start({ argv: ["sh", "-c", script], handshakeLimit: 300 })).rejects.toThrow(message);
  });

  test("one that cannot be started fails with the system's answer", async () => {
    await expect(start({ argv: ["/nowhere/plugin"] })).rejects.toThrow(/Cannot start \/nowhere\/plugin/);
  });

  test("a cancelled start ends the process", async () => {
    const controller = new AbortController();
    const lines: string[] = [];
    const onLog = (line: string): void => {
      lines.push(line);
      controller.abort(new Error("enough"));
    };
    await expect(start({ argv: ["sh", "-c", "echo $$ >&2; sleep 60"], onLog }, controller.signal)).rejects.toThrow(
      "enough",
    );
    expect(isAlive(Number(lines[0]))).toBe(false);
  });
});

describe("what a plugin logs", () => {
  test("is cut into lines, wherever the chunks end, and into lines of bounded length", () => {
    const lines: string[] = [];
    const log = logLines((line) => lines.push(line));
    for (const byte of Buffer.from("one \r\nzwölf\n")) log.add(Buffer.of(byte));
    for (let index = 0; index < 100; index++) log.add(Buffer.alloc(1000, "x"));
    log.add(Buffer.from("\nlast"));
    log.end();
    expect(lines.map((line) => line.length)).toEqual([3, 5, 8196, 4]);
    expect(lines.at(-1)).toBe("last");
  });

  test("is remembered only at its end", () => {
    const log = logLines(() => {});
    for (let index = 0; index < 1000; index++) log.add(Buffer.from(`${index}\n`));
    expect(log.last).toHaveLength(100);
    expect(log.last[0]).toBe("900");
  });
});

describe.skipIf(noPacker)(`components of Packer 1.6${noPacker ? " (skipped: no packer here)" : ""}`, () => {
  test("start, and are gone when closed", async () => {
    const plugin = await start(nullBuilder);
    expect(plugin.socket.destroyed).toBe(false);
    await plugin.close();
    expect(await plugin.ended).toMatch(/ended|killed/);
    expect(plugin.socket.destroyed).toBe(true);
  });

  test("are gone when killed, and their connection is", async () => {
    const plugin = await start(nullBuilder);
    await plugin.kill();
    expect(await plugin.ended).toBe("it was killed");
    expect(plugin.socket.destroyed).toBe(true);
  });

  test("refuse the old handshake where it is not allowed", async () => {
    await expect(start({ ...nullBuilder, withoutMinor: false })).rejects.toThrow(/old protocol of plugins/);
  });

  test("end when their host is killed", async () => {
    const program = join(import.meta.dirname, "testdata", "hosting-program.ts");
    const child = spawn(process.execPath, [program, packer], { stdio: ["ignore", "pipe", "inherit"] });
    onTestFinished(() => void child.kill("SIGKILL"));
    const pid = await new Promise<number>((resolve) => child.stdout.once("data", (text) => resolve(Number(text))));
    expect(isAlive(pid)).toBe(true);
    child.kill("SIGKILL");
    await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
  });
});

const nullBuilder = {
  argv: [packer, "plugin", "packer-builder-null"],
  withoutMinor: true,
  environment: { CHECKPOINT_DISABLE: "1" },
} as const satisfies Partial<PluginCommand>;

async function start(command: Omit<PluginCommand, "label">, signal: AbortSignal = never): Promise<PluginProcess> {
  const plugin = await startPlugin(host, { label: "plugin x", ...command }, signal);
  onTestFinished(() => plugin.kill());
  return plugin;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function isMissing(path: string): boolean {
  try {
    accessSync(path);
    return false;
  } catch {
    return true;
  }
}
