import type { SFTPWrapper } from "ssh2";
import { Failure } from "../../../sdk/failure.ts";
import type { SshConnection } from "../connecting/ssh-connection.ts";

type Done<T> = (error: Error | null | undefined, result?: T) => void;

/** The SFTP session of a connection, opened when it is first needed; undefined: the server has none. */
export type OpenSftp = () => Promise<SFTPWrapper | undefined>;

export function sftpOf({ client, gone }: SshConnection): OpenSftp {
  let session: Promise<SFTPWrapper | undefined> | undefined;
  const open = async (): Promise<SFTPWrapper | undefined> => {
    try {
      const sftp = await asking<SFTPWrapper>((done) => client.sftp(done as never));
      // Faults of the session come to those who ask, too.
      sftp.on("error", () => {});
      sftp.on("close", () => {
        session = undefined;
      });
      return sftp;
    } catch (error) {
      if (gone.aborted) throw new Failure(`The connection to the machine was lost: ${gone.reason.message}`);
      return isMissing(error) ? undefined : Promise.reject(error);
    }
  };
  return () => {
    session ??= open();
    return session;
  };
}

/** One request. */
export function asking<T = void>(ask: (done: Done<T>) => void): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  // What has no result (void) resolves with undefined, as its type says.
  ask((error, result) => (error ? reject(error) : resolve(result as T)));
  return promise;
}

/** What the server answered, for people. */
export function sftpAnswer(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === 2) return "no such file or folder";
  if (code === 3) return "permission denied";
  const message = error instanceof Error ? error.message : String(error);
  return code === 4 && message === "Failure" ? "the server gives no reason (is the disk full?)" : message;
}

export function isNoSuchFile(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === 2;
}

/** SFTP knows no `~`: paths begin in the home folder anyway. */
export function sftpPath(path: string): string {
  if (path === "~") return ".";
  return path.startsWith("~/") ? path.slice(2) || "." : path;
}

function isMissing(error: unknown): boolean {
  // The server refused the subsystem, or its program ended at once.
  return error instanceof Error && /subsystem|Unable to start|ended|closed|exit|No response/i.test(error.message);
}
