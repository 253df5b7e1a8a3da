import { definePostProcessor } from "../../../sdk/component.ts";
import { checkShellLocal } from "../../../sdk/scripts/local/check.ts";
import { shellLocalFields } from "../../../sdk/scripts/local/fields.ts";
import { runLocalScripts } from "../../../sdk/scripts/local/run-scripts.ts";
import { temporaryPathKind } from "../../../sdk/temporary-path.ts";

export const shellLocalPostProcessor = definePostProcessor({
  name: "shell-local",
  doc: "Runs scripts on the machine that Ingot runs on, once the artifact is made; hands the artifact on.",
  fields: shellLocalFields,
  owns: [temporaryPathKind],
  check: checkShellLocal,
  async run(config, input, processing) {
    await runLocalScripts({ ...config, execute_command: throughShell(config.execute_command) }, processing);
    return { artifact: input, keepInput: true, mustKeepInput: true };
  },
});

/** A single text is a command line, as in Packer. */
function throughShell(command: readonly string[] | undefined): readonly string[] | undefined {
  return command?.length === 1 ? ["sh", "-c", ...command] : command;
}
