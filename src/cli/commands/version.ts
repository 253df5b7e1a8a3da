import { PACKER_VERSION } from "../../template/packer-version.ts";
import { defineCommand } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { INGOT_VERSION } from "../version.ts";

export const version = defineCommand({
  name: "version",
  operands: "",
  operandCount: [0, 0],
  doc:
    "Prints the version of Ingot, and the version of Packer whose templates, command lines and plugins it takes. " +
    "It asks no server whether there is a newer one.",
  flags: {},

  async run({ console }) {
    console.machine("", "version", PACKER_VERSION);
    // The misspelling is Packer's, and scripts match it.
    console.machine("", "version-prelease", "");
    console.machine("", "version-commit", "");
    console.machine("", "ingot-version", INGOT_VERSION);
    console.say(`Ingot v${INGOT_VERSION}, compatible with Packer v${PACKER_VERSION}`);
    return EXIT.ok;
  },
});
