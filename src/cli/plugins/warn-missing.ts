import type { Diagnostics } from "../../hcl/source/diagnostic.ts";
import type { Catalogue } from "../../sdk/component.ts";
import type { Host } from "../../sdk/host.ts";
import type { RequiredPlugin } from "../../template/structure/required-plugins.ts";
import { pluginFolder } from "./plugin-folder.ts";
import { checkRequirement, isSatisfied } from "./requirements.ts";

/**
 * Warns of plugins that a template requires and that are not there. It is no error as in Packer: the template may use
 * nothing of them, and where it does, that is reported.
 */
export async function warnMissingPlugins(
  required: readonly RequiredPlugin[],
  host: Host,
  catalogue: Catalogue,
  diagnostics: Diagnostics,
): Promise<void> {
  if (required.length === 0) return;
  const folder = await pluginFolder(host);
  for (const plugin of required) {
    if (isSatisfied(await checkRequirement(plugin, host, folder, catalogue))) continue;
    diagnostics.warning({
      code: "missing-plugin",
      summary: "Missing plugins",
      detail: `The plugin ${plugin.source} (${plugin.version}) is required, and neither built in nor installed. Only built-in components are used for it. \`ingot init\` says how to get it.`,
      subject: { ...plugin.range, end: plugin.range.start + plugin.accessor.length },
    });
  }
}
