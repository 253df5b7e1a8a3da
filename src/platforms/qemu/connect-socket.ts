import type { Duplex } from "node:stream";
import type { Host } from "../../sdk/host.ts";

/** Not there yet, or bound but not yet listened on: QEMU is still starting. */
const NOT_YET = new Set(["ENOENT", "ECONNREFUSED"]);

/** Connects to a socket that QEMU makes at its start. The signal must end when QEMU does. */
export async function connectSocket(
  host: Pick<Host, "sockets" | "sleep">,
  path: string,
  signal: AbortSignal,
): Promise<Duplex> {
  for (;;) {
    try {
      return await host.sockets.connect({ path }, signal);
    } catch (fault) {
      if (!(fault instanceof Error && "code" in fault && NOT_YET.has(String(fault.code)))) throw fault;
    }
    await host.sleep(10, signal);
  }
}
