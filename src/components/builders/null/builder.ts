import { communicatorFields } from "../../../sdk/communicator-options.ts";
import { defineBuilder } from "../../../sdk/component.ts";
import { Failure } from "../../../sdk/failure.ts";
import { noneCommunicator } from "../../../sdk/none-communicator.ts";
import { checkConnection } from "./check-connection.ts";

/** Named by Packer; post-processors look at it. */
const BUILDER_ID = "fnoeding.null";

export const nullBuilder = defineBuilder({
  name: "null",
  doc: "Makes nothing: runs provisioners on a machine that is there already, or on none.",
  fields: communicatorFields,
  generates: [],
  owns: [],
  ownership: "journaled",
  check: checkConnection,
  makes: () => "nothing",
  async run(config, build) {
    await build.provision({
      connect: async () => {
        if (config.communicator === "none") return noneCommunicator();
        throw new Failure(`This version of Ingot cannot connect by ${config.communicator ?? "ssh"} yet`, {
          permanent: true,
          hint: 'It can run shell-local and other provisioners of this machine with communicator = "none".',
        });
      },
      record: () => ({ builder: "null" }),
      facts: { ID: "Null", ConnType: config.communicator ?? "ssh" },
    });
    return {
      builderId: BUILDER_ID,
      id: "Null",
      description: "Did not export anything. This is the null builder",
      files: [],
      state: {},
      destroy: async () => {},
    };
  },
});
