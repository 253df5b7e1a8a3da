import type { Catalogue, Interaction } from "../sdk/component.ts";
import type { RunEvent } from "../sdk/events.ts";
import type { Host } from "../sdk/host.ts";

/** What a run stands in: the machine, the person, and who watches. */
export interface World {
  readonly host: Host;
  /** Who can end what a run owns. */
  readonly ownedKinds: Catalogue["ownedKinds"];
  /** Sees every event, masked and stamped, in order. One that throws harms no build. */
  readonly emit: (event: RunEvent) => void;
  readonly interaction: Interaction;
  readonly signals: RunSignals;
  /**
   * Calls the listener for every error that nobody caught (`unhandledRejection`, `uncaughtException`), until the
   * returned function is called. Without it such an error of a component ends the whole process.
   */
  readonly uncaught?: (listener: (error: unknown) => void) => () => void;
}

export interface RunSignals {
  /** First Ctrl-C, SIGTERM or SIGHUP. The reason, or its message, names the signal as Packer does: "interrupt". */
  readonly orderly: AbortSignal;
  /** Second one: undo ends too, and what is left is listed. */
  readonly now: AbortSignal;
}
