import type { BuildFacts, Interaction } from "../sdk/component.ts";
import type { Happening } from "../sdk/events.ts";
import type { Host } from "../sdk/host.ts";
import type { Owned } from "../sdk/owned.ts";
import type { PlannedBuild } from "../template/plan.ts";
import type { Masker } from "./masking/masker.ts";
import type { Scope } from "./ownership/ledger.ts";
import type { RunOptions } from "./run-options.ts";
import type { LeftThing, StepResult } from "./run-result.ts";
import type { StopLimits } from "./work/bounded.ts";

/** One build at work: what its steps, provisioners and post-processors share. */
export interface BuildRun {
  /** As events name it: unique in the run. */
  readonly name: string;
  readonly planned: PlannedBuild;
  readonly facts: BuildFacts;
  /** Of the run: one `{{timestamp}}` for all builds. */
  readonly startTime: Date;
  readonly options: RunOptions;
  readonly host: Host;
  readonly interaction: Interaction;
  /** Aborts when the run is cancelled (reason: Cancelled) and when an error of this build escaped (reason: that error). */
  readonly signal: AbortSignal;
  readonly limits: StopLimits;
  /** Milliseconds that undoing may take, shielded from `signal`. */
  readonly undoLimit: number;
  /** Everything that the build owns: what is in the next two. */
  readonly scope: Scope;
  /** What ends with the recipe, before the post-processors. */
  readonly recipeScope: Scope;
  /** What ends with the build: of post-processors, and what they may still read. */
  readonly lastScope: Scope;
  /** Never undone in this run: what may still come to be, for `gc`. */
  readonly lateScope: Scope;
  /** Emits in the build's name. */
  readonly emit: (happening: Happening) => void;
  /** Learns of secrets, and masks them from then on. */
  readonly masker: Masker;
  /** Ends the build with a fault that came up outside of what it waits for. */
  readonly fail: (fault: unknown) => void;
  /** What a person needs to know of something that stays behind. */
  readonly describe: (owned: Owned) => Promise<LeftThing>;
  readonly state: BuildState;
}

/** What changes while a build is at work. */
export interface BuildState {
  readonly steps: StepResult[];
  /** Its result stands: what comes from it now comes from something that did not stop. */
  ended: boolean;
  /** How many steps are at work: each has its own limits. */
  activeSteps: number;
  /** Scopes of steps that did not stop: what they own may come to be after it was destroyed. */
  readonly abandoned: Scope[];
  /** What a person chose after a fault. */
  readonly choices: WeakMap<object, AfterFailure>;
  /** Warnings about the configuration that were shown. */
  readonly shownWarnings: Set<string>;
}

/** What happens to what the build owns after a fault. */
export type AfterFailure = "cleanup" | "abort" | "run-cleanup-provisioner" | "retry";

export function freshState(shownWarnings: Iterable<string>): BuildState {
  return {
    steps: [],
    ended: false,
    activeSteps: 0,
    abandoned: [],
    choices: new WeakMap(),
    shownWarnings: new Set(shownWarnings),
  };
}
