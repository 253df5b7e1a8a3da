import type { Readable, Writable } from "node:stream";

/** A way into a machine: runs commands and moves files. Docker exec, SSH and WinRM all fit behind it. */
export interface Communicator {
  /** "none" runs nothing. What scripts may assume: "posix" (sh), "windows" (cmd, PowerShell). */
  readonly guest: "posix" | "windows" | "none";
  /**
   * Runs a command line in the guest's shell and waits for its end; output arrives in order, complete before it resolves.
   * Throws `Disconnected` when the connection is lost first, a Failure when it cannot be started at all.
   */
  run(command: RemoteCommand, signal: AbortSignal): Promise<{ readonly exitCode: number }>;
  /** Writes one file. `size` must be what `content` yields. Parent folders must exist. */
  upload(content: Readable | Uint8Array, path: string, options: UploadOptions, signal: AbortSignal): Promise<void>;
  /**
   * Copies a folder of this machine; modes, links and times are kept. As with rsync: `from/` copies what is in it,
   * `from` copies the folder itself into `to`.
   */
  uploadFolder(from: string, to: string, options: FolderOptions, signal: AbortSignal): Promise<void>;
  download(path: string, into: Writable, signal: AbortSignal): Promise<void>;
  /** Same rule for the trailing slash. */
  downloadFolder(from: string, to: string, options: FolderOptions, signal: AbortSignal): Promise<void>;
  /** Idempotent; does not throw. */
  close(): Promise<void>;
}

export interface RemoteCommand {
  readonly line: string;
  readonly stdin?: Readable | undefined;
  readonly onStdout?: ((chunk: Buffer) => void) | undefined;
  readonly onStderr?: ((chunk: Buffer) => void) | undefined;
}

export interface UploadOptions {
  readonly size?: number | undefined;
  /** Permission bits; default 0o644. */
  readonly mode?: number | undefined;
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

export interface FolderOptions {
  /** Globs relative to the folder. */
  readonly exclude?: readonly string[] | undefined;
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

/** The connection was lost while a command ran: whether it succeeded is not known. */
export class Disconnected extends Error {
  constructor(message = "The connection to the machine was lost while a command ran", cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "Disconnected";
  }
}
