import type { Catalogue } from "../../sdk/component.ts";
import { formatGoDuration } from "../../spec/duration.ts";
import type { Fields } from "../../spec/field.ts";
import type { BuilderFilter, LegacyPostProcessor, LegacyProvisioner } from "../legacy/structure/legacy-template.ts";
import { type BodyConversion, type BodyParts, convertBody, linesOf } from "./convert-body.ts";
import { convertText } from "./convert-text.ts";
import { blockText, quoted } from "./hcl-text.ts";
import { type NamedSource, sourceKey } from "./named-sources.ts";
import { noted } from "./noted.ts";
import type { UpgradeContext } from "./upgrade-context.ts";

/** The `build` block: all sources, provisioners and post-processors of the template. */
export async function buildBlock(sources: readonly NamedSource[], context: UpgradeContext): Promise<string> {
  const { template } = context;
  const build = new BuildUpgrade(sources, context);
  const plain = sources.filter(({ ownName }) => ownName === undefined);
  const parts: string[] = [];
  if (template.description && template.description.text !== "") {
    parts.push(`description = ${quoted(template.description.text)}\n`);
  }
  if (plain.length > 0) {
    const names = plain.map(({ builder, label }) => `"source.${builder.type}.${label}"`);
    parts.push(`sources = [${names.join(", ")}]\n`);
  }
  for (const { builder, label, ownName } of sources) {
    if (ownName === undefined) continue;
    parts.push(`${blockText(`source "${builder.type}.${label}"`, [`name = ${ownName}`])}\n`);
  }
  for (const provisioner of template.provisioners) parts.push(`${await build.provisioner(provisioner)}\n`);
  const cleanup = template.errorCleanupProvisioner;
  if (cleanup) parts.push(`${await build.provisioner(cleanup)}\n`);
  for (const chain of template.postProcessors) {
    const links: string[] = [];
    for (const link of chain) links.push(await build.postProcessor(link));
    if (isChain(chain)) parts.push(blockText("post-processors", links));
    else parts.push(...links);
  }
  return blockText("build", parts);
}

/** One that was written on its own stands on its own; its label tells. */
function isChain(chain: readonly LegacyPostProcessor[]): boolean {
  return chain.length > 1;
}

class BuildUpgrade {
  private readonly sources: readonly NamedSource[];
  private readonly context: UpgradeContext;

  constructor(sources: readonly NamedSource[], context: UpgradeContext) {
    this.sources = sources;
    this.context = context;
  }

  async provisioner(provisioner: LegacyProvisioner): Promise<string> {
    const { type, kind, options, filter, pauseBefore, timeout, maxRetries, overrides } = provisioner;
    const fields = await fieldsOf(this.context.catalogue.provisioners, type);
    const conversion = this.conversion();
    const parts: BodyParts = [...convertBody(options.value, fields, conversion)];
    // Those of the cleanup provisioner say nothing, in the old format.
    if (kind === "provisioner") parts.push(...this.filterParts(filter));
    if (pauseBefore) parts.push(["pause_before", `pause_before = "${formatGoDuration(pauseBefore)}"`]);
    if (timeout) parts.push(["timeout", `timeout = "${formatGoDuration(timeout)}"`]);
    if (maxRetries) {
      parts.push(["max_retries", `max_retries = ${convertText(maxRetries.text, "block", this.context).text}`]);
    }
    const overridden = this.sources.flatMap((source) => {
      const override = overrides.get(source.builder.name.text);
      if (!override) return [];
      const members = convertBody(override.options.value, fields, { ...conversion, inValue: true });
      return [`${source.ownName ?? source.label} = {\n${linesOf(members).join("\n")}\n}\n`];
    });
    if (overridden.length > 0) parts.push(["override", `override = {\n${overridden.join("")}}`]);
    return noted(blockText(`${kind} "${type}"`, linesOf(parts)), conversion.notes);
  }

  async postProcessor({ type, name, options, filter, keepInputArtifact }: LegacyPostProcessor): Promise<string> {
    const conversion = this.conversion();
    const fields = await fieldsOf(this.context.catalogue.postProcessors, type);
    const parts: BodyParts = [...convertBody(options.value, fields, conversion), ...this.filterParts(filter)];
    if (name !== undefined) parts.push(["name", `name = ${quoted(name)}`]);
    // Packer writes this one before the others.
    const keep = keepInputArtifact === undefined ? [] : [`keep_input_artifact = ${keepInputArtifact}`];
    return noted(blockText(`post-processor "${type}"`, [...keep, ...linesOf(parts)]), conversion.notes);
  }

  /** In HCL a build is called TYPE.NAME. */
  private filterParts(filter: BuilderFilter): BodyParts {
    return (["only", "except"] as const).flatMap((list): BodyParts => {
      const keys = filter[list].flatMap(({ text }) => {
        const source = this.sources.find(({ builder }) => builder.name.text === text);
        return source ? [sourceKey(source)] : [];
      });
      return keys.length === 0 ? [] : [[list, `${list} = [${keys.join(", ")}]`]];
    });
  }

  private conversion(): BodyConversion {
    return { context: this.context, place: "block", notes: [] };
  }
}

/** Of a built-in component; undefined for others. */
export async function fieldsOf(
  loaders: Catalogue["builders"] | Catalogue["provisioners"] | Catalogue["postProcessors"],
  type: string,
): Promise<Fields | undefined> {
  const load = Object.hasOwn(loaders, type) ? loaders[type] : undefined;
  return load && (await load()).fields;
}
