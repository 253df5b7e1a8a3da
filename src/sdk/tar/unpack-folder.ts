import { posix } from "node:path";
import { pipeline } from "node:stream/promises";
import { Failure } from "../failure.ts";
import type { Host } from "../host.ts";
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

/** Files up to this size are written several at a time. */
const SMALL = 128 * 1024;
const AT_ONCE = 16;

/**
 * Writes an archive of a folder to this machine: files, folders and links with modes and times. An archive comes from
 * a guest that may be hostile: nothing is written outside `into`, through links neither.
 */
export async function unpackFolder(host: Host, unpacking: Unpacking): Promise<void> {
  const { into, what } = unpacking;
  const links = new Set<string>();
  const folders: { path: string; header: TarHeader }[] = [];
  const writing = new Set<Promise<void>>();
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
    if (header.kind === "file") {
      if (header.size > SMALL) await writeFile(host, target, header, content, what);
      else await start(writing, writeFile(host, target, header, [await whole(content)], what));
      bytes += header.size;
      unpacking.onProgress?.(bytes);
      continue;
    }
    // What comes may need what was begun before: a hard link its original.
    await Promise.all(writing);
    if (header.kind === "folder") {
      const existing = await host.files.stat(target, { follow: false });
      if (existing?.kind === "link") throw new Failure(`${what}: ${target} is a link here and a folder in the guest`);
      await host.files.makeFolder(target);
      folders.push({ path: target, header });
    } else if (header.kind === "link") {
      links.add(path);
      await makeRoom(host, target, what);
      await host.files.makeLink(target, header.linkTarget ?? "");
    } else if (header.kind === "hard-link") {
      const original = withoutRoot(header.linkTarget?.replace(/^\/+/, "") ?? "", unpacking.root);
      if (original === undefined || !isInside(original) || leadsThrough(original, links) || links.has(original)) {
        throw new Failure(`${what}: ${path} is a hard link to something outside of the folder`);
      }
      await writeFile(host, target, header, host.files.reader(host.files.resolve(into, original)), what);
    }
  }
  await Promise.all(writing);
  // Last, and the deepest first: writing into a folder changes its time, and may not be allowed by its mode.
  for (const { path, header } of folders.reverse()) await host.files.setAttributes(path, attributes(header));
}

/** Waits where too much is being written already. */
async function start(writing: Set<Promise<void>>, work: Promise<void>): Promise<void> {
  const noted = work.finally(() => writing.delete(noted));
  // Whoever waits for it hears of a fault; until then it is nobody's.
  noted.catch(() => {});
  writing.add(noted);
  if (writing.size >= AT_ONCE) await Promise.race(writing);
}

async function whole(content: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function writeFile(
  host: Host,
  target: string,
  header: TarHeader,
  content: AsyncIterable<Buffer> | Iterable<Buffer>,
  what: string,
): Promise<void> {
  await makeRoom(host, target, what);
  await pipeline(content, host.files.writer(target, { mode: header.mode | 0o200 }));
  await host.files.setAttributes(target, attributes(header));
}

/** A file that lies there is replaced, a link not written through; a whole folder is more than a download may remove. */
async function makeRoom(host: Host, target: string, what: string): Promise<void> {
  const existing = await host.files.stat(target, { follow: false });
  if (existing?.kind === "folder") throw new Failure(`${what}: ${target} is a folder here and none in the guest`);
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
