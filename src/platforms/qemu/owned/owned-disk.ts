import { randomUUID } from "node:crypto";
import { basename, dirname, join } from "node:path";
import type { Owned, OwnedKind } from "../../../sdk/owned.ts";

/**
 * A disk that a guest writes, beside the place where the finished one will be: `.ingot-<mark>-<name>`. What QEMU and its
 * tools write next to it (`…-efivars.fd`, `….lock`) bears the same mark, and goes with it. Finished, it is renamed and
 * released: the product bears no mark.
 */
export function newOwnedDisk(finished: string): Owned {
  const mark = randomUUID();
  const id = join(dirname(finished), `.ingot-${mark}-${basename(finished)}`);
  return { kind: qemuDiskKind.kind, id, mark, data: null };
}

export const qemuDiskKind: OwnedKind = {
  kind: "qemu-disk",
  describe: ({ id }) => `disk ${id}`,
  removeByHand: ({ id }) => `rm -f '${id.replaceAll("'", `'\\''`)}'`,
  async destroy({ id, mark }, host) {
    // A record that was tampered with must not remove just any file.
    if (!/^[0-9a-f-]{36}$/.test(mark) || !basename(id).includes(mark)) return "kept";
    const folder = dirname(id);
    const names = (await host.files.exists(folder)) ? await host.files.list(folder) : [];
    const ours = names.filter((name) => name.includes(mark));
    for (const name of ours) await host.files.remove(join(folder, name));
    return ours.length === 0 ? "gone" : "destroyed";
  },
};
