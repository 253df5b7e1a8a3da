import type { Communicator } from "./communicator.ts";
import { Failure } from "./failure.ts";

/**
 * The way into no machine, as Packer has it: commands do nothing and succeed, moving files is refused. `discard`: files
 * are taken and dropped instead, told once by the warning (builders whose machine is only a stand-in).
 */
export function noneCommunicator(discard?: { readonly warn: (text: string) => void }): Communicator {
  let warned = false;
  const transfer = async (what: string): Promise<void> => {
    if (!discard) throw notImplemented(what);
    if (warned) return;
    warned = true;
    discard.warn("This builder has no machine: what provisioners upload or run there is dropped.");
  };
  return {
    guest: "none",
    run: async () => {
      if (discard) await transfer("Run");
      return { exitCode: 0 };
    },
    upload: () => transfer("Upload"),
    uploadFolder: () => transfer("UploadDir"),
    download: async (_path, into) => {
      await transfer("Download");
      into.end();
    },
    downloadFolder: () => transfer("DownloadDir"),
    close: async () => {},
  };
}

function notImplemented(what: string): Failure {
  return new Failure(`${what} is not implemented when communicator = 'none'`, {
    permanent: true,
    hint: "Without a way into the machine only provisioners that work on this one (shell-local, ...) can do anything.",
  });
}
