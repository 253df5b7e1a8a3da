import { basename, posix } from "node:path";
import { PassThrough, Readable } from "node:stream";
import type { FileEntryWithStats, SFTPWrapper, Stats } from "ssh2";
import { Failure } from "../../../sdk/failure.ts";
import type { Host } from "../../../sdk/host.ts";
import { excluder } from "../../../sdk/tar/excluder.ts";
import { packFolder } from "../../../sdk/tar/pack-folder.ts";
import type { ReadEntry } from "../../../sdk/tar/read-tar.ts";
import { unpackFolder } from "../../../sdk/tar/unpack-folder.ts";
import { asking, isNoSuchFile, sftpAnswer, sftpPath } from "./sftp.ts";
import { sftpDownload } from "./sftp-download.ts";
import { sftpUpload } from "./sftp-upload.ts";
import type { FolderCopy } from "./tar-folders.ts";

/** Files on their way at a time. */
const AT_ONCE = 16;

/** Copies a folder file by file, several at a time: for guests without tar. Modes, links and times are kept. */
export async function sftpUploadFolder(
  host: Host,
  sftp: SFTPWrapper,
  { from, to, exclude, onProgress }: FolderCopy,
  signal: AbortSignal,
): Promise<void> {
  const what = `Could not upload ${from} to ${to} in the machine`;
  const source = await host.files.stat(from);
  if (source?.kind !== "folder") throw new Failure(`${what}: there is no such folder`);
  const there = sftpPath(to.replace(/(.)\/+$/, "$1"));
  const inside = !/[/\\]$/.test(from) && (await isFolder(sftp, there));
  const target = inside ? `${there}/${basename(host.files.resolve(from))}` : there;
  const late: (() => Promise<void>)[] = [];
  const attributes = (path: string, mode: number, seconds: number) => () =>
    asking((done) => sftp.setstat(path, { mode, atime: seconds, mtime: seconds }, done));
  try {
    if (!(await isFolder(sftp, target))) {
      await makeFolders(sftp, target);
      late.push(attributes(target, source.mode, Math.floor(source.modified.getTime() / 1000)));
    }
    const running = new Set<Promise<void>>();
    const begin = async (work: Promise<void>): Promise<void> => {
      const noted = work.finally(() => running.delete(noted));
      noted.catch(() => {});
      running.add(noted);
      if (running.size >= AT_ONCE) await Promise.race(running);
    };
    const owner = { uid: 0, gid: 0 };
    for await (const { header, content } of packFolder(host, from, {
      prefix: "",
      owner,
      excluded: excluder(exclude),
      onProgress,
    })) {
      signal.throwIfAborted();
      const path = `${target}/${header.path}`;
      if (header.kind === "folder") {
        if (!(await isFolder(sftp, path))) await asking((done) => sftp.mkdir(path, done));
        late.push(attributes(path, header.mode, header.modified));
      } else if (header.kind === "link") {
        await asking((done) => sftp.unlink(path, done)).catch(() => {});
        await asking((done) => sftp.symlink(header.linkTarget ?? "", path, done));
      } else {
        const bytes =
          content === undefined || content instanceof Uint8Array
            ? (content ?? Buffer.alloc(0))
            : Readable.from(content);
        const copy = sftpUpload(sftp, bytes, path, { mode: header.mode }, signal).then(
          attributes(path, header.mode, header.modified),
        );
        // One that is read as it goes must be read before the next is asked for.
        if (bytes instanceof Uint8Array) await begin(copy);
        else await copy;
      }
    }
    await Promise.all(running);
    for (const work of late.reverse()) await work();
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Failure) throw error;
    throw new Failure(`${what}: ${sftpAnswer(error)}`, { cause: error });
  }
}

/** The other way. */
export async function sftpDownloadFolder(
  host: Host,
  sftp: SFTPWrapper,
  { from, to, exclude, onProgress }: FolderCopy,
  signal: AbortSignal,
): Promise<void> {
  const what = `Could not download ${from} from the machine to ${to}`;
  const source = sftpPath(from.replace(/(.)\/+$/, "$1"));
  const itself = !from.endsWith("/") && (await host.files.exists(to));
  const into = itself ? host.files.resolve(to, posix.basename(source)) : host.files.resolve(to);
  try {
    if (!(await isFolder(sftp, source))) throw new Failure(`${what}: there is no such folder`);
    const entries = entriesOf(sftp, source, "", signal);
    await unpackFolder(host, { entries, root: "", into, what, excluded: excluder(exclude), onProgress });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Failure) throw error;
    throw new Failure(`${what}: ${sftpAnswer(error)}`, { cause: error });
  }
}

async function* entriesOf(
  sftp: SFTPWrapper,
  root: string,
  below: string,
  signal: AbortSignal,
): AsyncGenerator<ReadEntry> {
  const folder = below === "" ? root : `${root}/${below}`;
  for (const { filename, attrs } of await asking<FileEntryWithStats[]>((done) => sftp.readdir(folder, done))) {
    if (filename === "." || filename === "..") continue;
    signal.throwIfAborted();
    const path = below === "" ? filename : `${below}/${filename}`;
    const common = { path, mode: attrs.mode & 0o7777, modified: attrs.mtime, uid: attrs.uid, gid: attrs.gid };
    if (isLink(attrs)) {
      const linkTarget = await asking<string>((done) => sftp.readlink(`${root}/${path}`, done));
      yield { header: { ...common, kind: "link", size: 0, linkTarget }, content: nothing() };
    } else if (isDirectory(attrs)) {
      yield { header: { ...common, kind: "folder", size: 0 }, content: nothing() };
      yield* entriesOf(sftp, root, path, signal);
    } else if ((attrs.mode & 0o170000) === 0o100000) {
      yield {
        header: { ...common, kind: "file", size: attrs.size },
        content: contentOf(sftp, `${root}/${path}`, signal),
      };
    }
  }
}

async function* nothing(): AsyncGenerator<Buffer> {}

async function* contentOf(sftp: SFTPWrapper, path: string, signal: AbortSignal): AsyncGenerator<Buffer> {
  const through = new PassThrough();
  const copied = sftpDownload(sftp, path, through, signal);
  // A fault ends the stream, too.
  copied.catch((fault: Error) => through.destroy(fault));
  yield* through;
  await copied;
}

async function isFolder(sftp: SFTPWrapper, path: string): Promise<boolean> {
  const stat = await asking<Stats>((done) => sftp.stat(path, done)).catch((error: unknown) => {
    if (isNoSuchFile(error)) return undefined;
    throw error;
  });
  return stat?.isDirectory() ?? false;
}

async function makeFolders(sftp: SFTPWrapper, path: string): Promise<void> {
  const parent = posix.dirname(path);
  if (parent !== path && parent !== "." && !(await isFolder(sftp, parent))) await makeFolders(sftp, parent);
  await asking((done) => sftp.mkdir(path, done));
}

function isLink({ mode }: { readonly mode: number }): boolean {
  return (mode & 0o170000) === 0o120000;
}

function isDirectory({ mode }: { readonly mode: number }): boolean {
  return (mode & 0o170000) === 0o040000;
}
