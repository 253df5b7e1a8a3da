import type { Diagnostics } from "../hcl/source/diagnostic.ts";
import type { Range } from "../hcl/source/source.ts";
import type { Artifact } from "../sdk/artifact.ts";
import type { Builder, MachineFactsForTemplates, PostProcessor, Provisioner } from "../sdk/component.ts";
import type { Host } from "../sdk/host.ts";
import type { DecodedFields } from "../spec/decode.ts";
import type { Fields } from "../spec/field.ts";

/** What a template means: builds that can be run. Made from HCL2, HCL JSON or legacy JSON alike. */
export interface Plan {
  /** As given on the command line. */
  readonly templatePath: string;
  readonly templateFolder: string;
  /** In the order of the template. */
  readonly builds: readonly PlannedBuild[];
  /** Every secret string that is known so far: for the masker. */
  readonly secrets: ReadonlySet<string>;
}

export interface PlannedBuild {
  /** "web.docker.base": unique where the template allows it. */
  readonly name: string;
  /** `build.name`, absent for an unnamed block. */
  readonly buildBlockName?: string;
  /** As the source is declared, whatever the build calls it: so Packer has it in `build_name` and its environment. */
  readonly sourceName: string;
  readonly builder: Planned<Builder>;
  readonly provisioners: readonly PlannedProvisioner[];
  readonly errorCleanupProvisioner?: PlannedProvisioner;
  /** Chains, each starting from the builder's artifact. */
  readonly postProcessors: readonly (readonly PlannedPostProcessor[])[];
  readonly range?: Range;
  /** Legacy JSON templates only: what `{{user …}}` is in options that are rendered at run time. */
  readonly userVariables?: Readonly<Record<string, string>>;
}

/** A component and its configuration, which may still wait for values of the build. */
export interface Planned<C> {
  readonly type: string;
  readonly component: C;
  /** Where it stands in the template. */
  readonly range?: Range;
  /**
   * Decodes and checks the configuration with the values known by then. Without facts: as when a template is checked,
   * `build.*` unknown. Faults go to `diagnostics`; undefined where they make it useless. The configuration is of the
   * component's own fields; it is `never` here so that only `run` of the same component takes it.
   */
  configure(context: ConfigureContext, diagnostics: Diagnostics): Promise<Configured | undefined>;
}

export interface Configured {
  readonly config: never;
  readonly complete: boolean;
  /** What is not known yet, what is secret and where each option is written: for who shows the configuration. */
  readonly decoded?: Pick<DecodedFields<Fields>, "unknown" | "sensitive" | "written">;
}

export interface ConfigureContext {
  readonly host: Host;
  /** `build.*` at run time. */
  readonly facts?: MachineFactsForTemplates;
  /** The input of a post-processor, for its templates. */
  readonly artifact?: Artifact;
  /** Learns of every secret that is decoded. */
  readonly secret: (text: string) => void;
}

export interface PlannedProvisioner extends Planned<Provisioner> {
  /** Named with `name`, else undefined. */
  readonly name?: string;
  /** Milliseconds. */
  readonly pauseBefore?: number;
  readonly timeout?: number;
  readonly maxRetries: number;
  readonly continueOnError: boolean;
}

export interface PlannedPostProcessor extends Planned<PostProcessor> {
  readonly name?: string;
  readonly keepInputArtifact?: boolean;
}
