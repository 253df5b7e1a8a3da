import { goQuoted, showValue } from "../../hcl/values/show.ts";
import type { BuildStructure } from "../../template/builds/build-structure.ts";
import type { LoadedTemplate } from "../../template/loaded-template.ts";

/** What `inspect` prints of an HCL2 template, in Packer's shape to the letter, and in its three pieces. */
export function inspection(template: LoadedTemplate): string[] {
  const builds = ["> builds:", "", ...template.builds.flatMap(buildLines)];
  return ["Packer Inspect: HCL2 mode\n", valuesInspection(template).join("\n"), builds.join("\n")];
}

/** The part of it about variables and locals, which `variables` of the console prints alone. */
export function valuesInspection(template: LoadedTemplate): string[] {
  const variables = [...template.variables.values()]
    .map(({ declaration, value }) => `var.${declaration.name}: ${goQuoted(showValue(value))}`)
    .sort();
  const locals = [...template.locals].map(([name, value]) => `local.${name}: ${goQuoted(showValue(value))}`).sort();
  return ["> input-variables:", "", ...variables, "", "> local-variables:", "", ...locals, ""];
}

function buildLines(build: BuildStructure, index: number): string[] {
  const named = ({ type, name }: { type: string; name?: string | undefined }) => (name ? `${type}.${name}` : type);
  const provisioners = build.provisioners.map((one) => `      ${named(one)}`);
  const chains = build.postProcessors.flatMap((chain, place) => [
    `      ${place}:`,
    ...chain.map((one) => `        ${named(one)}`),
    "",
  ]);
  return [
    `  > ${build.name ? build.name : `<unnamed build ${index}>`}:`,
    "",
    ...(build.description ? [`  > Description: ${build.description}`, ""] : []),
    "    sources:",
    "",
    ...(build.sources.length === 0
      ? ["      <no source>", ""]
      : build.sources.flatMap(({ key }) => [`      ${key}`, ""])),
    "    provisioners:",
    "",
    ...(provisioners.length === 0 ? ["      <no provisioner>"] : provisioners),
    "",
    "    post-processors:",
    "",
    ...(chains.length === 0 ? ["      <no post-processor>", ""] : chains),
  ];
}
