import { EVENT_SCHEMA } from "../../sdk/events.ts";
import type { Renderer, Write } from "./renderer.ts";

/** `-json`: one event a line, as docs/events.md describes it. The first line of a run carries the schema's version. */
export function jsonLinesRenderer(write: Write): Renderer {
  return {
    event(event) {
      const versioned = event.type === "run-started" ? { schema: EVENT_SCHEMA, ...event } : event;
      write(`${JSON.stringify(versioned)}\n`);
    },
    close() {},
  };
}
