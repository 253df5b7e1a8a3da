import { type Communicator, Disconnected } from "../../../sdk/communicator.ts";
import type { Provisioning } from "../../../sdk/component.ts";
import { Failure } from "../../../sdk/failure.ts";
import { renderLater } from "../../../sdk/render-later.ts";
import { formatEnvironment, scriptEnvironment } from "../../../sdk/scripts/environment.ts";
import { checkExitCode } from "../../../sdk/scripts/exit-codes.ts";
import type { ScriptSource } from "../../../sdk/scripts/script-sources.ts";
import { uploadStream } from "../../../sdk/upload-stream.ts";
import type { GuestConnection } from "./guest-connection.ts";
import type { ShellConfig } from "./provisioner.ts";
import { removing } from "./remove-from-guest.ts";
import { type ScriptContent, scriptContent } from "./script-content.ts";

/** Where things are in the guest. */
export interface GuestPaths {
  readonly script: string;
  readonly environmentFile: string | undefined;
}

/** The commands of the template, rendered a second time as by Packer: until nothing changes any more. */
function rendered(source: ScriptSource, provisioning: Provisioning): ScriptSource {
  if (source.kind === "file") return source;
  return { ...source, lines: source.lines.map((line) => renderLater(provisioning, line, {})) };
}

/** The exit code that Packer has for a connection lost while a command ran; templates list it in `valid_exit_codes`. */
const DISCONNECTED = 2300218;

/**
 * Brings one script into the guest and runs it there. Throws a Failure unless it ends as the template allows. Removes
 * the files right after it, in the same command, where it can; true: it has.
 */
export async function runScript(
  source: ScriptSource,
  paths: GuestPaths,
  toRemove: readonly string[],
  config: ShellConfig,
  guest: GuestConnection,
  provisioning: Provisioning,
): Promise<boolean> {
  const { signal } = provisioning;
  provisioning.say(`Provisioning with shell script: ${source.kind === "file" ? source.path : "inline"}`);
  const command = commandLine(paths, config, provisioning);
  // What the template's own command does with the shell that it gets, nobody knows.
  const removes = toRemove.length > 0 && config.execute_command === undefined;
  const line = removes
    ? `(${command}); code=$?; ${removing(toRemove)} || [ $code -ne 0 ] || code=1; exit $code`
    : command;
  const content = await scriptContent(rendered(source, provisioning), config, provisioning.host);
  const exitCode = await guest.insist(async (communicator) => {
    await upload(communicator, content, paths.script, signal);
    return await exitCodeOf(communicator, line, provisioning);
  });
  if (exitCode !== DISCONNECTED) {
    checkExitCode(exitCode, config.valid_exit_codes);
    return removes;
  }
  guest.lost();
  if (config.expect_disconnect || config.valid_exit_codes.includes(DISCONNECTED)) return false;
  throw new Failure("Script disconnected unexpectedly", {
    hint:
      "If the script is meant to end the connection, as a restart does, set expect_disconnect = true, " +
      `or valid_exit_codes = [0, ${DISCONNECTED}].`,
  });
}

function commandLine(paths: GuestPaths, config: ShellConfig, provisioning: Provisioning): string {
  const environment = scriptEnvironment(config, provisioning.facts, provisioning.machine);
  const { execute_command: command, env_var_format: format } = config;
  if (paths.environmentFile === undefined) {
    return renderLater(provisioning, command ?? "chmod +x {{.Path}}; {{.Vars}} {{.Path}}", {
      Path: paths.script,
      Vars: formatEnvironment(environment, format ?? "%s='%s' "),
    });
  }
  return renderLater(provisioning, command ?? "chmod +x {{.Path}}; . {{.EnvVarFile}} && {{.Path}}", {
    Path: paths.script,
    Vars: "",
    EnvVarFile: paths.environmentFile,
  });
}

/** Executable from the start: that saves a command in the guest. */
async function upload(
  communicator: Communicator,
  content: ScriptContent,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    await uploadStream(communicator, content.open(), path, { size: content.size, mode: 0o755 }, signal);
  } catch (fault) {
    if (!(fault instanceof Failure)) throw fault;
    throw new Failure(`Error uploading script: ${fault.message}`, {
      cause: fault,
      hint: fault.hint,
      permanent: fault.permanent,
    });
  }
}

async function exitCodeOf(communicator: Communicator, line: string, provisioning: Provisioning): Promise<number> {
  try {
    const { exitCode } = await communicator.run(
      {
        line,
        onStdout: (chunk) => provisioning.output("stdout", chunk),
        onStderr: (chunk) => provisioning.output("stderr", chunk),
      },
      provisioning.signal,
    );
    return exitCode;
  } catch (fault) {
    // Not tried again: nobody knows what the script did before the connection was lost.
    if (fault instanceof Disconnected) return DISCONNECTED;
    throw fault;
  }
}
