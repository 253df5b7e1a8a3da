import { posix } from "node:path";
import { pipeline } from "node:stream/promises";
import { Failure } from "../../../sdk/failure.ts";
import type { Host } from "../../../sdk/host.ts";
import type { TarHeader } from "./header.ts";
import type { ReadEntry } from "./read-tar.ts";

export interface Unpacking {
  readonly entries: AsyncIterable<ReadEntry>;
  /** First part of every path in the archive; what it names becomes `into` itself. Empty: none. */
  readonly root: string;
  /** Absolute. */
  readonly into: string;
  /** Starts a Failure. */
  readonly what: string;
  readonly excluded: (path: string) => boolean;
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

/**
 * Writes an archive of a folder to this machine: files, folders and links with modes and times. An archive comes from
 * a guest that may be hostile: nothing is written outside `into`, through links neither.
 */
export async function unpackFolder(host: Host, unpacking: Unpacking): Promise<void> {
  const { into, what } = unpacking;
  const links = new Set<string>();
  const folders: { path: string; header: TarHeader }[] = [];
  let bytes = 0;
  await host.files.makeFolder(into);
  for await (const { header, content } of unpacking.entries) {
    const path = withoutRoot(header.path, unpacking.root);
    if (path === undefined || !isInside(path))
      throw new Failure(`${what}: the archive holds ${header.path}, outside of the folder`);
    if (path === "") {
      folders.push({ path: into, header });
      continue;
    }
    if (unpacking.excluded(path)) continue;
    if (leadsThrough(path, links)) throw new Failure(`${what}: the archive writes through the link above ${path}`);
    const target = host.files.resolve(into, path);
    if (header.kind === "folder") {
      const existing = await host.files.stat(target, { follow: false });
      if (existing?.kind === "link")
        throw new Failure(`${what}: ${target} is a link here and a folder in the container`);
      await host.files.makeFolder(target);
      folders.push({ path: target, header });
    } else if (header.kind === "link") {
      links.add(path);
      await makeRoom(host, target, what);
      await host.files.makeLink(target, header.linkTarget ?? "");
    } else if (header.kind === "hard-link") {
      const original = withoutRoot(header.linkTarget?.replace(/^\/+/, "") ?? "", unpacking.root);
      if (original === undefined || !isInside(original) || leadsThrough(original, links)) {
        throw new Failure(`${what}: ${path} is a hard link to something outside of the folder`);
      }
      await pipeline(host.files.reader(host.files.resolve(into, original)), await fresh(host, target, header, what));
      await host.files.setAttributes(target, attributes(header));
    } else if (header.kind === "file") {
      await pipeline(content, await fresh(host, target, header, what));
      await host.files.setAttributes(target, attributes(header));
      bytes += header.size;
      unpacking.onProgress?.(bytes);
    }
  }
  // Last, and the deepest first: writing into a folder changes its time, and may not be allowed by its mode.
  for (const { path, header } of folders.reverse()) await host.files.setAttributes(path, attributes(header));
}

async function fresh(host: Host, target: string, header: TarHeader, what: string): Promise<NodeJS.WritableStream> {
  await makeRoom(host, target, what);
  return host.files.writer(target, { mode: header.mode | 0o200 });
}

/** A file that lies there is replaced, a link not written through; a whole folder is more than a download may remove. */
async function makeRoom(host: Host, target: string, what: string): Promise<void> {
  const existing = await host.files.stat(target, { follow: false });
  if (existing?.kind === "folder") throw new Failure(`${what}: ${target} is a folder here and none in the container`);
  if (existing !== undefined) await host.files.remove(target);
}

function attributes(header: TarHeader): { mode: number; modified: Date } {
  return { mode: header.mode, modified: new Date(header.modified * 1000) };
}

function withoutRoot(path: string, root: string): string | undefined {
  if (root === "" || path === root) return path === root ? "" : path;
  return path.startsWith(`${root}/`) ? path.slice(root.length + 1) : undefined;
}

function isInside(path: string): boolean {
  return !posix.isAbsolute(path) && !posix.normalize(path).split("/").includes("..") && !path.includes("\0");
}

function leadsThrough(path: string, links: ReadonlySet<string>): boolean {
  const parts = path.split("/");
  return parts.some((_, index) => index > 0 && links.has(parts.slice(0, index).join("/")));
}
