import { rmSync } from "node:fs";
import type { Communicator } from "../../src/sdk/communicator.ts";
import { localCommunicator } from "../support/local-communicator.ts";
import { describeCommunicator } from "./describe-communicator.ts";

// The stand-in that tests of provisioners use must behave as the communicators that users have.
describeCommunicator("local", async () => {
  const local = localCommunicator();
  const seen = new Set<string>();
  return {
    communicator: noting(local, seen),
    vanish: async () => local.vanish(),
    async [Symbol.asyncDispose]() {
      local.vanish();
      for (const path of seen)
        for (const end of ["", ".link", ".two"]) rmSync(path + end, { recursive: true, force: true });
    },
  };
});

/** The guest is this machine: what the suite makes in it has to be removed. */
function noting(communicator: Communicator, seen: Set<string>): Communicator {
  const note = (text: string): void => {
    for (const [path] of text.matchAll(/\/tmp\/conformance-[0-9a-f]{12}( it's "ä 日本 \$x;)?/g)) seen.add(path);
  };
  return {
    ...communicator,
    run: (command, signal) => {
      note(command.line);
      return communicator.run(command, signal);
    },
    upload: (content, path, options, signal) => {
      note(path);
      return communicator.upload(content, path, options, signal);
    },
    uploadFolder: (from, to, options, signal) => {
      note(to);
      return communicator.uploadFolder(from, to, options, signal);
    },
  };
}
