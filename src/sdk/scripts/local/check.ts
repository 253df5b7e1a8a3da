import type { PartialConfig, Problems } from "../../../spec/field.ts";
import type { Host } from "../../host.ts";
import { checkEnvironment, checkScriptFiles, isGiven } from "../check-scripts.ts";
import { problemOfPairFormat } from "../format-pair.ts";
import type { shellLocalFields } from "./fields.ts";
import { SYSTEMS } from "./system-name.ts";

const SOURCES = ["command", "inline", "script", "scripts"];

/** The rules across the options of `shell-local`. */
export async function checkShellLocal(
  config: PartialConfig<typeof shellLocalFields>,
  problems: Problems,
  host: Host,
): Promise<void> {
  const given = SOURCES.filter((name) => isGiven(config, name, problems));
  if (given.length === 0) {
    problems.error(undefined, "Command, Inline, Script and Scripts options cannot all be empty");
  }
  if (given.length > 1) {
    problems.error(
      given[1],
      "You may only specify one of the following options: Command, Inline, Script or Scripts",
      `Here are ${given.map((name) => `"${name}"`).join(", ")}: make it several provisioners, or put all into one.`,
    );
  }
  if (config.use_linux_pathing && given.some((name) => name === "command" || name === "inline")) {
    problems.error(
      "use_linux_pathing",
      "Unable to use the Command and Inline features with the Windows Linux Subsystem",
      "Put the commands into a file and name it with script.",
    );
  }
  for (const [index, system] of (config.only_on ?? []).entries()) {
    if (SYSTEMS.includes(system)) continue;
    problems.error(
      `only_on[${index}]`,
      `Invalid OS specified in only_on: '${system}'`,
      `Supported OS names: ${SYSTEMS.join(", ")}.`,
    );
  }
  const format = config.env_var_format === undefined ? undefined : problemOfPairFormat(config.env_var_format);
  if (format !== undefined) problems.error("env_var_format", "Invalid env_var_format", format);
  checkEnvironment(config, problems);
  await checkScriptFiles(config, problems, host);
}
