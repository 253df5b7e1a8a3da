import type { Config } from "../../../spec/field.ts";
import type { Provisioning } from "../../component.ts";
import { Failure } from "../../failure.ts";
import { renderLater } from "../../render-later.ts";
import { formatEnvironment, scriptEnvironment } from "../environment.ts";
import { checkExitCode } from "../exit-codes.ts";
import { quoteForSh } from "../quote-for-sh.ts";
import { scriptSources } from "../script-sources.ts";
import type { shellLocalFields } from "./fields.ts";
import { systemName } from "./system-name.ts";
import { writeInlineScript } from "./write-inline-script.ts";

export type ShellLocalConfig = Config<typeof shellLocalFields>;

/** What running scripts here takes from a provisioner or a post-processor at work. */
export type LocalWork = Pick<
  Provisioning,
  "host" | "signal" | "say" | "output" | "facts" | "machine" | "own" | "render"
>;

/** Runs the scripts on this machine, in order. Throws a Failure unless each ends as the template allows. */
export async function runLocalScripts(config: ShellLocalConfig, work: LocalWork): Promise<void> {
  const system = systemName(work.host);
  if (config.only_on !== undefined && config.only_on.length > 0 && !config.only_on.includes(system)) {
    return work.say("Skipping shell-local due to runtime OS");
  }
  const inline = config.command === undefined ? config.inline : [config.command];
  for (const source of scriptSources({ ...config, inline })) {
    if (source.kind === "file") {
      await runLocalScript(work.host.files.resolve(source.path), source.path, config, work);
      continue;
    }
    // Packer renders them a second time, until nothing changes any more.
    const lines = source.lines.map((line) => renderLater(work, line, {}));
    const script = await writeInlineScript(lines, config, work);
    try {
      await runLocalScript(script.path, script.path, config, work);
    } finally {
      await script.remove();
    }
  }
}

/** `shown` names it to people. */
async function runLocalScript(path: string, shown: string, config: ShellLocalConfig, work: LocalWork): Promise<void> {
  work.say(`Running local shell script: ${shown}`);
  const { host, signal } = work;
  const result = await host.run(
    {
      argv: commandLine(path, config, work),
      environment: { PACKER_RUN_UUID: work.facts.runId },
      onStdout: (chunk) => work.output("stdout", chunk),
      onStderr: (chunk) => work.output("stderr", chunk),
    },
    signal,
  );
  if (result.code === null) throw new Failure(`The script ${shown} was ended by the signal ${result.signal}`);
  checkExitCode(result.code, config.valid_exit_codes);
}

function commandLine(path: string, config: ShellLocalConfig, work: LocalWork): readonly [string, ...string[]] {
  const windows = work.host.platform === "win32";
  const format = config.env_var_format ?? (windows ? "set %s=%s && " : "%s='%s' ");
  const environment = scriptEnvironment(config, work.facts, work.machine);
  const own = config.execute_command !== undefined && config.execute_command.length > 0;
  const script = config.use_linux_pathing ? asLinuxPath(path) : path;
  // Our own command goes through sh, where a blank in the path would end it. What the template writes may hold quotes.
  const data = { Vars: formatEnvironment(environment, format), Script: own || windows ? script : quoteForSh(script) };
  const parts = own ? config.execute_command : windows ? WINDOWS_COMMAND : UNIX_COMMAND;
  const [program = "", ...rest] = parts.map((part) => renderLater(work, part, { ...data, Command: data.Script }));
  return [program, ...rest];
}

const UNIX_COMMAND = ["/bin/sh", "-c", "{{.Vars}} {{.Script}}"];
const WINDOWS_COMMAND = ["cmd", "/V", "/C", "{{.Vars}}", "call", "{{.Script}}"];

/** `C:\x\y` is `/mnt/c/x/y` in the Windows Subsystem for Linux. */
function asLinuxPath(path: string): string {
  const [, drive, rest = ""] = /^([A-Za-z]):(.*)$/.exec(path) ?? [];
  return drive === undefined ? path : `/mnt/${drive.toLowerCase()}${rest.replaceAll("\\", "/")}`;
}
