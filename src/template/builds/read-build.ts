import { expandDynamicBlocks } from "../../hcl/evaluation/dynamic-blocks.ts";
import { childScope, type Scope } from "../../hcl/evaluation/scope.ts";
import type { Diagnostics } from "../../hcl/source/diagnostic.ts";
import type { Block, BodySchema } from "../../hcl/syntax/body.ts";
import { objectValue, stringValue } from "../../hcl/values/value.ts";
import { packerInComponents } from "../evaluation/scopes.ts";
import { readText } from "../structure/constant.ts";
import type { BuildStructure, ProvisionerBlock } from "./build-structure.ts";
import { checkSourceNames } from "./check-source-names.ts";
import { readPostProcessor, readPostProcessors } from "./read-post-processor.ts";
import { readProvisioner } from "./read-provisioner.ts";
import { readSourceUses } from "./read-source-uses.ts";

const NAME_SCHEMA: BodySchema = { attributes: [{ name: "name" }], blocks: [] };
const BUILD_SCHEMA: BodySchema = {
  attributes: [{ name: "description" }, { name: "sources" }],
  blocks: [
    { type: "source", labelNames: ["reference"] },
    { type: "provisioner", labelNames: ["type"] },
    { type: "error-cleanup-provisioner", labelNames: ["type"] },
    { type: "post-processor", labelNames: ["type"] },
    { type: "post-processors" },
    { type: "hcp_packer_registry" },
    { type: "from", labelNames: ["type"] },
  ],
};

/** Reads a `build` block: its meta-arguments are evaluated, its sources found, its components not yet looked up. */
export function readBuild(
  block: Block,
  values: Scope,
  declaredSources: ReadonlySet<string>,
  diagnostics: Diagnostics,
): BuildStructure & { readonly registries: readonly Block[] } {
  const { content: naming, rest } = block.body.partialContent(NAME_SCHEMA, diagnostics);
  const name = readText(naming.attributes.get("name"), values, diagnostics);
  const build = objectValue({ name: stringValue(name ?? "") });
  const scope = childScope(values, new Map([["build", build], packerInComponents]));
  const content = expandDynamicBlocks(rest, scope).content(BUILD_SCHEMA, diagnostics);
  // What a `dynamic` block will yield is not known yet: nothing of it can be checked.
  const blocks = content.blocks.filter((inner) => !inner.unknown);

  const sources = readSourceUses(block, content, blocks, scope, declaredSources, diagnostics);
  const provisioners = ofType(blocks, "provisioner").map((inner) => readProvisioner(inner, scope, diagnostics));
  const structure: BuildStructure = {
    name,
    description: readText(content.attributes.get("description"), values, diagnostics),
    header: block.header,
    scope,
    sources,
    provisioners,
    errorCleanupProvisioner: readErrorCleanup(blocks, scope, diagnostics),
    postProcessors: blocks.flatMap((inner) => {
      if (inner.type === "post-processor") return [[readPostProcessor(inner, scope, diagnostics)]];
      return inner.type === "post-processors" ? [readPostProcessors(inner, scope, diagnostics)] : [];
    }),
  };
  checkSourceNames(structure, diagnostics);
  return { ...structure, registries: ofType(blocks, "hcp_packer_registry") };
}

function ofType(blocks: readonly Block[], type: string): readonly Block[] {
  return blocks.filter((block) => block.type === type);
}

function readErrorCleanup(
  blocks: readonly Block[],
  scope: Scope,
  diagnostics: Diagnostics,
): ProvisionerBlock | undefined {
  const [first, ...others] = ofType(blocks, "error-cleanup-provisioner");
  for (const other of others) {
    diagnostics.error({
      code: "second-error-cleanup-provisioner",
      summary: "Only one error-cleanup-provisioner is allowed",
      detail: "A build can have one error-cleanup-provisioner: put all that it should do into one.",
      subject: other.header,
    });
  }
  return first && readProvisioner(first, scope, diagnostics);
}
