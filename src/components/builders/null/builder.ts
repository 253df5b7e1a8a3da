import { communicatorFields } from "../../../sdk/communicator-options.ts";
import { defineBuilder } from "../../../sdk/component.ts";
import { checkConnection } from "./check-connection.ts";
import { existingMachine } from "./existing-machine.ts";

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
    await build.provision(await existingMachine(config, build));
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
