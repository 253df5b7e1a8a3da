import { isAbsolute } from "node:path";
import { catalogue } from "../../catalogue.ts";
import { Diagnostics } from "../../hcl/source/diagnostic.ts";
import { Failure } from "../../sdk/failure.ts";
import type { Host } from "../../sdk/host.ts";
import { localHost } from "../../sdk/local-host/local-host.ts";
import { type Constraint, parseConstraints } from "../../template/versions/constraint.ts";
import { ignoredTemplateFlags } from "../arguments/template-flags.ts";
import { usageOf } from "../arguments/usage.ts";
import { defineCommand } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import type { Console } from "../output/console.ts";
import { findPlugins, newestMatch } from "../plugins/find-plugins.ts";
import { installPluginFile } from "../plugins/install-file.ts";
import { pluginFolder } from "../plugins/plugin-folder.ts";
import { readRequiredPlugins } from "../plugins/read-required.ts";
import { removePluginAt, removePlugins } from "../plugins/remove-plugins.ts";
import { checkRequirement, howToInstall } from "../plugins/requirements.ts";
import { parseSourceAddress } from "../plugins/source-address.ts";
import { listenForStop } from "../terminal/signals.ts";

export const plugins = defineCommand({
  name: "plugins",
  operands: "installed | required TEMPLATE | install SOURCE [CONSTRAINT] | remove SOURCE [CONSTRAINT] | remove PATH",
  operandCount: [1, 3],
  doc:
    "Looks after the plugins of Packer on this machine, in the same folder as Packer does.\n" +
    "installed: lists the binaries that can be used.\n" +
    "required: lists what a template requires, and the binaries that satisfy it.\n" +
    "install: with -path, installs the binary FILE as the plugin of SOURCE. Downloading is not possible yet.\n" +
    "remove: removes the versions of SOURCE that CONSTRAINT allows, or one binary by its absolute path.",
  flags: {
    path: { kind: "text", value: "FILE", doc: "install: the binary to install." },
    force: { kind: "boolean", doc: "install: also where it is installed already." },
    "machine-readable": { kind: "boolean", doc: "Produce machine-readable output." },
    ...ignoredTemplateFlags,
  },

  async run({ flags, operands: [verb, ...operands], console }) {
    const host = localHost({ onWait: (text) => console.say(text) });
    const [first, second, ...more] = operands;
    const usage = () => {
      console.error(usageOf(plugins));
      return EXIT.failed;
    };
    if (more.length > 0) return usage();
    if (verb === "installed") return first === undefined ? await listInstalled(host, console) : usage();
    if (first === undefined) return usage();
    if (verb === "required" && second === undefined) {
      return await listRequired({ path: first, host, flags, console, color: console.color(true) });
    }
    if (verb === "remove") return await remove(first, second, host, console);
    if (verb === "install") return await install(first, second, flags, host, console);
    return usage();
  },
});

async function listInstalled(host: Host, console: Console): Promise<number> {
  for (const { path, problem } of await findPlugins(host, await pluginFolder(host))) {
    if (problem === undefined) console.say(path);
    else process.stderr.write(`${path} cannot be used: ${problem}.\n`);
  }
  return EXIT.ok;
}

async function listRequired(request: Parameters<typeof readRequiredPlugins>[0]): Promise<number> {
  const required = await readRequiredPlugins(request, new Diagnostics());
  if (!required) return EXIT.failed;
  const { host, console } = request;
  const folder = await pluginFolder(host);
  for (const plugin of required) {
    const { installed } = await checkRequirement(plugin, host, folder, catalogue);
    const constraint = plugin.constraints.map(({ text }) => text).join(",");
    const paths = installed.map(({ path }) => path);
    console.say([plugin.accessor, plugin.source, JSON.stringify(constraint), ...paths].join(" "));
  }
  return EXIT.ok;
}

async function remove(what: string, constraint: string | undefined, host: Host, console: Console): Promise<number> {
  const folder = await pluginFolder(host);
  if (!isAbsolute(what)) {
    const paths = await removePlugins(what, constraintsOf(constraint), host, folder);
    for (const path of paths) console.say(path);
    return EXIT.ok;
  }
  if (constraint !== undefined) {
    throw new Failure("A version constraint cannot be given with the path of a plugin", {
      hint: "The path is that of one version.",
    });
  }
  await removePluginAt(what, host, folder);
  console.say(what);
  return EXIT.ok;
}

async function install(
  source: string,
  constraint: string | undefined,
  flags: { readonly path: string | undefined; readonly force: boolean },
  host: Host,
  console: Console,
): Promise<number> {
  const folder = await pluginFolder(host);
  if (flags.path !== undefined) {
    if (constraint !== undefined) {
      throw new Failure("A version constraint cannot be given with -path", { hint: "The file is of one version." });
    }
    const stop = listenForStop();
    const path = await installPluginFile(flags.path, source, host, folder, stop.orderly).finally(() => stop.release());
    console.say(`Successfully installed plugin ${source} from ${flags.path} to ${path}`);
    return EXIT.ok;
  }
  parseSourceAddress(source);
  const constraints = constraintsOf(constraint);
  const installed = newestMatch(await findPlugins(host, folder, source), constraints);
  if (installed && !flags.force) return EXIT.ok;
  throw new Failure(`Failed getting the "${source}" plugin`, { hint: howToInstall(source, host, folder) });
}

function constraintsOf(text: string | undefined): readonly Constraint[] {
  if (text === undefined) return [];
  const constraints = parseConstraints(text);
  if ("bad" in constraints || constraints.some(({ version }) => version.preRelease !== "")) {
    throw new Failure(`Invalid version constraint "${text}"`, {
      hint: 'Write it as in ">= 1.2.0, < 2.0.0"; pre-releases are not possible.',
    });
  }
  return constraints;
}
