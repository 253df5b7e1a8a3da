import type { Json } from "../../sdk/json.ts";

/** What would be built, as data: `plan -json` prints it, and docs/commands.md says what it means. */
export interface PlanOutline {
  readonly schema: 1;
  readonly template: string;
  readonly variables: readonly OutlinedVariable[];
  readonly locals: readonly OutlinedValue[];
  readonly dataSources: readonly OutlinedDataSource[];
  /** Locals and data sources as they are evaluated: what is in one stage does not wait for the rest of it. */
  readonly stages: readonly (readonly string[])[];
  /** All run at once, unless `-parallel-builds` says otherwise. */
  readonly builds: readonly OutlinedBuild[];
}

/** Exactly one of the three. */
export type Shown =
  | { readonly value: Json }
  | { readonly sensitive: true }
  /** What must be known first: data sources ("data.http.latest"), facts of a build ("build.ID"). May be empty. */
  | { readonly knownAfter: readonly string[] };

export type OutlinedValue = { readonly name: string } & Shown;

export type OutlinedVariable = OutlinedValue & {
  readonly from: "default" | "environment" | "variable file" | "command line";
  /** "web.pkr.hcl:3"; absent for secrets and where it is written in no file. */
  readonly place?: string;
};

export interface OutlinedDataSource {
  readonly name: string;
  readonly type: string;
  /** Whether it was read. */
  readonly read: boolean;
  readonly uses: readonly string[];
}

export interface OutlinedBuild {
  readonly name: string;
  readonly builder: OutlinedComponent;
  readonly source: string;
  /** What the builder would make, in words; absent where it cannot say. */
  readonly makes?: string;
  readonly provisioners: readonly OutlinedProvisioner[];
  readonly errorCleanupProvisioner?: OutlinedProvisioner;
  /** Chains, side by side; each begins with the artifact of the builder. */
  readonly postProcessors: readonly (readonly OutlinedPostProcessor[])[];
}

export interface OutlinedComponent {
  readonly type: string;
  readonly place?: string;
  /** Only those that the template sets; blocks are objects of options, or lists of them. */
  readonly options: OutlinedOptions;
}

export interface OutlinedOptions {
  readonly [name: string]:
    | Shown
    | { readonly block: OutlinedOptions }
    | { readonly blocks: readonly OutlinedOptions[] };
}

export interface OutlinedProvisioner extends OutlinedComponent {
  readonly name?: string;
  /** Files of this machine that it reads; absent where it cannot tell, or not yet. */
  readonly reads?: readonly string[];
  /** Durations in the form "1m30s". */
  readonly pauseBefore?: string;
  readonly timeout?: string;
  readonly maxRetries?: number;
}

export interface OutlinedPostProcessor extends OutlinedComponent {
  readonly name?: string;
  readonly keepInputArtifact?: boolean;
}
