import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, onTestFinished, test } from "vitest";
import { localHost } from "../../../sdk/local-host/local-host.ts";
import { connectSocket } from "../connect-socket.ts";
import { openQmp, type Qmp } from "./qmp-client.ts";

const folder = mkdtempSync(join(tmpdir(), "ingot-test-qmp-"));
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const host = localHost();
const limit = AbortSignal.timeout(15_000);

test.skipIf(!has("qemu-system-x86_64"))(
  "a real QEMU greets, answers, tells of events and quits (skipped: no QEMU)",
  async () => {
    const events: string[] = [];
    const { qmp, ended } = await startQemu((event) => events.push(event));
    expect(qmp.version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(await qmp.execute("query-status", limit)).toMatchObject({ status: "prelaunch", running: false });
    const resumed = qmp.nextEvent(["RESUME"], limit);
    await qmp.execute("cont", limit);
    expect((await resumed).event).toBe("RESUME");
    await qmp.quit(limit);
    expect((await ended).code).toBe(0);
    await qmp.closed;
    expect(events).toContain("RESUME");
    await expect(qmp.execute("query-status", limit)).rejects.toThrow("closed its control channel");
    await expect(qmp.nextEvent(["RESUME"], limit)).rejects.toThrow("closed its control channel");
  },
);

test.skipIf(!has("qemu-system-x86_64"))(
  "what QEMU refuses is a Failure with QEMU's reason (skipped: no QEMU)",
  async () => {
    const { qmp, ended } = await startQemu();
    await expect(qmp.execute("no-such-command", limit)).rejects.toThrow(
      "QEMU refused no-such-command: The command no-such-command has not been found",
    );
    const together = await Promise.all([qmp.execute("query-name", limit), qmp.execute("query-cpus-fast", limit)]);
    expect(together[0]).toEqual({ name: "mine" });
    expect(together[1]).toEqual([]);
    await qmp.quit(limit);
    await ended;
  },
);

test("who waits stops with its signal, and the channel goes on", async () => {
  const { qmp, send } = await withServer();
  const waiting = qmp.nextEvent(["SHUTDOWN"], AbortSignal.timeout(20));
  await expect(waiting).rejects.toThrow("timeout");
  const shutdown = qmp.nextEvent(["SHUTDOWN"], limit);
  send('{"event":"SHUT');
  send('DOWN","data":{"guest":true}}\n');
  expect(await shutdown).toEqual({ event: "SHUTDOWN", data: { guest: true } });
});

test("a peer that is cut off, or speaks no JSON, fails all who wait", async () => {
  const first = await withServer();
  const asked = first.qmp.execute("slow", limit);
  first.reset();
  await expect(asked).rejects.toThrow("closed its control channel");
  await first.qmp.quit(limit).catch((fault: unknown) => expect(String(fault)).toContain("closed"));
  const second = await withServer();
  const event = second.qmp.nextEvent(["X"], limit);
  second.send("220 smtp ready\n");
  await expect(event).rejects.toMatchObject({ cause: { message: "QEMU sent what is no JSON: 220 smtp ready" } });
});

async function startQemu(
  onEvent: (name: string) => void = () => {},
): Promise<{ qmp: Qmp; ended: Promise<{ code: number | null }> }> {
  rmSync(folder, { recursive: true, force: true });
  await host.files.makeFolder(folder);
  const path = join(folder, "qmp.sock");
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const line = `-S -name mine -machine none -nodefaults -display none -qmp unix:${path},server=on,wait=on`.split(" ");
  const ended = host.run({ argv: ["qemu-system-x86_64", ...line] }, stop.signal);
  ended.catch(() => {});
  const qmp = await openQmp(await connectSocket(host, path, limit), limit, ({ event }) => onEvent(event));
  return { qmp, ended };
}

async function withServer(): Promise<{ qmp: Qmp; send(text: string): void; reset(): void }> {
  let send: (text: string) => void = () => {};
  let reset = (): void => {};
  const server = createServer((socket) => {
    socket.on("error", () => {});
    send = (text) => void socket.write(text);
    reset = () => void socket.resetAndDestroy();
    send('{"QMP":{"version":{"qemu":{"major":9,"minor":1,"micro":0}}}}\r\n');
    socket.once("data", () => send('{"return":{},"id":1}\r\n'));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const qmp = await openQmp(await host.sockets.connect({ host: "127.0.0.1", port }, limit), limit);
  onTestFinished(() => {
    qmp.close();
    server.close();
  });
  return { qmp, send: (text) => send(text), reset: () => reset() };
}

function has(program: string): boolean {
  try {
    execFileSync(program, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
