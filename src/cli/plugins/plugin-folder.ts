import { delimiter, join } from "node:path";
import { configFolder } from "../../sdk/config-folder.ts";
import { Failure } from "../../sdk/failure.ts";
import type { Host } from "../../sdk/host.ts";

/** Where the plugins of Packer are: $INGOT_PLUGIN_PATH or $PACKER_PLUGIN_PATH, else `plugins` in Packer's own folder. Absolute. */
export async function pluginFolder(host: Host): Promise<string> {
  const { INGOT_PLUGIN_PATH, PACKER_PLUGIN_PATH } = host.environment;
  const given = INGOT_PLUGIN_PATH || PACKER_PLUGIN_PATH;
  if (!given) return join(await configFolder(host), "plugins");
  if (given.includes(delimiter)) {
    throw new Failure(`Multiple paths are no longer supported for PACKER_PLUGIN_PATH: ${given}`, {
      hint: "Name one folder.",
    });
  }
  return host.files.resolve(given);
}
