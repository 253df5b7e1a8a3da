import type { Scope } from "../../hcl/evaluation/scope.ts";
import type { Diagnostics } from "../../hcl/source/diagnostic.ts";
import type { Block, BodySchema } from "../../hcl/syntax/body.ts";
import { readBoolean, readText } from "../structure/constant.ts";
import type { PostProcessorBlock } from "./build-structure.ts";
import { readSourceFilter } from "./source-filter.ts";

const POST_PROCESSOR_SCHEMA: BodySchema = {
  attributes: [{ name: "name" }, { name: "only" }, { name: "except" }, { name: "keep_input_artifact" }],
  blocks: [],
};
const CHAIN_SCHEMA: BodySchema = { attributes: [], blocks: [{ type: "post-processor", labelNames: ["type"] }] };

/** Reads what every post-processor can say; the rest of its body is for the component. */
export function readPostProcessor(block: Block, scope: Scope, diagnostics: Diagnostics): PostProcessorBlock {
  const { content, rest } = block.body.partialContent(POST_PROCESSOR_SCHEMA, diagnostics);
  const [type] = block.labels;
  return {
    kind: "post-processor",
    type: type?.text ?? "",
    typeRange: type?.range ?? block.typeRange,
    name: readText(content.attributes.get("name"), scope, diagnostics),
    header: block.header,
    body: rest,
    filter: readSourceFilter(content, scope, diagnostics),
    keepInputArtifact: readBoolean(content.attributes.get("keep_input_artifact"), scope, diagnostics),
  };
}

/** Reads a `post-processors` block: a chain in which each works on what the one before it made. */
export function readPostProcessors(block: Block, scope: Scope, diagnostics: Diagnostics): PostProcessorBlock[] {
  const { blocks } = block.body.content(CHAIN_SCHEMA, diagnostics);
  return blocks.filter((inner) => !inner.unknown).map((inner) => readPostProcessor(inner, scope, diagnostics));
}
