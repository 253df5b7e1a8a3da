import { isAbsolute, relative } from "node:path";
import { Failure } from "../../sdk/failure.ts";
import type { Host } from "../../sdk/host.ts";
import type { Constraint } from "../../template/versions/constraint.ts";
import { allows, findPlugins } from "./find-plugins.ts";
import { SUM_SUFFIX } from "./plugin-file.ts";
import { parseSourceAddress } from "./source-address.ts";

/** Removes the installed plugins of a source that the constraints allow, usable or not. Gives their paths. */
export async function removePlugins(
  source: string,
  constraints: readonly Constraint[],
  host: Host,
  folder: string,
): Promise<string[]> {
  parseSourceAddress(source);
  const found = (await findPlugins(host, folder, source)).filter((plugin) => allows(constraints, plugin));
  if (found.length === 0) {
    throw new Failure(`No installed plugin found matching the plugin constraints ${source}`, {
      hint: "`ingot plugins installed` lists what there is.",
    });
  }
  for (const { path } of found) await removeBoth(host, path);
  return found.map(({ path }) => path);
}

/** Removes the one plugin whose binary is at the absolute path. Throws a Failure where that is none of the folder's. */
export async function removePluginAt(path: string, host: Host, folder: string): Promise<void> {
  const below = relative(folder, path);
  if (below === "" || below.startsWith("..") || isAbsolute(below)) {
    throw new Failure(`${path} does not lie in the folder of plugins, ${folder}`);
  }
  const plugins = await findPlugins(host, folder);
  if (!plugins.some((plugin) => plugin.path === host.files.resolve(path))) {
    throw new Failure(`${path} is no installed plugin`, { hint: "`ingot plugins installed` lists what there is." });
  }
  await removeBoth(host, path);
}

async function removeBoth({ files }: Host, path: string): Promise<void> {
  // Without its digest a binary is not used: so half a removal is a whole one.
  await files.remove(path + SUM_SUFFIX);
  await files.remove(path);
}
