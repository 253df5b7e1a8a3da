import { createHash } from "node:crypto";
import type { Host } from "../../../sdk/host.ts";
import type { OwnedKind } from "../../../sdk/owned.ts";

/** The file of a build that is not done yet. Its mark is what it holds: changed by anybody, it is not ours to remove. */
export const builtFileKind: OwnedKind = {
  kind: "built-file",
  describe: ({ id }) => `file ${id}`,
  removeByHand: ({ id }) => `rm '${id.replaceAll("'", `'\\''`)}'`,
  async destroy({ id, mark }, host, signal) {
    const stat = await host.files.stat(id);
    if (stat === undefined) return "gone";
    if (stat.kind !== "file" || (await digestOf(id, host, signal)) !== mark) return "kept";
    await host.files.remove(id);
    return "destroyed";
  },
};

async function digestOf(path: string, host: Host, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of host.files.reader(path)) {
    signal.throwIfAborted();
    hash.update(chunk);
  }
  return `sha256:${hash.digest("hex")}`;
}
