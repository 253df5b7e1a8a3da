import { randomUUID } from "node:crypto";
import type { Host } from "../../sdk/host.ts";
import type { OwnedKind } from "../../sdk/owned.ts";
import type { Scope } from "../ownership/ledger.ts";

/** The folder of a build, for its temporary files. Its random name is its mark: nobody else has a folder of that name. */
export const runFolderKind: OwnedKind = {
  kind: "run-folder",
  describe: (owned) => `folder ${owned.id}`,
  removeByHand: (owned) => `rm -rf '${owned.id}'`,
  async destroy(owned, host) {
    // A record that was tampered with must not remove just any folder.
    if (!owned.mark.startsWith("ingot-") || !owned.id.endsWith(owned.mark)) return "kept";
    if (!(await host.files.exists(owned.id))) return "gone";
    await host.files.remove(owned.id);
    return "destroyed";
  },
};

/** Makes the folder, owned by the scope. Absolute. */
export async function makeRunFolder(host: Host, scope: Scope): Promise<string> {
  const mark = `ingot-${randomUUID()}`;
  const path = host.files.resolve(host.temporaryFolder, mark);
  await scope.own({ kind: runFolderKind.kind, id: path, mark, data: {} });
  await host.files.makeFolder(path);
  return path;
}
