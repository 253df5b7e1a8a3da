import type { FileStat, Host } from "../host.ts";
import type { TarHeader } from "./header.ts";
import type { TarEntry } from "./write-tar.ts";

export interface PackOptions {
  /** Put before every path: "opt/app". Empty: paths as they are in the folder. */
  readonly prefix: string;
  readonly owner: { readonly uid: number; readonly gid: number };
  /** True: neither it nor, for a folder, what is in it. */
  readonly excluded?: (path: string, stat: FileStat) => boolean;
  /** Called with the bytes of content that were handed on so far. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

/** Files up to this size are read whole, several at a time. */
const SMALL = 128 * 1024;
const AHEAD = 32;

/** What is in a folder, as entries of an archive: files, folders and links with their modes and times. Sockets and pipes are left out. */
export async function* packFolder(host: Host, folder: string, options: PackOptions): AsyncGenerator<TarEntry> {
  const ahead: Promise<TarEntry>[] = [];
  let bytes = 0;
  const handOn = async (next: Promise<TarEntry>): Promise<TarEntry> => {
    const entry = await next;
    bytes += entry.header.size;
    options.onProgress?.(bytes);
    return entry;
  };
  for await (const { path, stat } of host.files.walk(folder)) {
    if (stat.kind === "other" || options.excluded?.(path, stat)) continue;
    const entry = entryOf(host, host.files.resolve(folder, path), stat, joined(options.prefix, path), options.owner);
    // It may fail before its turn comes to be waited for; whoever waits hears of it.
    entry.catch(() => {});
    ahead.push(entry);
    const next = ahead.length < AHEAD ? undefined : ahead.shift();
    if (next !== undefined) yield await handOn(next);
  }
  for (const entry of ahead) yield await handOn(entry);
}

/** `prefix` and `path`, either of which may be empty. */
export function joined(prefix: string, path: string): string {
  return prefix === "" ? path : path === "" ? prefix : `${prefix}/${path}`;
}

async function entryOf(
  host: Host,
  source: string,
  stat: FileStat,
  path: string,
  owner: { uid: number; gid: number },
): Promise<TarEntry> {
  const header: TarHeader = {
    path,
    kind: stat.kind,
    mode: stat.mode,
    modified: Math.floor(stat.modified.getTime() / 1000),
    size: stat.kind === "file" ? stat.size : 0,
    ...owner,
    ...(stat.linkTarget !== undefined && { linkTarget: stat.linkTarget }),
  };
  if (header.size === 0) return { header };
  if (header.size > SMALL) return { header, content: lazily(() => host.files.reader(source)) };
  const content = await host.files.read(source);
  // It may have changed since it was looked at: what was read is what is sent.
  return { header: { ...header, size: content.length }, content };
}

/** A reader opens its file at once; many large files in a row must not all be open before their turn. */
async function* lazily(open: () => AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield* open();
}
