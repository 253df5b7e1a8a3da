import { catalogue } from "../../catalogue.ts";
import { Diagnostics } from "../../hcl/source/diagnostic.ts";
import { localHost } from "../../sdk/local-host/local-host.ts";
import { ignoredTemplateFlags } from "../arguments/template-flags.ts";
import { defineCommand } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import type { Console } from "../output/console.ts";
import { pluginFolder } from "../plugins/plugin-folder.ts";
import { readRequiredPlugins } from "../plugins/read-required.ts";
import { checkRequirement, howToInstall, isSatisfied, type Requirement } from "../plugins/requirements.ts";

export const init = defineCommand({
  name: "init",
  operands: "TEMPLATE",
  operandCount: [1, 1],
  doc:
    "Sees to it that the plugins are there that a template requires. Ingot has some of them built in, and uses those " +
    "that Packer installed. It cannot download others yet, and says how to get them.",
  flags: {
    upgrade: { kind: "boolean", doc: "Look for newer versions that the template allows (not possible yet)." },
    force: { kind: "boolean", doc: "Install again what is installed (not possible yet)." },
    "machine-readable": { kind: "boolean", doc: "Produce machine-readable output." },
    color: { kind: "boolean", default: true, doc: "Disable color output." },
    ...ignoredTemplateFlags,
  },

  async run({ flags, operands: [path = ""], console }) {
    const host = localHost();
    const request = { path, host, flags, console, color: console.color(flags.color) };
    const required = await readRequiredPlugins(request, new Diagnostics());
    if (!required) return EXIT.failed;
    if (required.length === 0) {
      console.say(
        "No plugin is required by this template: it has no required_plugins in a packer block, so there is nothing to do.",
      );
      return EXIT.ok;
    }
    const folder = await pluginFolder(host);
    let failed = false;
    for (const plugin of required) {
      const requirement = await checkRequirement(plugin, host, folder, catalogue);
      if (isSatisfied(requirement)) report(requirement, flags, console);
      else {
        failed = true;
        console.error(missingText(requirement, howToInstall(plugin.source, host, folder)));
      }
    }
    return failed ? EXIT.failed : EXIT.ok;
  },
});

function report(
  { plugin, newest, builtIn }: Requirement,
  flags: { upgrade: boolean; force: boolean },
  console: Console,
) {
  if (builtIn) console.say(`${plugin.accessor} (${plugin.source}) is built into Ingot: nothing to install.`);
  else if (flags.upgrade || flags.force) {
    console.say(
      `${plugin.source} v${newest?.version.text} stays as it is: this version of Ingot cannot download plugins yet.`,
    );
  }
}

/** Packer's first line; scripts look for it. */
function missingText({ plugin, unusable }: Requirement, how: string): string {
  const found = unusable.map(({ path, problem }) => `${path} is there, but cannot be used: ${problem}.`);
  return [
    `Failed getting the "${plugin.source}" plugin:`,
    `No installed version satisfies ${plugin.version}.`,
    ...found,
    "",
    how,
    "",
  ].join("\n");
}
