import type { JsonObject } from "../../../hcl/json/json-tree.ts";
import type { Range } from "../../../hcl/source/source.ts";
import type { ValueLayer } from "../../../spec/decode.ts";

/** A template of Packer's old JSON format, read as far as that is possible without knowing variables and components. */
export interface LegacyTemplate {
  readonly root: JsonObject;
  readonly description?: PlacedName | undefined;
  readonly minimumVersion?: PlacedName | undefined;
  readonly variables: ReadonlyMap<string, LegacyVariable>;
  readonly sensitiveVariables: readonly PlacedName[];
  readonly builders: readonly LegacyBuilder[];
  readonly provisioners: readonly LegacyProvisioner[];
  readonly errorCleanupProvisioner?: LegacyProvisioner | undefined;
  /** Chains. */
  readonly postProcessors: readonly (readonly LegacyPostProcessor[])[];
}

export interface PlacedName {
  readonly text: string;
  readonly range: Range;
}

export interface LegacyVariable {
  readonly name: string;
  readonly nameRange: Range;
  /** Maybe a `{{ … }}` template. undefined: written as null, and so a value is required. */
  readonly default: string | undefined;
  readonly range: Range;
}

interface LegacyComponent {
  readonly type: string;
  readonly typeRange: Range;
  /** Without what is read here. */
  readonly options: ValueLayer;
  /** "provisioner 2": how Packer's messages call it. */
  readonly label: string;
}

export interface LegacyBuilder extends LegacyComponent {
  /** As written: maybe a template. The type, where there is no name. `only`, `except` and `override` use this one. */
  readonly name: PlacedName;
}

/** Names of builders, as they are written. */
export interface BuilderFilter {
  readonly only: readonly PlacedName[];
  readonly except: readonly PlacedName[];
}

export interface LegacyProvisioner extends LegacyComponent {
  readonly kind: "provisioner" | "error-cleanup-provisioner";
  readonly filter: BuilderFilter;
  /** By name of the builder. */
  readonly overrides: ReadonlyMap<string, { readonly name: PlacedName; readonly options: ValueLayer }>;
  /** Milliseconds. */
  readonly pauseBefore?: number | undefined;
  readonly timeout?: number | undefined;
  /** A number as text, or a template of one. */
  readonly maxRetries?: PlacedName | undefined;
}

export interface LegacyPostProcessor extends LegacyComponent {
  readonly kind: "post-processor";
  /** Only where it is written. */
  readonly name?: string | undefined;
  readonly filter: BuilderFilter;
  readonly keepInputArtifact?: boolean | undefined;
}

/** Whether it is there for a builder. `builder`: its name as written. An empty list filters nothing. */
export function isFor({ only, except }: BuilderFilter, builder: string): boolean {
  if (only.length > 0) return only.some(({ text }) => text === builder);
  return !except.some(({ text }) => text === builder);
}
