import { posix } from "node:path";
import type { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Communicator, FolderOptions, RemoteCommand, UploadOptions } from "../../../sdk/communicator.ts";
import { Failure } from "../../../sdk/failure.ts";
import type { TarHeader } from "../../../sdk/tar/header.ts";
import { readTar } from "../../../sdk/tar/read-tar.ts";
import { tarLength, writeTar } from "../../../sdk/tar/write-tar.ts";
import { getArchive, putArchive } from "../containers/archive.ts";
import type { DockerEngine } from "../engine/engine.ts";
import { execInContainer } from "../exec/exec.ts";
import { downloadFolder, uploadFolder } from "./folders.ts";
import { measured } from "./measured.ts";
import { ownerOf } from "./owner.ts";

export interface DockerCommunicatorOptions {
  readonly engine: DockerEngine;
  /** Id or name of a running container. */
  readonly container: string;
  /** Who runs commands: `user`, `uid`, `user:group`. Default: the container's user. */
  readonly execUser?: string | undefined;
  /** Who owns what is uploaded, as the container's `User` names it. Default: root. */
  readonly uploadOwner?: string | undefined;
  /** Commands get a terminal. */
  readonly tty?: boolean | undefined;
  readonly warn: (text: string) => void;
}

/** A way into a running container: commands by exec, files by the archive calls. Needs `/bin/sh` in it for commands only. */
export function dockerCommunicator(options: DockerCommunicatorOptions): Communicator {
  const { engine, container } = options;
  const owner = ownerOf(options);
  return {
    guest: "posix",
    run: (command: RemoteCommand, signal) =>
      execInContainer(
        engine,
        container,
        {
          argv: ["/bin/sh", "-c", command.line],
          user: options.execUser,
          tty: options.tty,
          stdin: command.stdin,
          onStdout: command.onStdout,
          onStderr: command.onStderr,
        },
        signal,
      ),
    async upload(content, path, uploadOptions, signal) {
      await uploadFile(options, { content, path, owner: await owner(signal), ...uploadOptions }, signal);
    },
    async uploadFolder(from: string, to: string, folderOptions: FolderOptions, signal) {
      await uploadFolder(options, { from, to, owner: await owner(signal), ...folderOptions }, signal);
    },
    download: (path, into, signal) => downloadFile(options, path, into, signal),
    downloadFolder: (from, to, folderOptions, signal) =>
      downloadFolder(options, { from, to, ...folderOptions }, signal),
    // The engine's connection is the machine's, not ours.
    async close() {},
  };
}

interface Upload extends UploadOptions {
  readonly content: Readable | Uint8Array;
  readonly path: string;
  readonly owner: { readonly uid: number; readonly gid: number };
}

async function uploadFile(
  { engine, container }: DockerCommunicatorOptions,
  upload: Upload,
  signal: AbortSignal,
): Promise<void> {
  const what = `Could not upload to ${upload.path} in the container`;
  if (upload.path.endsWith("/")) throw new Failure(`${what}: that names a folder, not a file`);
  await using content = await measured(engine.host, upload.content, upload.size);
  const header: TarHeader = {
    path: posix.basename(upload.path),
    kind: "file",
    size: content.size,
    mode: upload.mode ?? 0o644,
    modified: Math.floor(engine.host.now().getTime() / 1000),
    ...upload.owner,
  };
  const entry = content.size === 0 ? { header } : { header, content: counted(content.bytes, upload.onProgress) };
  const length = tarLength(header);
  await putArchive(
    engine,
    container,
    { folder: posix.dirname(upload.path), archive: writeTar([entry]), length, what },
    signal,
  );
}

function counted(
  bytes: Uint8Array | AsyncIterable<Uint8Array>,
  onProgress: UploadOptions["onProgress"],
): Uint8Array | AsyncIterable<Uint8Array> {
  if (onProgress === undefined) return bytes;
  return (async function* () {
    let count = 0;
    for await (const chunk of bytes instanceof Uint8Array ? [bytes] : bytes) {
      yield chunk;
      count += chunk.length;
      onProgress(count);
    }
  })();
}

async function downloadFile(
  { engine, container }: DockerCommunicatorOptions,
  path: string,
  into: Writable,
  signal: AbortSignal,
): Promise<void> {
  const what = `Could not download ${path} from the container`;
  const { archive, stat } = await getArchive(engine, container, path, what, signal);
  try {
    if (stat.kind === "folder")
      throw new Failure(`${what}: it is a folder`, { hint: "A path that ends in / is downloaded as a folder." });
    for await (const { header, content } of readTar(what, archive)) {
      if (header.kind !== "file") throw new Failure(`${what}: it is no regular file`);
      await pipeline(content, into, { signal });
    }
  } catch (fault) {
    if (signal.aborted) throw signal.reason;
    throw fault;
  } finally {
    archive.destroy();
  }
}
