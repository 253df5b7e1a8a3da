import { randomBytes } from "node:crypto";
import { relative, sep } from "node:path";
import type { Readable } from "node:stream";
import type { Host } from "../../../sdk/host.ts";
import { packFolder } from "../../../sdk/tar/pack-folder.ts";
import { type TarEntry, writeTar } from "../../../sdk/tar/write-tar.ts";
import { type Ignores, parseIgnoreFile } from "./ignore-file.ts";

export interface BuildContext {
  readonly archive: Readable;
  /** Path of the Dockerfile within the archive. */
  readonly dockerfile: string;
  /** The Dockerfile was added to a context that it is not part of. */
  readonly added: boolean;
}

const ROOT = { uid: 0, gid: 0 };

/** The folder as an archive, without what its ignore file leaves out; the Dockerfile may lie elsewhere. */
export async function buildContext(host: Host, folder: string, dockerfile: string): Promise<BuildContext> {
  const ignoreFile = await readIgnoreFile(host, folder, dockerfile);
  const ignores = parseIgnoreFile(ignoreFile);
  const inside = relative(host.files.resolve(folder), host.files.resolve(dockerfile)).split(sep).join("/");
  const added = inside === "" || inside.startsWith("../") || inside === ".." || /^[A-Za-z]:/.test(inside);
  const name = added ? `.dockerfile.${randomBytes(8).toString("hex")}` : inside;
  // The engine needs these whatever the rules say, and leaves them out itself.
  const excluded: Ignores = (path) =>
    path !== name && path !== ".dockerignore" && !name.startsWith(`${path}/`) && ignores(path);

  async function* entries(): AsyncGenerator<TarEntry> {
    if (added) {
      yield fileEntry(name, await host.files.read(dockerfile));
      yield fileEntry(".dockerignore", Buffer.from(`${ignoreFile}\n${name}\n.dockerignore\n`));
    }
    const replaced = (path: string) => added && path === ".dockerignore";
    yield* packFolder(host, folder, { prefix: "", owner: ROOT, excluded: (path) => replaced(path) || excluded(path) });
  }
  return { archive: writeTar(entries()), dockerfile: name, added };
}

/** `Dockerfile.dockerignore` beside the Dockerfile before `.dockerignore` in the folder. */
async function readIgnoreFile(host: Host, folder: string, dockerfile: string): Promise<string> {
  for (const path of [`${dockerfile}.dockerignore`, host.files.resolve(folder, ".dockerignore")]) {
    if (await host.files.exists(path)) return host.files.readText(path);
  }
  return "";
}

function fileEntry(path: string, content: Uint8Array): TarEntry {
  return { header: { path, kind: "file", mode: 0o644, modified: 0, size: content.length, ...ROOT }, content };
}
