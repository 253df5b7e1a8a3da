import { defineProvisioner } from "../../../sdk/component.ts";
import { duration } from "../../../spec/fields.ts";

export const sleep = defineProvisioner({
  name: "sleep",
  doc: "Waits.",
  fields: { duration: duration("How long.", { default: 0 }) },
  async run(config, provisioning) {
    await provisioning.host.sleep(config.duration, provisioning.signal);
  },
});
