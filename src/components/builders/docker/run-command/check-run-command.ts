import { join } from "node:path";
import type { Host } from "../../../../sdk/host.ts";
import type { PartialConfig, Problems } from "../../../../spec/field.ts";
import type { dockerFields } from "../fields.ts";
import { emptyDraft } from "./container-draft.ts";
import { BadFlagValue } from "./flag-values.ts";
import { parseRunCommand } from "./parse-run-command.ts";
import { runFlags } from "./run-flags.ts";

/** Finds now what `docker run` would refuse later. Reads no files. */
export async function checkRunCommand(
  config: PartialConfig<typeof dockerFields>,
  problems: Problems,
  host: Host,
): Promise<void> {
  if (config.run_command === undefined || config.run_command.length === 0) return;
  const command = parseRunCommand(config.run_command);
  for (const fault of command.faults) problems.error("run_command", "Bad docker run argument", `${capital(fault)}.`);
  if (command.unknown.length > 0) {
    const program = config.docker_path ?? "docker";
    if (!(await isInstalled(host, program))) {
      problems.error(
        "run_command",
        "Unknown docker run argument",
        `${command.unknown.join(", ")} has no translation for the Docker engine, and there is no "${program}" command here that could be asked to understand it.`,
      );
    }
    // Whether what follows is its value or the image cannot be known.
    return;
  }
  if (command.image === undefined) {
    problems.error(
      "run_command",
      "The run command names no image",
      'It ends with "{{.Image}}", and maybe a command after it.',
    );
  }
  const draft = emptyDraft();
  for (const { name, value } of command.flags) {
    try {
      await runFlags[name]?.apply(draft, value, { host, readText: async () => "" });
    } catch (fault) {
      if (!(fault instanceof BadFlagValue)) throw fault;
      problems.error("run_command", "Bad docker run argument", `--${name}: ${fault.message}.`);
    }
  }
  if (draft.host.AutoRemove === true) {
    problems.warning(
      "run_command",
      "--rm removes the container as soon as it stops",
      "It is removed at the end anyway.",
    );
  }
}

async function isInstalled(host: Host, program: string): Promise<boolean> {
  if (/[\\/]/.test(program)) return host.files.exists(program);
  const names = host.platform === "win32" ? [`${program}.exe`, program] : [program];
  const folders = (host.environment.PATH ?? "").split(host.platform === "win32" ? ";" : ":");
  for (const folder of folders) {
    for (const name of names) if (folder !== "" && (await host.files.exists(join(folder, name)))) return true;
  }
  return false;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
