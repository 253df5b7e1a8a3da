import type { BuildFacts, MachineFactsForTemplates } from "../component.ts";
import { formatPair } from "./format-pair.ts";

interface EnvironmentOptions {
  readonly environment_vars?: readonly string[] | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** Variables by name, sorted. The template's win over those that every script gets. */
export type ScriptEnvironment = readonly (readonly [name: string, value: string])[];

/** What the environment of a script holds: what Packer promises to every script, and what the template adds. */
export function scriptEnvironment(
  config: EnvironmentOptions,
  facts: BuildFacts,
  machine: MachineFactsForTemplates,
): ScriptEnvironment {
  const all = new Map<string, string>([
    ["PACKER_BUILD_NAME", facts.sourceName],
    ["PACKER_BUILDER_TYPE", facts.builderType],
    ...httpVariables(machine),
    ...(config.environment_vars ?? []).map(splitPair),
    ...Object.entries(config.env ?? {}),
  ]);
  return [...all].sort(([a], [b]) => (a < b ? -1 : 1));
}

/**
 * All variables, each written by the format. Where the format puts the value between single quotes, those within it
 * are written so that a shell reads them as they are.
 */
export function formatEnvironment(environment: ScriptEnvironment, format: string): string {
  const quoted = /'%(\[\d+\])?[sv]'/.test(format);
  return environment
    .map(([name, value]) => formatPair(format, name, quoted ? value.replaceAll("'", `'"'"'`) : value))
    .join("");
}

/** Of builders that serve files to their machine. */
function httpVariables(machine: MachineFactsForTemplates): [string, string][] {
  const { PackerHTTPAddr: address, PackerHTTPIP: ip, PackerHTTPPort: port } = machine;
  const candidates = { PACKER_HTTP_ADDR: address, PACKER_HTTP_IP: ip, PACKER_HTTP_PORT: port };
  return Object.entries(candidates).flatMap(([name, value]) =>
    value === undefined || value === null || value === "" || String(value).startsWith("ERR_")
      ? []
      : [[name, String(value)]],
  );
}

function splitPair(text: string): [string, string] {
  const at = text.indexOf("=");
  return [text.slice(0, at), text.slice(at + 1)];
}
