import type { SFTPWrapper } from "ssh2";
import type { Communicator, FolderOptions } from "../../sdk/communicator.ts";
import { Failure } from "../../sdk/failure.ts";
import type { Host } from "../../sdk/host.ts";
import type { SshConnection } from "./connecting/ssh-connection.ts";
import { type OpenSftp, sftpOf } from "./files/sftp.ts";
import { sftpDownload } from "./files/sftp-download.ts";
import { sftpDownloadFolder, sftpUploadFolder } from "./files/sftp-folders.ts";
import { sftpUpload } from "./files/sftp-upload.ts";
import { type Run, shellDownload, shellUpload } from "./files/shell-copy.ts";
import { type FolderCopy, NoTar, tarDownload, tarUpload } from "./files/tar-folders.ts";
import { runCommand } from "./session/run-command.ts";
import type { SshSettings } from "./settings/ssh-settings.ts";

export interface SshCommunicatorOptions {
  readonly host: Host;
  readonly settings: Pick<SshSettings, "pty" | "transfer">;
  readonly connection: SshConnection;
  /** Connects once more: a connection that was lost while nothing ran is made anew, as Packer does. */
  readonly again: (signal: AbortSignal) => Promise<SshConnection>;
  readonly guest?: "posix" | "windows";
}

/** Milliseconds for one copy's worth of asking how far away the machine is. */
const FAR = 20;

interface Live {
  readonly connection: SshConnection;
  readonly sftp: OpenSftp;
}

/** A way into a machine by SSH: commands by exec, files by SFTP (or `cat`), folders as one archive (or by SFTP). */
export function sshCommunicator(options: SshCommunicatorOptions): Communicator {
  const { host, settings, guest = "posix" } = options;
  let live: Live = { connection: options.connection, sftp: sftpOf(options.connection) };
  let renewing: Promise<Live> | undefined;
  let closed = false;

  const current = async (signal: AbortSignal): Promise<Live> => {
    signal.throwIfAborted();
    if (closed) throw new Failure("The connection to the machine is closed");
    if (!live.connection.gone.aborted) return live;
    renewing ??= options
      .again(signal)
      .then((connection) => {
        live = { connection, sftp: sftpOf(connection) };
        return live;
      })
      .catch((fault: unknown) => {
        signal.throwIfAborted();
        const why = fault instanceof Error ? fault.message : String(fault);
        throw new Failure(`The connection to the machine was lost, and it cannot be reached again: ${why}`, {
          cause: fault,
        });
      })
      .finally(() => {
        renewing = undefined;
      });
    return await renewing;
  };
  /** Commands of ours get no terminal: it would change what they carry. */
  const plainly =
    ({ connection }: Live): Run =>
    (command, signal) =>
      runCommand(connection, command, { pty: false }, signal);
  const sftpOrRefuse = async ({ sftp }: Live): Promise<SFTPWrapper | undefined> => {
    const session = await sftp();
    if (session === undefined && (settings.transfer === "sftp" || guest === "windows")) {
      throw new Failure("The machine's SSH server has no SFTP", {
        hint: 'Add "Subsystem sftp internal-sftp" to its sshd_config, or use ssh_file_transfer_method = "scp".',
      });
    }
    return session;
  };
  const copyFolder = async (
    byTar: typeof tarUpload,
    bySftp: typeof sftpUploadFolder,
    copy: Omit<FolderCopy, "compressed">,
    signal: AbortSignal,
  ): Promise<void> => {
    const way = await current(signal);
    if (guest === "posix") {
      try {
        return await byTar(host, plainly(way), { ...copy, compressed: way.connection.roundTrip > FAR }, signal);
      } catch (fault) {
        if (!(fault instanceof NoTar)) throw fault;
      }
    }
    const sftp = await way.sftp();
    if (sftp === undefined) {
      throw new Failure(`Could not copy ${copy.from}: the machine has neither tar nor SFTP`, {
        hint: "Install tar there, or add the sftp subsystem to its sshd_config.",
      });
    }
    await bySftp(host, sftp, { ...copy, compressed: false }, signal);
  };

  return {
    guest,
    async run(command, signal) {
      const { connection } = await current(signal);
      return await runCommand(connection, command, { pty: settings.pty }, signal);
    },
    async upload(content, path, uploadOptions, signal) {
      if (path.endsWith("/")) throw new Failure(`Could not upload to ${path}: that names a folder, not a file`);
      const way = await current(signal);
      const sftp = await sftpOrRefuse(way);
      if (sftp) await whileConnected(way, sftpUpload(sftp, content, path, uploadOptions, signal));
      else await shellUpload(plainly(way), content, path, uploadOptions, signal);
    },
    async download(path, into, signal) {
      const way = await current(signal);
      const sftp = await sftpOrRefuse(way);
      if (sftp) await whileConnected(way, sftpDownload(sftp, path, into, signal));
      else await shellDownload(plainly(way), path, into, signal);
    },
    uploadFolder: (from, to, folderOptions: FolderOptions, signal) =>
      copyFolder(tarUpload, sftpUploadFolder, { from, to, ...folderOptions }, signal),
    downloadFolder: (from, to, folderOptions: FolderOptions, signal) =>
      copyFolder(tarDownload, sftpDownloadFolder, { from, to, ...folderOptions }, signal),
    async close() {
      closed = true;
      await renewing?.catch(() => {});
      await live.connection.end();
    },
  };
}

/** Requests that were on their way when the connection was lost are answered by nobody. */
async function whileConnected<T>({ connection: { gone } }: Live, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const lost = (): void => {
    const why = gone.reason instanceof Error ? gone.reason.message : String(gone.reason);
    reject(new Failure(`The connection to the machine was lost during a copy: ${why}`));
  };
  if (gone.aborted) lost();
  gone.addEventListener("abort", lost, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    gone.removeEventListener("abort", lost);
  }
}
