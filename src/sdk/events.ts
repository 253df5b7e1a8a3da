import type { Json } from "./json.ts";
import type { Owned } from "./owned.ts";

/** Version of the schema of events, in the journal and in `-json`. Raised when a reader of the old would misread the new. */
export const EVENT_SCHEMA = 1;

/**
 * All that happens in a run. Everything a person or a program sees is a fold over these: terminal lanes, plain text,
 * `-machine-readable`, JSON lines, the journal, the report. Secrets are masked before an event is made.
 */
export type RunEvent = Happening & {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Full name of the build; absent for what concerns the whole run. */
  readonly build?: string;
};

export type Outcome = "succeeded" | "failed" | "cancelled" | "skipped";

export type Happening =
  | {
      readonly type: "run-started";
      readonly runId: string;
      readonly ingot: string;
      readonly template: string;
      readonly builds: readonly string[];
      readonly arguments: readonly string[];
    }
  | { readonly type: "run-finished"; readonly outcome: Outcome; readonly milliseconds: number }
  | { readonly type: "cancelling"; readonly reason: string }
  | { readonly type: "build-started"; readonly builder: string }
  | {
      readonly type: "build-finished";
      readonly outcome: Outcome;
      readonly milliseconds: number;
      readonly error?: FailureText;
    }
  /** `kind` tells a recipe step from a provisioner or post-processor; `component` names the latter two. */
  | {
      readonly type: "step-started";
      readonly step: string;
      readonly title: string;
      readonly kind: "step" | "provisioner" | "error-cleanup-provisioner" | "post-processor" | "undo";
      readonly component?: string;
    }
  | {
      readonly type: "step-finished";
      readonly step: string;
      readonly outcome: Outcome;
      readonly milliseconds: number;
      /** How often it ran: more than 1 after retries. */
      readonly attempts: number;
      readonly error?: FailureText;
      /** JSON result of a recipe step. */
      readonly result?: Json;
    }
  /**
   * A line (or several, divided by \n) for people. `level`: "say" bold, "message" indented in old Packer, "error" red,
   * "stdout"/"stderr" output of a guest or tool. `target`: who speaks, where it is not the build itself
   * ("docker.base (manifest)").
   */
  | { readonly type: "line"; readonly level: LineLevel; readonly text: string; readonly target?: string }
  /** Bytes. `done` ends the transfer. */
  | {
      readonly type: "progress";
      readonly id: string;
      readonly title: string;
      readonly current: number;
      readonly total?: number;
      readonly done?: boolean;
    }
  | { readonly type: "owned"; readonly owned: Owned }
  | { readonly type: "owned-updated"; readonly kind: string; readonly id: string; readonly data: Json }
  | {
      readonly type: "released";
      readonly kind: string;
      readonly id: string;
      readonly how: "destroyed" | "gone" | "kept" | "released" | "handed-over";
    }
  /** What is left and how a person removes it: the undo did not work, or was not wanted (`wanted`: -on-error=abort). */
  | {
      readonly type: "undo-failed";
      readonly owned: Owned;
      readonly what: string;
      readonly error: FailureText;
      readonly byHand: string;
      readonly wanted?: boolean;
    }
  | { readonly type: "artifact"; readonly index: number; readonly artifact: ArtifactText }
  | { readonly type: "diagnostic"; readonly severity: "error" | "warning"; readonly text: string; readonly data: Json }
  | { readonly type: "checkpoint"; readonly key: string; readonly record: Json };

export type LineLevel = "say" | "message" | "error" | "warning" | "stdout" | "stderr";

/** A fault as an event carries it: what we tried, what answered, what you may do. `bug`: with the stack. */
export interface FailureText {
  readonly message: string;
  readonly hint?: string;
  readonly causes?: readonly string[];
  readonly bug?: string;
}

/** An artifact as an event carries it. */
export interface ArtifactText {
  readonly builderId: string;
  readonly id: string;
  readonly description: string;
  readonly files: readonly { readonly path: string; readonly size?: number }[];
}

export type Emit = (event: Happening & { readonly build?: string }) => void;
