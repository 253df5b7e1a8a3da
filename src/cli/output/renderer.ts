import type { RunEvent } from "../../sdk/events.ts";

/** Shows a run. `event` must not wait; `close` restores the terminal. */
export interface Renderer {
  event(event: RunEvent): void;
  close(): void;
}

/** Where text goes: stdout, or a test's list. */
export type Write = (text: string) => void;
