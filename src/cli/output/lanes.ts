import type { Outcome, RunEvent } from "../../sdk/events.ts";
import { shortDuration } from "./duration.ts";
import { messagesOfRun } from "./messages.ts";
import type { Renderer, Write } from "./renderer.ts";

/** The terminal that lanes are drawn on; `columns` and `rows` are asked at every drawing, so a resize just works. */
export interface Screen {
  readonly write: Write;
  readonly columns: () => number;
  readonly rows: () => number;
  readonly color: boolean;
  readonly now: () => number;
  /** Calls back about ten times a second until the returned function is called. */
  readonly every: (milliseconds: number, work: () => void) => () => void;
}

interface Lane {
  readonly name: string;
  readonly started: number;
  step: string;
  readonly tail: string[];
  readonly progress: Map<string, { title: string; current: number; total: number | undefined }>;
}

const KEPT_LINES = 200;
const SHOWN_AFTER_FAILURE = 40;
const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/**
 * Live lanes: one a build, with its current step, elapsed time, last lines and transfers, redrawn in place at the
 * bottom; what is final (an ended build, an error, the summary) scrolls away above them.
 */
export function lanesRenderer(screen: Screen): Renderer {
  const lanes = new Map<string, Lane>();
  const messages = messagesOfRun();
  let drawn = 0;
  let stale = false;
  let frame = 0;
  const stop = screen.every(100, () => {
    frame++;
    if (lanes.size > 0 || stale) draw("");
  });

  function draw(above: string): void {
    const erase = drawn > 0 ? `\u001b[${drawn}A\r\u001b[J` : "";
    const block = blockOf([...lanes.values()], screen, FRAMES[frame % FRAMES.length] ?? "");
    drawn = block.length;
    stale = false;
    // One write a frame, so that no half-drawn frame is ever seen.
    screen.write(erase + above + block.map((line) => `${line}\n`).join(""));
  }

  return {
    event(event) {
      const shown = permanentText(event, lanes, messages(event), screen);
      fold(lanes, event, screen.now());
      if (shown !== "") draw(shown);
      else stale = true;
    },
    close() {
      stop();
      lanes.clear();
      draw("");
    },
  };
}

/** What an event adds to the scrollback, if anything. */
function permanentText(
  event: RunEvent,
  lanes: ReadonlyMap<string, Lane>,
  messages: ReturnType<ReturnType<typeof messagesOfRun>>,
  screen: Screen,
): string {
  const asText = () =>
    messages
      .filter((message) => message.kind !== "machine")
      .map((message) => `${paint(screen, message.kind === "error" ? 31 : 0, message.text)}\n`)
      .join("");
  switch (event.type) {
    case "build-finished": {
      const lane = lanes.get(event.build ?? "");
      const tail = event.outcome === "failed" && lane ? lane.tail.slice(-SHOWN_AFTER_FAILURE) : [];
      const log = tail.map((line) => `${paint(screen, 2, `  │ ${line}`)}\n`).join("");
      return `${log}${paint(screen, colorOf(event.outcome), signOf(event.outcome))} ${asText()}`;
    }
    case "line":
      // A run-wide line has no lane to be shown in; an error must not scroll out of one.
      return event.build === undefined || event.level === "error" || event.level === "warning" ? asText() : "";
    case "run-started":
      return "";
    default:
      return asText();
  }
}

function fold(lanes: Map<string, Lane>, event: RunEvent, now: number): void {
  if (event.build === undefined) return;
  if (event.type === "build-started") {
    lanes.set(event.build, { name: event.build, started: now, step: "Starting", tail: [], progress: new Map() });
  }
  const lane = lanes.get(event.build);
  if (!lane) return;
  switch (event.type) {
    case "step-started":
      lane.step =
        event.component && !event.title.includes(event.component) ? `${event.component}: ${event.title}` : event.title;
      break;
    case "line":
      for (const line of event.text.split("\n")) lane.tail.push(line);
      if (lane.tail.length > KEPT_LINES) lane.tail.splice(0, lane.tail.length - KEPT_LINES);
      break;
    case "progress":
      if (event.done) lane.progress.delete(event.id);
      else lane.progress.set(event.id, { title: event.title, current: event.current, total: event.total });
      break;
    case "build-finished":
      lanes.delete(event.build);
      break;
  }
}

/** The lines of all lanes, fitted into the terminal: the more lanes, the fewer lines each. */
function blockOf(lanes: readonly Lane[], screen: Screen, spinner: string): string[] {
  if (lanes.length === 0) return [];
  const width = Math.max(20, screen.columns()) - 1;
  const height = Math.max(2, screen.rows() - 1);
  const each = Math.max(0, Math.min(6, Math.floor(height / lanes.length) - 1));
  const lines: string[] = [];
  for (const lane of lanes) {
    const elapsed = shortDuration(screen.now() - lane.started);
    const head = cut(`${spinner} ${lane.name}  ${lane.step}`, width - elapsed.length - 1);
    lines.push(`${paint(screen, 1, head.padEnd(width - elapsed.length))}${elapsed}`);
    const bars = [...lane.progress.values()].slice(0, each).map((one) => cut(`  ${barOf(one)}`, width));
    const tail = lane.tail.slice(lane.tail.length - Math.max(0, each - bars.length));
    for (const line of tail) lines.push(paint(screen, 2, cut(`  │ ${line}`, width)));
    lines.push(...bars);
  }
  if (lines.length <= height) return lines;
  const hidden = lines.length - height + 1;
  return [...lines.slice(0, height - 1), cut(`  … ${hidden} more lines`, width)];
}

function barOf(progress: { title: string; current: number; total: number | undefined }): string {
  const { title, current, total } = progress;
  if (total === undefined || total <= 0) return `${sizeText(current).padStart(10)}  ${title}`;
  const part = Math.min(1, current / total);
  const filled = Math.round(part * 20);
  const bar = "█".repeat(filled) + "░".repeat(20 - filled);
  return `${bar} ${String(Math.floor(part * 100)).padStart(3)}%  ${sizeText(current)} / ${sizeText(total)}  ${title}`;
}

/** Bytes in decimal units: "31.4 MB". */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value.toFixed(1)} ${units[unit]}`;
}

/** Cuts to `width` columns. Lines are free of control characters by the time they are events. */
function cut(line: string, width: number): string {
  const flat = line.replaceAll("\t", "  ");
  const characters = [...flat];
  return characters.length <= width ? flat : `${characters.slice(0, Math.max(0, width - 1)).join("")}…`;
}

function paint(screen: Screen, code: number, text: string): string {
  return screen.color && code !== 0 ? `\u001b[${code}m${text}\u001b[0m` : text;
}

function signOf(outcome: Outcome): string {
  return outcome === "succeeded" ? "✔" : outcome === "cancelled" ? "■" : "✘";
}

function colorOf(outcome: Outcome): number {
  return outcome === "succeeded" ? 32 : outcome === "cancelled" ? 33 : 31;
}
