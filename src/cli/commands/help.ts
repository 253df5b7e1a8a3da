import { usageOf } from "../arguments/usage.ts";
import { defineCommand } from "../command.ts";
import { commands, programHelp } from "../commands.ts";
import { EXIT } from "../exit-codes.ts";

export const help = defineCommand({
  name: "help",
  operands: "[COMMAND]",
  operandCount: [0, 1],
  doc: "Shows the help of a command, or the list of all commands.",
  flags: {},

  async run({ operands: [name], console }) {
    if (name === undefined) {
      console.write(`${programHelp()}\n`);
      return EXIT.ok;
    }
    const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (!entry) {
      console.error(`There is no command "${name}".`);
      return EXIT.unknownCommand;
    }
    console.say(usageOf(await entry.load()));
    return EXIT.ok;
  },
});
