import type { Emit, Happening, RunEvent } from "../../sdk/events.ts";
import { Cancelled } from "../../sdk/failure.ts";
import { maskedEvent, shownOwnership } from "./masked-event.ts";

/** A happening and the build it belongs to. */
export type Unstamped = Happening & { readonly build?: string };

/** The one way out for everything that happens: stamped, masked once, journaled, then shown. */
export interface EventStream {
  readonly emit: Emit;
  /** The same, durable in the journal before anyone sees it. Throws a Failure when it cannot be made durable. */
  readonly record: (event: Unstamped) => Promise<void>;
  /** What went wrong in showing: a renderer that throws harms nothing else. */
  readonly faults: readonly unknown[];
  /** Nothing more is journaled or shown: the run has ended, whatever did not stop. */
  close(): void;
}

export interface EventStreamParts {
  readonly clock: () => Date;
  readonly mask: (text: string) => string;
  /** undefined: of what happens, nothing is to be kept. */
  readonly journal: { append(event: RunEvent): void; commit(event: RunEvent): Promise<void> } | undefined;
  readonly show: (event: RunEvent) => void;
}

export function eventStream({ clock, mask, journal, show }: EventStreamParts): EventStream {
  const faults: unknown[] = [];
  // Shown in the order of the journal, so that live and replayed read the same: while a record is on its way to the
  // disk, what was appended behind it waits.
  const waiting: { readonly event: RunEvent; state: "writing" | "ready" | "dropped" }[] = [];
  let closed = false;
  const stamped = (event: Unstamped): RunEvent => maskedEvent({ ...event, time: clock().getTime() }, mask);
  const showSafely = (event: RunEvent) => {
    try {
      show(shownOwnership(event, mask));
    } catch (fault) {
      // One report is enough: a broken renderer breaks at every event.
      if (faults.length === 0) faults.push(fault);
    }
  };
  const showReady = () => {
    for (let next = waiting[0]; next !== undefined && (next.state !== "writing" || closed); next = waiting[0]) {
      waiting.shift();
      if (next.state === "ready") showSafely(next.event);
    }
  };
  return {
    faults,
    close() {
      closed = true;
      showReady();
    },
    emit(event) {
      if (closed) return;
      const made = stamped(event);
      // Progress is only for those who watch: it would fill the disk and nothing is read from it later.
      if (made.type !== "progress") journal?.append(made);
      waiting.push({ event: made, state: "ready" });
      showReady();
    },
    async record(event) {
      if (closed) throw new Cancelled("the run has ended");
      const entry: (typeof waiting)[number] = { event: stamped(event), state: "writing" };
      waiting.push(entry);
      try {
        await journal?.commit(entry.event);
        entry.state = "ready";
      } catch (fault) {
        entry.state = "dropped";
        throw fault;
      } finally {
        showReady();
      }
    },
  };
}
