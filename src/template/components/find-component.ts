import type { Diagnostics } from "../../hcl/source/diagnostic.ts";
import { nearestName } from "../../hcl/source/nearest-name.ts";
import type { Range } from "../../hcl/source/source.ts";
import type { Loader } from "../../sdk/component.ts";
import { knownPluginOf } from "../known-plugins.ts";
import { insteadOfPackersOwn } from "../packer-own-components.ts";
import type { RequiredPlugin } from "../structure/required-plugins.ts";

/** How a kind of component is called where one is not found; the titles are Packer's. */
const KINDS = {
  source: { title: (type: string) => `Unknown source type ${type}`, noun: "builder" },
  provisioner: { title: (type: string) => `Unknown provisioner type "${type}"`, noun: "provisioner" },
  "error-cleanup-provisioner": {
    title: (type: string) => `Unknown error-cleanup-provisioner type "${type}"`,
    noun: "provisioner",
  },
  "post-processor": { title: (type: string) => `Unknown post-processor type "${type}"`, noun: "post-processor" },
  data: { title: (type: string) => `Unknown data type ${type}`, noun: "data source" },
} as const;

export interface Wanted {
  readonly kind: keyof typeof KINDS;
  readonly type: string;
  /** Where the type is written. */
  readonly range: Range;
}

/** Loads the component of a type. undefined, and reported, where there is none. */
export async function findComponent<C>(
  wanted: Wanted,
  loaders: Readonly<Record<string, Loader<C>>>,
  requiredPlugins: readonly RequiredPlugin[],
  diagnostics: Diagnostics,
): Promise<C | undefined> {
  const load = Object.hasOwn(loaders, wanted.type) ? loaders[wanted.type] : undefined;
  if (load) return load();
  const { title, noun } = KINDS[wanted.kind];
  diagnostics.error({
    code: `unknown-${wanted.kind}-type`,
    summary: title(wanted.type),
    detail: whatInstead(wanted.type, noun, Object.keys(loaders).sort(), requiredPlugins),
    subject: wanted.range,
  });
  return undefined;
}

function whatInstead(
  type: string,
  noun: string,
  known: readonly string[],
  requiredPlugins: readonly RequiredPlugin[],
): string {
  const instead = insteadOfPackersOwn(type);
  if (instead !== undefined)
    return `The ${noun} "${type}" is part of Packer itself, and not part of Ingot yet. ${instead}`;
  const required = requiredPlugins.find(({ accessor }) => type === accessor || type.startsWith(`${accessor}-`));
  const plugin = required ?? knownPluginOf(type);
  const near = nearestName(type, known);
  if (near !== undefined && !required) return `There is no ${noun} of this name. Did you mean "${near}"?`;
  if (plugin) {
    return `The ${noun} "${type}" belongs to the Packer plugin "${plugin.accessor}" (${plugin.source}), and is not one of those that are built in: ${known.join(", ")}.`;
  }
  return `There is no ${noun} of this name. Known ones: ${known.join(", ")}. If it belongs to a plugin of Packer, name the plugin in required_plugins.`;
}
