import type { BuildFacts, Interaction, Provisioner, Provisioning } from "../../sdk/component.ts";
import type { Host } from "../../sdk/host.ts";
import type { Wire } from "../rpc/message-pack.ts";
import { fieldsOfSpec } from "../specs/fields-of-spec.ts";
import type { ObjectSpec } from "../specs/spec.ts";
import { valueOfConfig } from "../specs/value-of-config.ts";
import { ctyJson } from "../values/cty-json.ts";
import { ComponentProcess, type PluginComponent } from "./component-process.ts";
import { runPluginProvisioner } from "./run-provisioner.ts";

export interface PluginIdentity {
  /** What templates call the component. */
  readonly name: string;
  /** The version of Packer whose way of doing things plugins are told. */
  readonly coreVersion: string;
}

/** A provisioner of a plugin, as one of ours. Starts the plugin to ask for its options. */
export async function pluginProvisioner(
  { name, coreVersion }: PluginIdentity,
  component: PluginComponent,
  host: Host,
  signal: AbortSignal,
): Promise<Provisioner> {
  const spec = await specOf(component, host, signal);
  return {
    kind: "provisioner",
    name,
    doc: `Of the plugin ${component.command.label}.`,
    fields: fieldsOfSpec(spec),
    async run(config, provisioning: Provisioning) {
      const { facts } = provisioning;
      const started = { ...component, command: { ...component.command, runId: facts.runId } };
      await using process = await ComponentProcess.start(provisioning.host, started, provisioning.signal);
      const value = valueOfConfig(spec, { config, unknown: new Set() });
      const configs = [factsForPlugin(facts, coreVersion), Buffer.from(ctyJson(value)), null];
      const { warnings } = await process.prepare(configs, provisioning.signal);
      for (const warning of warnings) provisioning.warn(warning);
      await runPluginProvisioner(process, provisioning, askBy(provisioning.interaction));
    },
  };
}

async function specOf(component: PluginComponent, host: Host, signal: AbortSignal): Promise<ObjectSpec> {
  await using process = await ComponentProcess.start(host, component, signal);
  return await process.spec(signal);
}

/** What plugins learn of the build, beside their own configuration. Truths are texts. */
function factsForPlugin(facts: BuildFacts, coreVersion: string): Wire {
  return {
    packer_build_name: facts.sourceName,
    packer_builder_type: facts.builderType,
    packer_core_version: coreVersion,
    packer_debug: String(facts.debug),
    packer_force: String(facts.force),
    packer_on_error: "",
    packer_sensitive_variables: [],
  };
}

/** Plugins ask to have someone press Enter; what is typed is not used. */
function askBy(interaction: Interaction): (question: string, signal: AbortSignal) => Promise<string> {
  return async (question, signal) => {
    await interaction.pause(question, signal);
    return "";
  };
}
