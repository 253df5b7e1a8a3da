import { cutToWidth, displayWidth } from "../../hcl/source/display-width.ts";
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
  /** How many lines there were, with those that are no longer kept. */
  said: number;
  readonly progress: Map<string, { title: string; current: number; total: number | undefined }>;
}

const KEPT_LINES = 200;
const SHOWN_AFTER_FAILURE = 40;
/** Columns of one of those lines: a minified file on one line must not flood the terminal. */
const LONGEST_SHOWN = 1000;
const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/**
 * Live lanes: one a build, with its current step, elapsed time, last lines and transfers, redrawn in place at the
 * bottom; what is final (an ended build, an error, the summary) scrolls away above them.
 */
export function lanesRenderer(screen: Screen): Renderer {
  const lanes = new Map<string, Lane>();
  const messages = messagesOfRun();
  let runId: string | undefined;
  // The width of each line drawn: a terminal that was made narrower since has broken them into several.
  let drawn: number[] = [];
  let stale = false;
  let frame = 0;
  const stop = screen.every(100, () => {
    frame++;
    if (lanes.size > 0 || stale) draw("");
  });

  function draw(above: string): void {
    const columns = Math.max(1, screen.columns());
    const height = drawn.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), 0);
    const erase = height > 0 ? `\u001b[${height}A\r\u001b[J` : "";
    const block = blockOf([...lanes.values()], screen, FRAMES[frame % FRAMES.length] ?? "");
    drawn = block.map(({ text }) => displayWidth(text));
    stale = false;
    // One write a frame, so that no half-drawn frame is ever seen.
    screen.write(erase + above + block.map(({ text, code }) => `${paint(screen, code, text)}\n`).join(""));
  }

  return {
    event(event) {
      if (event.type === "run-started") runId = event.runId;
      const shown = permanentText(event, lanes, messages(event), screen, runId);
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
  runId: string | undefined,
): string {
  const asText = () =>
    messages
      .filter((message) => message.kind !== "machine")
      .map((message) => `${paint(screen, message.kind === "error" ? 31 : 0, message.text)}\n`)
      .join("");
  switch (event.type) {
    case "build-finished": {
      const lane = lanes.get(event.build ?? "");
      const tail = event.outcome === "failed" && lane ? lastLines(lane, runId) : [];
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

/** What a failed build said last, and where the rest is. */
function lastLines(lane: Lane, runId: string | undefined): string[] {
  const tail = lane.tail.slice(-SHOWN_AFTER_FAILURE);
  const lines = tail.map((line) => {
    const text = cutToWidth(line, LONGEST_SHOWN);
    return text === line ? line : `${text}… (${line.length - text.length} more characters)`;
  });
  const hidden = lane.said - tail.length;
  if (hidden > 0) lines.unshift(`… ${hidden} earlier lines: ingot runs show ${runId ?? "last"}`);
  return lines;
}

function fold(lanes: Map<string, Lane>, event: RunEvent, now: number): void {
  if (event.build === undefined) return;
  if (event.type === "build-started") {
    lanes.set(event.build, {
      name: event.build,
      started: now,
      step: "Starting",
      tail: [],
      said: 0,
      progress: new Map(),
    });
  }
  const lane = lanes.get(event.build);
  if (!lane) return;
  switch (event.type) {
    case "step-started":
      lane.step =
        event.component && !event.title.includes(event.component) ? `${event.component}: ${event.title}` : event.title;
      break;
    case "line":
      for (const line of event.text.split("\n")) {
        lane.tail.push(line);
        lane.said++;
      }
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

interface DrawnLine {
  readonly text: string;
  /** Of its colour; 0: none. */
  readonly code: number;
}

/** The lines of all lanes, fitted into the terminal: the more lanes, the fewer lines each. */
function blockOf(lanes: readonly Lane[], screen: Screen, spinner: string): DrawnLine[] {
  if (lanes.length === 0) return [];
  const width = Math.max(20, screen.columns()) - 1;
  const height = Math.max(2, screen.rows() - 1);
  const each = Math.max(0, Math.min(6, Math.floor(height / lanes.length) - 1));
  const lines: DrawnLine[] = [];
  for (const lane of lanes) {
    const elapsed = shortDuration(screen.now() - lane.started);
    const head = cut(`${spinner} ${lane.name}  ${lane.step}`, width - elapsed.length - 1);
    const gap = " ".repeat(Math.max(1, width - displayWidth(head) - elapsed.length));
    lines.push({ text: `${head}${gap}${elapsed}`, code: 1 });
    const bars = [...lane.progress.values()].slice(0, each).map((one) => cut(`  ${barOf(one)}`, width));
    const tail = lane.tail.slice(Math.max(0, lane.tail.length - Math.max(0, each - bars.length)));
    for (const line of tail) lines.push({ text: cut(`  │ ${line}`, width), code: 2 });
    for (const bar of bars) lines.push({ text: bar, code: 0 });
  }
  if (lines.length <= height) return lines;
  const hidden = lines.length - height + 1;
  return [...lines.slice(0, height - 1), { text: cut(`  … ${hidden} more lines`, width), code: 0 }];
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
  const fits = cutToWidth(flat, width);
  return fits === flat ? flat : `${cutToWidth(flat, width - 1)}…`;
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
