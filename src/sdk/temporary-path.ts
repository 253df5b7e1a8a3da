import { randomUUID } from "node:crypto";
import { basename, dirname, join } from "node:path";
import type { Host } from "./host.ts";
import type { Owned, OwnedKind, Ownership } from "./owned.ts";

/** Who can own things: a step, a provisioner or a post-processor at work. */
export interface Owner {
  own(owned: Owned): Promise<Ownership>;
}

/** Files and folders of this machine that are only needed while something works. The name itself is the mark. */
export const temporaryPathKind: OwnedKind = {
  kind: "temporary-path",
  describe: ({ id }) => `temporary file ${id}`,
  removeByHand: ({ id }) => `rm -rf '${id.replaceAll("'", `'\\''`)}'`,
  async destroy({ id, mark }, host) {
    // A record that was tampered with must not remove just any file.
    if (!/^[0-9a-f-]{36}$/.test(mark) || !basename(id).includes(mark)) return "kept";
    // What bears the mark beside it belongs to it: a file that is being written whole has such a name until it is.
    const folder = dirname(id);
    const isFolder = (await host.files.stat(folder))?.kind === "folder";
    const names = isFolder ? await host.files.list(folder) : [];
    const ours = names.filter((name) => name.includes(mark));
    for (const name of ours) await host.files.remove(join(folder, name));
    return ours.length === 0 ? "gone" : "destroyed";
  },
};

/** A path in the temporary folder at which nothing is yet; ends with `extension`. */
export function temporaryPath(host: Host, owner: Owner, extension = ""): Promise<TemporaryPath> {
  return ownPath(owner, (mark) => join(host.temporaryFolder, `ingot-${mark}${extension}`));
}

/** A path beside `path`, on the same file system: what is written there becomes `path` by renaming. */
export function pathBeside(host: Host, owner: Owner, path: string): Promise<TemporaryPath> {
  return ownPath(owner, (mark) => join(dirname(host.files.resolve(path)), `.ingot-${mark}`));
}

export interface TemporaryPath {
  /** Absolute. */
  readonly path: string;
  /** Removes what is there, if anything still is. */
  remove(): Promise<void>;
  /** It was renamed to what it was made for: nothing is left to remove. */
  renamed(): Promise<void>;
}

async function ownPath(owner: Owner, place: (mark: string) => string): Promise<TemporaryPath> {
  const mark = randomUUID();
  const path = place(mark);
  const ownership = await owner.own({ kind: temporaryPathKind.kind, id: path, mark, data: null });
  return { path, remove: () => ownership.destroy(), renamed: () => ownership.release() };
}
