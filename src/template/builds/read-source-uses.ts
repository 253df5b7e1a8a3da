import type { Scope } from "../../hcl/evaluation/scope.ts";
import type { Diagnostics } from "../../hcl/source/diagnostic.ts";
import { nearestName } from "../../hcl/source/nearest-name.ts";
import type { Range } from "../../hcl/source/source.ts";
import type { Block, BodyContent, BodySchema } from "../../hcl/syntax/body.ts";
import { readText, readTexts } from "../structure/constant.ts";
import { isIdentifier } from "../structure/names.ts";
import type { SourceUse } from "./build-structure.ts";

const USE_SCHEMA: BodySchema = { attributes: [{ name: "name" }], blocks: [] };

/** The sources of a build: those of the `sources` list, then those of `source` blocks. Unknown ones are reported and left out. */
export function readSourceUses(
  build: Block,
  content: BodyContent,
  blocks: readonly Block[],
  scope: Scope,
  declared: ReadonlySet<string>,
  diagnostics: Diagnostics,
): SourceUse[] {
  const sourceBlocks = blocks.filter((block) => block.type === "source");
  const listed = content.attributes.get("sources");
  if (!listed && !content.blocks.some((block) => block.type === "source")) {
    diagnostics.error({
      code: "missing-source-reference",
      summary: "missing source reference",
      detail: 'A build needs sources = ["source.TYPE.NAME"], or a source "TYPE.NAME" block: it says what is built.',
      subject: build.header,
    });
  }
  const uses: SourceUse[] = [];
  for (const { text, range } of readTexts(listed, scope, diagnostics) ?? []) {
    const found = findSource(text, range, declared, diagnostics);
    if (found) uses.push({ ...found, localName: found.sourceName, key: keyOf(found.type, found.sourceName), range });
  }
  for (const block of sourceBlocks) {
    const [label] = block.labels;
    if (!label) continue;
    const { content: meta, rest } = block.body.partialContent(USE_SCHEMA, diagnostics);
    const name = readText(meta.attributes.get("name"), scope, diagnostics);
    const found = findSource(label.text, label.range, declared, diagnostics);
    if (!found) continue;
    const localName = name === undefined || name === "" ? found.sourceName : name;
    uses.push({ ...found, localName, key: keyOf(found.type, localName), added: rest, range: block.header });
  }
  return uses;
}

function keyOf(type: string, name: string): string {
  return `${type}.${name}`;
}

/** "type.name", or with one more word in front, which says nothing ("source.type.name"). */
function findSource(
  reference: string,
  range: Range,
  declared: ReadonlySet<string>,
  diagnostics: Diagnostics,
): { readonly type: string; readonly sourceName: string } | undefined {
  const parts = reference.split(".");
  const [type = "", sourceName = ""] = parts.length > 2 ? parts.slice(1, 3) : parts;
  if (!isIdentifier(type) || !isIdentifier(sourceName)) {
    diagnostics.error({
      code: "invalid-source-reference",
      summary: "Invalid source reference",
      detail: `A source is named by its type and its name, as in "source.docker.ubuntu", and not "${reference}".`,
      subject: range,
    });
    return undefined;
  }
  const key = keyOf(type, sourceName);
  if (declared.has(key)) return { type, sourceName };
  const near = nearestName(key, declared);
  diagnostics.error({
    code: "unknown-source",
    summary: `Unknown source ${key}`,
    detail: near
      ? `The template declares no such source. Did you mean "${near}"?`
      : declared.size > 0
        ? `The template declares no such source. Known ones: ${[...declared].join(", ")}.`
        : `The template declares no source at all. Declare it with: source "${type}" "${sourceName}" { … }`,
    subject: range,
  });
  return undefined;
}
