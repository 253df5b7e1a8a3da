import { defineProvisioner } from "../../../sdk/component.ts";
import { boolean, string } from "../../../spec/fields.ts";

export const breakpoint = defineProvisioner({
  name: "breakpoint",
  doc: "Waits until somebody presses Enter, to look into the machine meanwhile.",
  fields: {
    note: string("Shown while it waits."),
    disable: boolean("Does not wait.", { default: false }),
  },
  async run({ note, disable }, provisioning) {
    const withNote = note === undefined ? "" : ` with note "${note}"`;
    if (disable) return provisioning.say(`Breakpoint provisioner${withNote} disabled; continuing...`);
    provisioning.say(`Pausing at breakpoint provisioner${withNote}.`);
    await provisioning.interaction.pause("Press enter to continue.", provisioning.signal);
  },
});
