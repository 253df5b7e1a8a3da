import type { LegacyTemplate } from "../legacy/structure/legacy-template.ts";
import { blockText, quoted } from "./hcl-text.ts";

/** Those that were part of Packer when templates were JSON, and are plugins now. */
const PLUGINS = [
  "amazon",
  "ansible",
  "azure",
  "docker",
  "googlecompute",
  "qemu",
  "vagrant",
  "virtualbox",
  "vmware",
  "vsphere",
];

/** The `packer` block, or undefined where there is nothing to say. */
export function packerBlock(template: LegacyTemplate): string | undefined {
  const types = [...template.builders, ...template.provisioners, ...template.postProcessors.flat()].map(
    ({ type }) => type,
  );
  const plugins = PLUGINS.filter((name) => types.some((type) => type === name || type.startsWith(`${name}-`)));
  const body: string[] = [];
  const version = template.minimumVersion?.text;
  if (version !== undefined && version !== "") body.push(`required_version = ${quoted(`>= ${version}`)}`);
  if (plugins.length > 0) {
    const entries = plugins.map((name) => `${name} = {\nsource = "github.com/hashicorp/${name}"\nversion = "~> 1"\n}`);
    body.push(blockText("required_plugins", entries));
  }
  return body.length === 0 ? undefined : blockText("packer", body);
}
