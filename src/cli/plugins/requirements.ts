import { join } from "node:path";
import type { Catalogue } from "../../sdk/component.ts";
import type { Host } from "../../sdk/host.ts";
import { knownPluginOf } from "../../template/known-plugins.ts";
import type { RequiredPlugin } from "../../template/structure/required-plugins.ts";
import { allows, findPlugins, type InstalledPlugin, newestMatch } from "./find-plugins.ts";
import { platformOf } from "./plugin-file.ts";

/** What a template requires, and what there is for it. */
export interface Requirement {
  readonly plugin: RequiredPlugin;
  /** Ingot has components of this plugin itself. */
  readonly builtIn: boolean;
  /** All that are allowed, the newest last. */
  readonly installed: readonly InstalledPlugin[];
  /** The one that would be used. */
  readonly newest: InstalledPlugin | undefined;
  /** Allowed by their version, but they cannot be used. */
  readonly unusable: readonly InstalledPlugin[];
}

export async function checkRequirement(
  plugin: RequiredPlugin,
  host: Host,
  folder: string,
  catalogue: Catalogue,
): Promise<Requirement> {
  const all = await findPlugins(host, folder, plugin.source);
  const allowed = all.filter((one) => allows(plugin.constraints, one));
  return {
    plugin,
    builtIn: isBuiltIn(plugin, catalogue),
    installed: allowed.filter((one) => one.problem === undefined),
    newest: newestMatch(all, plugin.constraints),
    unusable: allowed.filter((one) => one.problem !== undefined),
  };
}

export function isSatisfied({ builtIn, newest }: Requirement): boolean {
  return builtIn || newest !== undefined;
}

/** Whether there are components here by the names of the well-known plugin that has this source. */
function isBuiltIn({ source }: RequiredPlugin, catalogue: Catalogue): boolean {
  const name = source.split("/").at(-1) ?? "";
  if (knownPluginOf(name)?.source.toLowerCase() !== source.toLowerCase()) return false;
  const { builders, provisioners, postProcessors, dataSources } = catalogue;
  return [builders, provisioners, postProcessors, dataSources]
    .flatMap((kind) => Object.keys(kind))
    .some((type) => type === name || type.startsWith(`${name}-`));
}

/** How to get a plugin that is not there: this version downloads none. */
export function howToInstall(source: string, host: Host, folder: string): string {
  const name = source.split("/").at(-1) ?? "";
  const { system, architecture } = platformOf(host);
  return [
    "This version of Ingot cannot download plugins yet. Get the plugin's binary for " +
      `${system}/${architecture} (packer-plugin-${name}, from the releases of ${source}) and run:`,
    "",
    `  ingot plugins install -path FILE ${source}`,
    "",
    `Or let Packer install it (packer plugins install ${source}): Ingot looks in the same folder,`,
    `${join(folder, ...source.split("/"))}.`,
  ].join("\n");
}
