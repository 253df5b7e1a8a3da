import type { Host } from "../../sdk/host.ts";
import { parseVersion, type Version } from "../../template/versions/version.ts";

/** What the name of a plugin's binary says: packer-plugin-NAME_vVERSION_xAPI_OS_ARCH, with .exe on Windows. */
export interface PluginFileName {
  readonly name: string;
  readonly version: Version;
  /** "5.0". */
  readonly api: string;
  readonly system: string;
  readonly architecture: string;
}

const FORM =
  /^packer-plugin-(?<name>[0-9A-Za-z-]+)_v(?<version>[^_]+)_x(?<api>\d+\.\d+)_(?<system>[0-9a-z]+)_(?<architecture>[0-9a-z]+)(?:\.exe)?$/;

/** undefined: the name of something else. */
export function parsePluginFileName(text: string): PluginFileName | undefined {
  const groups = FORM.exec(text)?.groups;
  const { name, api, system, architecture } = groups ?? {};
  const version = parseVersion(groups?.version ?? "");
  if (!name || !version || !api || !system || !architecture) return undefined;
  return { name, version, api, system, architecture };
}

/** `version` without metadata ("1.2.3-dev"), `api` as "5.0". */
export function pluginFileName(name: string, version: string, api: string, host: Host): string {
  const { system, architecture } = platformOf(host);
  return `packer-plugin-${name}_v${version}_x${api}_${system}_${architecture}${system === "windows" ? ".exe" : ""}`;
}

/** Stands beside the binary, with its name before it, and holds the digest of it in hexadecimal digits. */
export const SUM_SUFFIX = "_SHA256SUM";

/** The machine in the words of Go, in which plugins are named. */
export function platformOf({ platform, architecture }: Host): { system: string; architecture: string } {
  const system = platform === "win32" ? "windows" : platform;
  return { system, architecture: { x64: "amd64", ia32: "386" }[architecture] ?? architecture };
}
