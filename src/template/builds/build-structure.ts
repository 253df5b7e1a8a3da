import type { Scope } from "../../hcl/evaluation/scope.ts";
import type { Range } from "../../hcl/source/source.ts";
import type { Body } from "../../hcl/syntax/body.ts";
import type { ValueLayer } from "../../spec/decode.ts";
import type { PlacedText } from "../structure/constant.ts";

/** A `build` block, read as far as that is possible without knowing the components. */
export interface BuildStructure {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly header: Range;
  /** What its blocks can use; their `dynamic` blocks are expanded in it. */
  readonly scope: Scope;
  readonly sources: readonly SourceUse[];
  readonly provisioners: readonly ProvisionerBlock[];
  readonly errorCleanupProvisioner?: ProvisionerBlock | undefined;
  /** Chains. */
  readonly postProcessors: readonly (readonly PostProcessorBlock[])[];
}

/** A source that a build starts, as an item of `sources` or as a block. */
export interface SourceUse {
  readonly type: string;
  /** As the source is declared. */
  readonly sourceName: string;
  /** As this build calls it: `name` in its block, else as declared. */
  readonly localName: string;
  /** "TYPE.LOCALNAME": what `only` and `except` name. */
  readonly key: string;
  /** What the block adds to the options of the source. */
  readonly added?: Body | undefined;
  readonly range: Range;
}

interface ComponentBlock {
  readonly type: string;
  readonly typeRange: Range;
  readonly name?: string | undefined;
  readonly header: Range;
  /** Options of the component, without the meta-arguments. */
  readonly body: Body;
  readonly filter: SourceFilter;
}

/** For which sources a block is there. At most one of the two is set. */
export interface SourceFilter {
  readonly only?: readonly PlacedText[] | undefined;
  readonly except?: readonly PlacedText[] | undefined;
}

export interface ProvisionerBlock extends ComponentBlock {
  readonly kind: "provisioner" | "error-cleanup-provisioner";
  /** Milliseconds. */
  readonly pauseBefore?: number | undefined;
  readonly timeout?: number | undefined;
  readonly maxRetries: number;
  readonly continueOnError: boolean;
  /** By local name of the source. */
  readonly overrides: ReadonlyMap<string, ValueLayer>;
}

export interface PostProcessorBlock extends ComponentBlock {
  readonly kind: "post-processor";
  readonly keepInputArtifact?: boolean | undefined;
}

/** Whether a block is there for a source. An empty list filters nothing. */
export function appliesTo({ only, except }: SourceFilter, source: SourceUse): boolean {
  if (only && only.length > 0) return only.some(({ text }) => text === source.key);
  return !except?.some(({ text }) => text === source.key);
}
