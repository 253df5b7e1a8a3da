import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { localHost } from "../../../sdk/local-host/local-host.ts";
import { parseBootCommand } from "../../boot-command/parse-boot-command.ts";
import { type TypingTarget, typeBootCommand } from "../../boot-command/type-boot-command.ts";
import { connectSocket } from "../connect-socket.ts";
import { type SerialConsole, serialConsole } from "../console/serial-console.ts";
import { openQmp, type Qmp } from "../qmp/qmp-client.ts";
import { keyEchoDisk } from "../testdata/key-echo-disk.ts";
import { settledScreen } from "../vnc/settled-screen.ts";
import { openVnc, type Vnc } from "../vnc/vnc-client.ts";
import { qmpTypingTarget } from "./qmp-typing-target.ts";

const host = localHost();
const limit = AbortSignal.timeout(60_000);
const noQemu = !has("qemu-system-x86_64");
const line =
  "linux /casper/vmlinuz autoinstall ds=nocloud-net;s=http://10.0.2.2:8099/ ~!@#$%^&*()_+{}|:\"<>?`-=[]\\;',./ "
    .repeat(3)
    .slice(0, 300);

test.skipIf(noQemu)(
  "300 characters reach a BIOS guest through the control channel, none lost (skipped: no QEMU)",
  async () => {
    const guest = await startQemu();
    await typeInto(guest, qmpTypingTarget(guest, host, limit));
    expect(await guest.typed(300)).toBe(line);
  },
);

test.skipIf(noQemu)("a boot command waits for the screen and for what the guest says (skipped: no QEMU)", async () => {
  const guest = await startQemu();
  const typing = (text: string) =>
    typeBootCommand(
      [parseBootCommand(text).actions],
      qmpTypingTarget(guest, host, limit),
      { key: undefined, group: 0 },
      host,
      limit,
    );
  // After each key the guest sends its scan code, too.
  await typing("<waitForScreen 500ms 30s>hi<waitForText /h.?i/ 10s>you<waitForText 'you' 10s>");
  expect(await guest.typed(5)).toBe("hiyou");
  await expect(typing("<waitForText 'login:' 100ms>")).rejects.toThrow('Waiting for the text "login:" on the console');
});

test.skipIf(noQemu)("a character that no US keyboard has is refused by name (skipped: no QEMU)", async () => {
  const guest = await startQemu();
  const target = qmpTypingTarget(guest, host, limit);
  await expect(
    typeBootCommand([parseBootCommand("€").actions], target, { key: undefined, group: 0 }, host, limit),
  ).rejects.toThrow("types U+20AC, which is on no key of a US keyboard");
});

async function typeInto({ vnc }: Guest, target: TypingTarget): Promise<void> {
  await settledScreen(vnc, host, limit, { quiet: 500 });
  await typeBootCommand([parseBootCommand(line).actions], target, { key: undefined, group: 0 }, host, limit);
}

interface Guest {
  readonly vnc: Vnc;
  readonly qmp: Qmp;
  readonly console: SerialConsole;
  /** What reached the guest, once that many keys have, or a second has brought no more. */
  typed(count: number): Promise<string>;
}

async function startQemu(): Promise<Guest> {
  const folder = mkdtempSync(join(tmpdir(), "ingot-test-typing-"));
  writeFileSync(join(folder, "disk"), keyEchoDisk());
  const argv = [
    "-machine",
    "pc,accel=tcg",
    "-m",
    "16",
    "-nodefaults",
    "-vga",
    "std",
    "-vnc",
    `unix:${folder}/vnc`,
    "-qmp",
    `unix:${folder}/qmp,server=on,wait=off`,
    "-serial",
    `unix:${folder}/serial,server=on,wait=off`,
    "-drive",
    `file=${folder}/disk,format=raw,if=ide`,
  ];
  const stop = new AbortController();
  const ended = host.run({ argv: ["qemu-system-x86_64", ...argv] }, stop.signal).catch((error: unknown) => error);
  onTestFinished(async () => {
    stop.abort();
    await ended;
    rmSync(folder, { recursive: true });
  });
  const qmp = await openQmp(await connectSocket(host, join(folder, "qmp"), limit), limit);
  const vnc = await openVnc(await connectSocket(host, join(folder, "vnc"), limit), limit);
  // Each key is two bytes, its character first.
  const chunks: Buffer[] = [];
  const read = () => Buffer.concat(chunks);
  const serial = await connectSocket(host, join(folder, "serial"), limit);
  return {
    vnc,
    qmp,
    console: serialConsole(serial, (chunk) => void chunks.push(chunk)),
    async typed(count) {
      for (let length = -1, quiet = 0; quiet < 20 && read().length < count * 2; quiet++) {
        if (read().length !== length) quiet = 0;
        length = read().length;
        await host.sleep(50, limit);
      }
      return String.fromCharCode(...read().filter((_, at) => at % 2 === 0));
    },
  };
}

function has(program: string): boolean {
  try {
    execFileSync(program, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
