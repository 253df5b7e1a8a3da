import type { RunEvent } from "../../sdk/events.ts";
import type { Console } from "./console.ts";
import { jsonLinesRenderer } from "./json-lines.ts";
import { lanesRenderer } from "./lanes.ts";
import { logRenderer } from "./log.ts";
import { machineReadableRenderer } from "./machine-readable.ts";
import { plainRenderer } from "./plain.ts";
import type { Renderer } from "./renderer.ts";

export interface RendererChoice {
  readonly json: boolean;
  readonly timestamps: boolean;
  readonly color: boolean;
  /** "live" lanes, "plain" lines; undefined: lanes on a terminal, lines elsewhere. */
  readonly ui: string | undefined;
  /** Questions need the plain form: lanes would draw over them. */
  readonly asks: boolean;
  /** A replay is not logged: it would take the place of the log of the run. Default true. */
  readonly log?: boolean;
}

/** The renderer for a run, and the log beside it where the environment asks for one. */
export function chooseRenderer(console: Console, choice: RendererChoice): Renderer {
  const log = choice.log === false ? undefined : logRenderer(process.env);
  const shown = shownRenderer(console, choice);
  if (!log) return shown;
  return {
    event(event: RunEvent) {
      log.event(event);
      shown.event(event);
    },
    close() {
      log.close();
      shown.close();
    },
  };
}

function shownRenderer(console: Console, choice: RendererChoice): Renderer {
  const write = console.write;
  if (choice.json) return jsonLinesRenderer(write);
  if (console.machineReadable) return machineReadableRenderer(write);
  const live =
    choice.ui === "live" || (choice.ui === undefined && isLiveTerminal(console) && !choice.asks && !choice.timestamps);
  if (!live) return plainRenderer(write, { color: console.color(choice.color), timestamps: choice.timestamps });
  return lanesRenderer({
    write,
    columns: () => process.stdout.columns ?? 80,
    rows: () => process.stdout.rows ?? 24,
    color: console.color(choice.color),
    now: () => Date.now(),
    every(milliseconds, work) {
      const timer = setInterval(work, milliseconds);
      timer.unref();
      return () => clearInterval(timer);
    },
  });
}

function isLiveTerminal(console: Console): boolean {
  return console.isTerminal && process.env.TERM !== "dumb" && !process.env.CI;
}
