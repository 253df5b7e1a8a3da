import { join } from "node:path";
import { Failure } from "../../../sdk/failure.ts";
import type { Host, HostProcessResult } from "../../../sdk/host.ts";
import type { Owned } from "../../../sdk/owned.ts";
import { connectSocket } from "../connect-socket.ts";
import { type SerialConsole, serialConsole } from "../console/serial-console.ts";
import { markFlags } from "../owned/owned-qemu.ts";
import { openQmp, type Qmp } from "../qmp/qmp-client.ts";

export interface QemuCommand {
  readonly binary: string;
  /** All but the control channel, the console and the mark, which are added. */
  readonly flags: readonly string[];
  /** Told all that the guest writes to its serial port. */
  readonly onConsole?: (chunk: Buffer) => void;
}

export interface RunningQemu {
  readonly qmp: Qmp;
  readonly console: SerialConsole;
  /** Resolves when the process has ended, whoever ended it. */
  readonly ended: Promise<QemuEnd>;
}

export interface QemuEnd extends Pick<HostProcessResult, "code" | "signal"> {
  /** The end of what it wrote to stderr. */
  readonly said: string;
}

/** How long, in milliseconds, QEMU may take to open its control channel; it does so before the guest runs. */
const START_LIMIT = 30_000;
/** How much of stderr is kept, in characters. */
const SAID = 4000;

/**
 * Starts a QEMU that is owned already (`newOwnedQemu`). Aborting the signal ends it. Where the system can do it (Linux
 * with util-linux), it also ends when this process is killed. A Failure with QEMU's own words when it ends at its start.
 */
export async function startQemu(
  command: QemuCommand,
  owned: Owned,
  host: Host,
  signal: AbortSignal,
): Promise<RunningQemu> {
  await host.files.makeFolder(owned.id, { mode: 0o700 });
  const [control, serial] = [join(owned.id, "qmp.sock"), join(owned.id, "console.sock")];
  const channels = [
    "-qmp",
    `unix:${escaped(control)},server=on,wait=off`,
    "-chardev",
    `socket,id=ingot-console,path=${escaped(serial)},server=on,wait=off`,
    "-serial",
    "chardev:ingot-console",
  ];
  const [first, ...rest] = [
    ...(await dyingWithParent(host, signal)),
    command.binary,
    ...command.flags,
    ...channels,
    ...markFlags(owned),
  ];
  let said = "";
  const onStderr = (chunk: Buffer): void => {
    said = (said + chunk.toString("utf8")).slice(-SAID);
  };
  const running = host.run({ argv: [first ?? command.binary, ...rest], onStderr, onStdout: () => {} }, signal);
  const ended = running.then(({ code, signal: by }): QemuEnd => ({ code, signal: by, said: said.trim() }));
  const over = new AbortController();
  const end = (fault: unknown): void => over.abort(fault);
  ended.then((how) => end(endedAtStart(command.binary, how)), end);
  const both = AbortSignal.any([signal, over.signal, AbortSignal.timeout(START_LIMIT)]);
  const qmp = await openQmp(await connectSocket(host, control, both), both).catch((fault: unknown) => {
    // The connection may be lost an instant before the end of the process is known.
    if (fault instanceof Failure) return ended.then((how) => Promise.reject(endedAtStart(command.binary, how)));
    throw fault;
  });
  const console = serialConsole(await connectSocket(host, serial, both), command.onConsole);
  return { qmp, console, ended };
}

function endedAtStart(binary: string, { code, signal, said }: QemuEnd): Failure {
  const how = signal === null ? `code ${code}` : `signal ${signal}`;
  return new Failure(`${binary} ended at its start (${how}): ${said === "" ? "it gave no reason" : said}`);
}

/** Not everyone's `setpriv` knows it: busybox has one that does not. */
async function dyingWithParent(host: Host, signal: AbortSignal): Promise<readonly string[]> {
  if (host.platform !== "linux") return [];
  const help = await host.run({ argv: ["setpriv", "--help"] }, signal).catch(() => undefined);
  signal.throwIfAborted();
  return help?.stdout.includes("--pdeathsig") ? ["setpriv", "--pdeathsig", "KILL"] : [];
}

/** In QEMU's options a comma is written twice. */
function escaped(path: string): string {
  return path.replaceAll(",", ",,");
}
