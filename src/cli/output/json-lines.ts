import { EVENT_SCHEMA } from "../../sdk/events.ts";
import type { Renderer, Write } from "./renderer.ts";

/** `-json`: one event a line, as docs/events.md describes it. The first line of a run carries the schema's version. */
export function jsonLinesRenderer(write: Write): Renderer {
  return {
    event({ type, time, build, ...rest }) {
      const head = type === "run-started" ? { type, schema: EVENT_SCHEMA, time } : { type, time };
      // In one order of members, so that live and replayed are the same to the letter.
      write(`${JSON.stringify({ ...head, ...(build !== undefined && { build }), ...rest })}\n`);
    },
    close() {},
  };
}
