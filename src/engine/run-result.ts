import type { ArtifactText, FailureText, Outcome } from "../sdk/events.ts";

/** How a run ended: what exit codes and `-result FILE` are made from. Holds no secrets; survives JSON. */
export interface RunResult {
  /** Of the journal: what `ingot runs show` takes. undefined: nothing was started. */
  readonly runId?: string;
  /** PACKER_RUN_UUID. */
  readonly uuid: string;
  /** "failed" when any build failed, else "cancelled" when any was, else "succeeded". */
  readonly outcome: Outcome;
  readonly milliseconds: number;
  /** One each, in the order of the template, also those that never started. */
  readonly builds: readonly BuildResult[];
  readonly counts: { readonly succeeded: number; readonly failed: number; readonly cancelled: number };
  /** What went wrong and belongs to no build: a bug, a journal that could not be written to its end. */
  readonly faults: readonly FailureText[];
}

export interface BuildResult {
  /** As events name it: unique in the run. */
  readonly name: string;
  readonly builder: string;
  readonly outcome: Outcome;
  /** How far it came: "configure" and "waiting" never started, "build" ended in the builder or its provisioners. */
  readonly reached: "configure" | "waiting" | "build" | "post-process" | "end";
  readonly milliseconds: number;
  /** Everything that it made and that is still there, also where the build failed later. */
  readonly artifacts: readonly ArtifactText[];
  readonly error?: FailureText;
  readonly steps: readonly StepResult[];
  /** What it owned and could not, or was not to, remove. */
  readonly left: readonly LeftThing[];
}

export interface StepResult {
  readonly step: string;
  readonly title: string;
  readonly kind: "step" | "provisioner" | "error-cleanup-provisioner" | "post-processor" | "undo";
  readonly outcome: Outcome;
  readonly milliseconds: number;
  readonly attempts: number;
}

export interface LeftThing {
  readonly kind: string;
  readonly id: string;
  /** For people: "container ingot-4f2a". */
  readonly what: string;
  /** The command that removes it. */
  readonly byHand: string;
}
