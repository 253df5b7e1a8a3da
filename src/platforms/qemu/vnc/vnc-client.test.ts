import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { localHost } from "../../../sdk/local-host/local-host.ts";
import { connectSocket } from "../connect-socket.ts";
import { keyEchoDisk } from "../testdata/key-echo-disk.ts";
import { pngOf } from "./png.ts";
import { fingerprint } from "./screen.ts";
import { settledScreen } from "./settled-screen.ts";
import { openVnc, type Vnc } from "./vnc-client.ts";
import { answerChallenge } from "./vnc-password.ts";

const host = localHost();
const limit = AbortSignal.timeout(60_000);
const noQemu = !has("qemu-system-x86_64");

test.skipIf(noQemu)("a real QEMU shows its screen, which settles, and takes keys (skipped: no QEMU)", async () => {
  const { vnc, serial } = await startQemu(undefined);
  const screen = await settledScreen(vnc, host, limit, { quiet: 600 });
  expect(screen.width).toBeGreaterThan(300);
  expect(new Set(screen.pixels).size).toBeGreaterThan(1);
  for (const [keysym, down] of [
    [0x61, true],
    [0x61, false],
    [0xffe1, true],
    [0x41, true],
    [0x41, false],
    [0xffe1, false],
    [0xff0d, true],
    [0xff0d, false],
  ] as const) {
    await vnc.key(keysym, down);
  }
  while (serial().length < 6) await host.sleep(10, limit);
  expect(serial()).toEqual(Buffer.from([0x61, 0x1e, 0x41, 0x1e, 0x0d, 0x1c]));
});

test.skipIf(noQemu)("a password of VNC opens, and a wrong one is told (skipped: no QEMU)", async () => {
  const { vnc, open } = await startQemu("s3cretpw");
  expect((await vnc.screen(limit)).width).toBeGreaterThan(300);
  await expect(open("wrong")).rejects.toThrow(/^The VNC server refused the password: Authentication failed/);
  await expect(open(undefined)).rejects.toThrow("wants a password, and none was given");
});

test("the answer to a challenge is DES under the password with its bits turned round", () => {
  // Key 0x80… by the bit order of VNC is 0x01…, so a key of all 0 and one of all 1 are their own turned-round selves.
  expect(answerChallenge(Buffer.alloc(16), "").toString("hex")).toBe("8ca64de9c1b123a7".repeat(2));
  expect(answerChallenge(Buffer.alloc(8, 0xff), "").toString("hex")).toBe("355550b2150e2451");
});

test("rectangles are painted and copied, also over themselves; a new size starts blank", async () => {
  const { vnc, send } = await withServer(4, 2);
  const first = vnc.screen(limit);
  send(update([rectangle(0, 0, 4, 2, 0, pixels(1, 2, 3, 4, 5, 6, 7, 8))]));
  expect(blues((await first).pixels)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  const change = vnc.changed(limit);
  send(update([rectangle(1, 0, 3, 2, 1, Buffer.from([0, 0, 0, 0]))]));
  await change;
  const second = vnc.screen(limit);
  send(update([rectangle(0, 0, 1, 1, 0, pixels(9))])); // Not all of it: not yet an answer.
  send(update([rectangle(0, 1, 4, 1, 0, pixels(5, 5, 6, 7)), rectangle(0, 0, 4, 1, 0, pixels(9, 1, 2, 3))]));
  expect(blues((await second).pixels)).toEqual([9, 1, 2, 3, 5, 5, 6, 7]);
  const third = vnc.screen(limit);
  send(update([rectangle(0, 0, 2, 1, -223, Buffer.alloc(0))]));
  send(update([rectangle(0, 0, 2, 1, 0, pixels(7, 8))]));
  expect(await third).toMatchObject({ width: 2, height: 1 });
});

test.each([
  ["paints beside its screen", update([rectangle(3, 0, 2, 1, 0, pixels(1, 2))]), "painted beside its screen"],
  ["uses what was not offered", update([rectangle(0, 0, 1, 1, 5, pixels(1))]), "an encoding that was not offered (5)"],
  ["sends nonsense", Buffer.from([99]), "a message of an unknown kind (99)"],
])("a server that %s fails who waits", async (_, bytes, message) => {
  const { vnc, send } = await withServer(4, 2);
  const screen = vnc.screen(limit);
  send(bytes);
  await expect(screen).rejects.toThrow(message);
  await vnc.closed;
  await expect(vnc.key(0x61, true)).rejects.toThrow(message);
});

test("a PNG holds the picture, red first", () => {
  const png = pngOf({ width: 2, height: 1, pixels: Buffer.from([1, 2, 3, 0, 4, 5, 6, 0]) });
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  const at = png.indexOf("IDAT");
  expect([...inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)))]).toEqual([0, 3, 2, 1, 6, 5, 4]);
});

test("a blinking cursor does not keep a screen from settling, but something new does", async () => {
  let now = 0;
  const clock = {
    now: () => new Date(now),
    async sleep(time: number) {
      now += time;
    },
  };
  const picture = (colour: number) => ({ width: 1, height: 1, pixels: Buffer.from([colour, 0, 0, now % 256]) });
  const fake = (shows: (at: number) => number): Pick<Vnc, "screen"> => ({ screen: async () => picture(shows(now)) });
  const blinking = fake((at) => (at < 3000 ? 50 + at / 100 : Math.floor(at / 250) % 2)) as Vnc;
  const screen = await settledScreen(blinking, clock, limit, { quiet: 1000 });
  expect(now).toBeGreaterThanOrEqual(4000);
  expect(now).toBeLessThan(5000);
  expect(fingerprint(screen)).toBe(fingerprint({ ...screen, pixels: Buffer.from([screen.pixels[0] ?? 0, 0, 0, 255]) }));
});

async function startQemu(
  password: string | undefined,
): Promise<{ vnc: Vnc; serial(): Buffer; open(password?: string): Promise<Vnc> }> {
  const folder = mkdtempSync(join(tmpdir(), "ingot-test-vnc-"));
  const path = join(folder, "vnc.sock");
  writeFileSync(join(folder, "disk"), keyEchoDisk());
  const stop = new AbortController();
  const secret = password === undefined ? [] : ["-object", `secret,id=p,data=${password}`];
  const argv = [
    "qemu-system-x86_64",
    "-machine",
    "pc,accel=tcg",
    "-m",
    "16",
    "-nodefaults",
    "-vga",
    "std",
    ...secret,
    "-vnc",
    `unix:${path}${password === undefined ? "" : ",password-secret=p"}`,
    "-serial",
    `file:${folder}/serial`,
    "-drive",
    `file=${folder}/disk,format=raw,if=ide`,
  ] as const;
  const ended = host.run({ argv: [...argv] }, stop.signal).catch((error: unknown) => error);
  onTestFinished(async () => {
    stop.abort();
    await ended;
    rmSync(folder, { recursive: true });
  });
  const open = async (given?: string): Promise<Vnc> =>
    await openVnc(await connectSocket(host, path, limit), limit, given);
  return { vnc: await open(password), open, serial: () => readFileSync(join(folder, "serial")) };
}

async function withServer(width: number, height: number): Promise<{ vnc: Vnc; send(bytes: Buffer): void }> {
  const connected = Promise.withResolvers<Socket>();
  const server = createServer((socket) => {
    socket.on("error", () => {});
    const init = Buffer.alloc(24);
    init.writeUInt16BE(width, 0);
    init.writeUInt16BE(height, 2);
    socket.write(Buffer.concat([Buffer.from("RFB 003.008\n"), Buffer.from([1, 1]), Buffer.alloc(4), init]));
    connected.resolve(socket);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const vnc = await openVnc(await host.sockets.connect({ host: "127.0.0.1", port }, limit), limit);
  onTestFinished(() => vnc.close());
  const socket = await connected.promise;
  return { vnc, send: (bytes) => void socket.write(bytes) };
}

function update(rectangles: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.from([0, 0, 0, rectangles.length]), ...rectangles]);
}

function rectangle(x: number, y: number, width: number, height: number, encoding: number, content: Buffer): Buffer {
  const head = Buffer.alloc(12);
  [x, y, width, height].forEach((value, at) => void head.writeUInt16BE(value, at * 2));
  head.writeInt32BE(encoding, 8);
  return Buffer.concat([head, content]);
}

function pixels(...blue: readonly number[]): Buffer {
  return Buffer.from(blue.flatMap((value) => [value, 0, 0, 0]));
}

function blues(bytes: Buffer): number[] {
  return [...bytes].filter((_, at) => at % 4 === 0);
}

function has(program: string): boolean {
  try {
    execFileSync(program, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
