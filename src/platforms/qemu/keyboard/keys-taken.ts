import type { Host } from "../../../sdk/host.ts";
import type { Qmp } from "../qmp/qmp-client.ts";

/** How long, in milliseconds, a guest that takes no keys is waited for. A busy guest under emulation may need it. */
const LONGEST = 5000;
/** How long, in milliseconds, the buffer of the BIOS may be anything else than empty: where no BIOS runs it is just memory. */
const LONGEST_BIOS = 1000;

/**
 * Resolves when a PC guest has taken all that was typed: its keyboard controller holds no byte (bit 0 of port 0x64), and
 * the buffer of 15 keys that a BIOS keeps (its head and tail at 0x41A and 0x41C) is empty. Reading either changes nothing.
 * What keeps its keys elsewhere (a Linux console) keeps thousands. false: the guest took nothing for a long while.
 */
export async function keysTaken(qmp: Qmp, host: Pick<Host, "now" | "sleep">, signal: AbortSignal): Promise<boolean> {
  const start = host.now().getTime();
  const passed = (): number => host.now().getTime() - start;
  while (await controllerIsFull(qmp, signal)) {
    if (passed() > LONGEST) return false;
    await host.sleep(2, signal);
  }
  while (await biosHoldsKeys(qmp, signal)) {
    if (passed() > LONGEST_BIOS) return true;
    await host.sleep(2, signal);
  }
  return true;
}

async function controllerIsFull(qmp: Qmp, signal: AbortSignal): Promise<boolean> {
  const [status = 0] = hexNumbers(await monitor(qmp, "i /b 0x64", signal));
  // No controller there reads as all ones.
  return status !== 0xff && (status & 1) === 1;
}

async function biosHoldsKeys(qmp: Qmp, signal: AbortSignal): Promise<boolean> {
  const [head = 0, tail = 0] = hexNumbers(await monitor(qmp, "xp /2hx 0x41a", signal));
  const inBuffer = (at: number): boolean => at >= 0x1e && at < 0x3e && at % 2 === 0;
  return inBuffer(head) && inBuffer(tail) && head !== tail;
}

async function monitor(qmp: Qmp, line: string, signal: AbortSignal): Promise<string> {
  return String(await qmp.execute("human-monitor-command", signal, { "command-line": line }));
}

/** "portb[0x0064] = 0x1c" and "000000000000041a: 0x001e 0x001e": what stands after the place. */
function hexNumbers(line: string): number[] {
  return [...line.replace(/^[^:=]*[:=]/, "").matchAll(/0x([0-9a-f]+)/gi)].map(([, digits = ""]) =>
    Number.parseInt(digits, 16),
  );
}
