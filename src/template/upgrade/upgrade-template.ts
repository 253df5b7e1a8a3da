import { format } from "../../hcl/format/format.ts";
import type { Catalogue } from "../../sdk/component.ts";
import { knownPluginOf } from "../known-plugins.ts";
import type { LegacyTemplate } from "../legacy/structure/legacy-template.ts";
import { annotation, type annotations } from "./annotations.ts";
import { namedSources } from "./named-sources.ts";
import { packerBlock } from "./required-plugins.ts";
import { buildBlock, fieldsOf } from "./upgrade-build.ts";
import { nothingUsed, type UpgradeContext } from "./upgrade-context.ts";
import { imageBlocks, secretBlocks, sourceBlock } from "./upgrade-sources.ts";
import { localBlocks, namesOfLocals, variableBlocks } from "./upgrade-variables.ts";

export interface Upgraded {
  /** The whole file. */
  readonly text: string;
  /** Types of builders that nobody we know of makes: the template is written all the same. */
  readonly unknownBuilders: readonly string[];
}

/** A template of the old JSON format in HCL, in Packer's order and layout. */
export async function upgradeTemplate(
  template: LegacyTemplate,
  { catalogue, annotated }: { readonly catalogue: Catalogue; readonly annotated: boolean },
): Promise<Upgraded> {
  const context: UpgradeContext = { template, catalogue, locals: namesOfLocals(template), used: nothingUsed() };
  const sources = namedSources(context);
  const sourceBlocks: string[] = [];
  for (const source of sources) {
    sourceBlocks.push(sourceBlock(source, await fieldsOf(catalogue.builders, source.builder.type), context));
  }
  const build = sources.length === 0 ? undefined : await buildBlock(sources, context);
  const locals = localBlocks(context);
  // After all the others: they tell what is used.
  const variables = variableBlocks(context);

  const note = (part: keyof typeof annotations) => (annotated ? annotation(part) : "");
  const section = (part: keyof typeof annotations, blocks: readonly string[]) =>
    blocks.length === 0 ? "" : `\n${note(part)}${blocks.join("\n\n")}\n`;
  const packer = packerBlock(template);
  const text = [
    annotated ? `${note("file")}\n` : "",
    packer === undefined ? "" : `${note("packer")}${packer}\n`,
    section("variables", variables),
    section("secrets", secretBlocks(context)),
    section("images", imageBlocks(context)),
    context.used.timestamp ? `\nlocals { timestamp = regex_replace(timestamp(), "[- TZ:]", "") }\n` : "",
    [...context.used.times].sort().map(oldTime).join(""),
    section("locals", [...locals.secret, ...(locals.plain === undefined ? [] : [locals.plain])]),
    section("sources", sourceBlocks),
    section("build", build === undefined ? [] : [build]),
  ].join("");
  const types = new Set(template.builders.map(({ type }) => type));
  return {
    text: format(text),
    unknownBuilders: [...types].filter((type) => !Object.hasOwn(catalogue.builders, type) && !knownPluginOf(type)),
  };
}

function oldTime(name: string): string {
  return `# ${name}() is here for old layouts of times; formatdate() with timestamp() says the same in HCL's own words.\n`;
}
