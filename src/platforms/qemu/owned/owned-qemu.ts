import { randomBytes } from "node:crypto";
import { basename, join } from "node:path";
import { Failure } from "../../../sdk/failure.ts";
import type { Host } from "../../../sdk/host.ts";
import type { Owned, OwnedKind } from "../../../sdk/owned.ts";
import { endProcess, processesWith } from "./marked-process.ts";

/**
 * A QEMU that does not run yet, and the folder of its sockets (`id`, mode 0700, not made yet). The folder's name is the
 * mark: QEMU bears it in its command line (`markFlags`), and so it is found without a process id, which nobody knows
 * before it has started and which may be another process's by tomorrow.
 */
export function newOwnedQemu(host: Pick<Host, "temporaryFolder">): Owned {
  const mark = `ingot-${randomBytes(8).toString("hex")}`;
  return { kind: qemuProcessKind.kind, id: join(host.temporaryFolder, mark), mark, data: null };
}

/** Must be in the command line as they are. */
export function markFlags({ id }: Owned): readonly [string, string] {
  return ["-pidfile", join(id, "pid")];
}

/** How long, in milliseconds, a QEMU that was asked to end may take to write its disks. */
const POLITE = 3000;

export const qemuProcessKind: OwnedKind = {
  kind: "qemu-process",
  describe: ({ mark }) => `virtual machine ${mark}`,
  removeByHand: ({ id, mark }) => `pkill -f '[-]pidfile .*${mark}/pid'; rm -rf '${id.replaceAll("'", `'\\''`)}'`,
  async destroy(owned, host, signal) {
    // A record that was tampered with must not end just any process, nor remove just any folder.
    if (!/^ingot-[0-9a-f]{16}$/.test(owned.mark) || basename(owned.id) !== owned.mark) return "kept";
    const found = await processesWith(host, markFlags(owned), signal);
    for (const process of found) await endProcess(host, process, POLITE, signal);
    if (found.length > 0 && (await processesWith(host, markFlags(owned), signal)).length > 0) {
      throw new Failure(`The ${qemuProcessKind.describe(owned)} does not end`);
    }
    const left = await host.files.exists(owned.id);
    if (left) await host.files.remove(owned.id);
    return found.length > 0 || left ? "destroyed" : "gone";
  },
};
