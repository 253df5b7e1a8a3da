import type { Communicator } from "../../../sdk/communicator.ts";
import { Failure } from "../../../sdk/failure.ts";

/** Reaches nothing: commands do nothing and succeed, as in Packer; copying is a fault. */
export function noCommunicator(): Communicator {
  const refuse = async (): Promise<never> => {
    throw new Failure('Files cannot be copied with communicator = "none"');
  };
  return {
    guest: "none",
    run: async () => ({ exitCode: 0 }),
    upload: refuse,
    uploadFolder: refuse,
    download: refuse,
    downloadFolder: refuse,
    async close() {},
  };
}
