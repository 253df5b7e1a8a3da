import { randomBytes } from "node:crypto";
import { defineProvisioner, type Provisioning } from "../../../sdk/component.ts";
import { checkEnvironment, checkScriptFiles, isGiven } from "../../../sdk/scripts/check-scripts.ts";
import { problemOfPairFormat } from "../../../sdk/scripts/format-pair.ts";
import { scriptSources } from "../../../sdk/scripts/script-sources.ts";
import { formatGoDuration } from "../../../spec/duration.ts";
import type { Config, PartialConfig, Problems } from "../../../spec/field.ts";
import { shellFields } from "./fields.ts";
import { guestConnection } from "./guest-connection.ts";
import { removeFromGuest, tryToRemoveFromGuest } from "./remove-from-guest.ts";
import { type GuestPaths, runScript } from "./run-script.ts";
import { uploadEnvironment } from "./upload-environment.ts";

export type ShellConfig = Config<typeof shellFields>;

export const shell = defineProvisioner({
  name: "shell",
  doc: "Runs scripts in the guest, with its shell.",
  fields: shellFields,
  async check(config, problems, host) {
    checkSources(config, problems);
    checkEnvironment(config, problems);
    const format = config.env_var_format === undefined ? undefined : problemOfPairFormat(config.env_var_format);
    if (format !== undefined) problems.error("env_var_format", "Invalid env_var_format", format);
    await checkScriptFiles(config, problems, host);
  },
  async inputs(config) {
    return scriptSources(config).flatMap((source) =>
      source.kind === "file" ? [{ path: source.path, root: "cwd" as const }] : [],
    );
  },
  run: runShell,
});

async function runShell(config: ShellConfig, provisioning: Provisioning): Promise<void> {
  const { host, signal } = provisioning;
  const guest = guestConnection(provisioning, config.start_retry_timeout);
  const paths = guestPaths(config);
  const sources = scriptSources(config);
  let removed = false;
  const ours = [paths.script, ...(paths.environmentFile === undefined ? [] : [paths.environmentFile])];
  try {
    if (paths.environmentFile !== undefined) {
      await uploadEnvironment(paths.environmentFile, config, guest, provisioning);
    }
    for (const [index, source] of sources.entries()) {
      const toRemove = index === sources.length - 1 && !config.skip_clean ? ours : [];
      removed = await runScript(source, paths, toRemove, config, guest, provisioning);
    }
  } catch (fault) {
    // The guest may live on: `continue_on_error`, `max_retries`.
    if (!config.skip_clean && !signal.aborted) await tryToRemoveFromGuest(ours, guest, signal);
    throw fault;
  }
  if (!config.skip_clean && !removed) await removeFromGuest(ours, guest, signal);
  if (config.pause_after > 0) {
    provisioning.say(`Pausing ${formatGoDuration(config.pause_after)} after this provisioner...`);
    await host.sleep(config.pause_after, signal);
  }
}

/** All scripts take turns at one path. */
function guestPaths(config: ShellConfig): GuestPaths {
  const unique = randomBytes(6).toString("hex");
  return {
    script: config.remote_path ?? `${config.remote_folder}/${config.remote_file ?? `script_${unique}.sh`}`,
    environmentFile: config.use_env_var_file ? `${config.remote_folder}/varfile_${unique}.sh` : undefined,
  };
}

function checkSources(config: PartialConfig<typeof shellFields>, problems: Problems): void {
  const inline = isGiven(config, "inline", problems);
  const script = isGiven(config, "script", problems);
  const scripts = isGiven(config, "scripts", problems);
  if (script && scripts) problems.error("script", "Only one of script or scripts can be specified");
  if (inline && (script || scripts)) {
    problems.error("inline", "Only a script file or an inline script can be specified, not both");
  }
  if (!inline && !script && !scripts) {
    problems.error(undefined, "Either a script file or inline script must be specified");
  }
}
