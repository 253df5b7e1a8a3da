export type OnError = "cleanup" | "abort" | "ask" | "run-cleanup-provisioner";

/** How a plan is run: the flags of `build`. */
export interface RunOptions {
  /** Fewer than 1: no limit. */
  readonly parallelBuilds: number;
  readonly onError: OnError;
  /** One build at a time, and a pause before each step and provisioner. */
  readonly debug: boolean;
  readonly force: boolean;
  /** Version of Ingot, for the journal. */
  readonly ingot: string;
  /** The command line, for the journal. */
  readonly arguments: readonly string[];
  /** PACKER_RUN_UUID; made when missing. */
  readonly uuid?: string;
  /** Milliseconds that a component may go on after its signal aborted, before the run goes on without it. Default 30 000. */
  readonly grace?: number;
  /** Milliseconds that the undo of one build may take. Default 10 minutes. */
  readonly undoLimit?: number;
}
