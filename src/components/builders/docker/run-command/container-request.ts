import type { Build } from "../../../../sdk/component.ts";
import { Failure } from "../../../../sdk/failure.ts";
import type { Host } from "../../../../sdk/host.ts";
import { renderLater } from "../../../../sdk/render-later.ts";
import type { Config } from "../../../../spec/field.ts";
import type { dockerFields } from "../fields.ts";
import { append, type ContainerDraft, emptyDraft } from "./container-draft.ts";
import { BadFlagValue, deviceOf } from "./flag-values.ts";
import { addTmpfs, addVolume } from "./mounts.ts";
import type { RunCommand } from "./parse-run-command.ts";
import { capabilityOf, runFlags } from "./run-flags.ts";

/** As Packer starts a container: a shell that waits, so that it stays. */
export const DEFAULT_RUN_COMMAND = ["-d", "-i", "-t", "--entrypoint=/bin/sh", "--", "{{.Image}}"];

/** The arguments of `run_command`, with `{{.Image}}` and Packer's template functions replaced. */
export function renderRunCommand(build: Build, runCommand: readonly string[] | undefined, image: string): string[] {
  const written = runCommand === undefined || runCommand.length === 0 ? DEFAULT_RUN_COMMAND : runCommand;
  const rendering = { host: build.host, facts: build.facts, machine: {} };
  return written.map((argument) => renderLater(rendering, argument, { Image: image }));
}

/** What options and run command ask for, the run command last, as Packer orders the arguments. */
export async function draftContainer(
  config: Config<typeof dockerFields>,
  command: RunCommand,
  host: Host,
): Promise<ContainerDraft> {
  const draft = emptyDraft();
  applyOptions(draft, config, host);
  const context = { host, readText: (path: string) => host.files.readText(path) };
  for (const { name, value } of command.flags) {
    try {
      await runFlags[name]?.apply(draft, value, context);
    } catch (fault) {
      throw fault instanceof BadFlagValue ? new Failure(`run_command: --${name}: ${fault.message}`) : fault;
    }
  }
  return draft;
}

function applyOptions(draft: ContainerDraft, config: Config<typeof dockerFields>, host: Host): void {
  append(draft.host, "Devices", ...(config.device ?? []).map(deviceOf));
  append(draft.host, "CapAdd", ...(config.cap_add ?? []).map(capabilityOf));
  append(draft.host, "CapDrop", ...(config.cap_drop ?? []).map(capabilityOf));
  if (config.privileged) draft.host.Privileged = true;
  if (config.runtime) draft.host.Runtime = config.runtime;
  if (config.network) draft.host.NetworkMode = config.network;
  if (config.cgroupns) draft.host.CgroupnsMode = config.cgroupns;
  if (config.platform) draft.platform = config.platform;
  for (const place of config.tmpfs ?? []) addTmpfs(draft, place);
  for (const [source, target] of Object.entries(config.volumes ?? {})) addVolume(draft, `${source}:${target}`, host);
  // An empty list says nothing, and some engines take it for something.
  for (const [member, value] of Object.entries(draft.host))
    if (Array.isArray(value) && value.length === 0) delete draft.host[member];
}

/** The options as arguments of a `docker run`, for a run command that only the docker command understands. */
export function optionArguments(config: Config<typeof dockerFields>): string[] {
  const each = (flag: string, values: readonly string[] | undefined) =>
    (values ?? []).flatMap((value) => [flag, value]);
  const one = (flag: string, value: string | undefined) => (value ? [flag, value] : []);
  return [
    ...each("--device", config.device),
    ...each("--cap-add", config.cap_add),
    ...each("--cap-drop", config.cap_drop),
    ...(config.privileged ? ["--privileged"] : []),
    ...one("--runtime", config.runtime),
    ...one("--network", config.network),
    ...one("--cgroupns", config.cgroupns),
    ...one("--platform", config.platform),
    ...each("--tmpfs", config.tmpfs),
    ...Object.entries(config.volumes ?? {}).flatMap(([source, target]) => ["-v", `${source}:${target}`]),
  ];
}
