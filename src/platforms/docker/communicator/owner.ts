import { posix } from "node:path";
import { Failure } from "../../../sdk/failure.ts";
import { readTar } from "../../../sdk/tar/read-tar.ts";
import { getArchive } from "../containers/archive.ts";
import type { DockerEngine } from "../engine/engine.ts";
import { isMissing } from "../engine/engine-failure.ts";

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

const ROOT: Owner = { uid: 0, gid: 0 };
const LONGEST_FILE = 1024 * 1024;

/**
 * Who owns what is uploaded, as numbers, learned once from the container's own /etc/passwd and /etc/group. As with
 * `chown USER`, the group stays root's where none is named.
 */
export function ownerOf(options: {
  readonly engine: DockerEngine;
  readonly container: string;
  readonly uploadOwner?: string | undefined;
  readonly warn: (text: string) => void;
}): (signal: AbortSignal) => Promise<Owner> {
  let known: Owner | undefined;
  return async (signal) => {
    known ??= await findOwner(options, signal);
    return known;
  };
}

async function findOwner(
  { engine, container, uploadOwner, warn }: Parameters<typeof ownerOf>[0],
  signal: AbortSignal,
): Promise<Owner> {
  const [user = "", group = ""] = (uploadOwner ?? "").split(":");
  const number = async (name: string, file: string): Promise<number> => {
    if (name === "" || name === "root") return 0;
    if (/^\d+$/.test(name)) return Number(name);
    const line = (await readSmallFile(engine, container, file, signal))
      .split("\n")
      .find((text) => text.startsWith(`${name}:`));
    const id = line?.split(":")[2];
    if (id !== undefined && /^\d+$/.test(id)) return Number(id);
    warn(`${file} in the container does not know "${name}": uploaded files will belong to root`);
    return 0;
  };
  if (user === "" && group === "") return ROOT;
  return { uid: await number(user, "/etc/passwd"), gid: await number(group, "/etc/group") };
}

/** Empty where there is none. */
async function readSmallFile(
  engine: DockerEngine,
  container: string,
  path: string,
  signal: AbortSignal,
): Promise<string> {
  const what = `Could not read ${path} in the container`;
  try {
    const { archive } = await getArchive(engine, container, path, what, signal);
    const chunks: Buffer[] = [];
    for await (const { header, content } of readTar(what, archive)) {
      if (header.path !== posix.basename(path) || header.size > LONGEST_FILE)
        throw new Failure(`${what}: it is too long`);
      for await (const chunk of content) chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString("utf8");
  } catch (fault) {
    if (isMissing(fault)) return "";
    throw fault;
  }
}
