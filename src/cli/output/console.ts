import type { Happening } from "../../sdk/events.ts";
import { wantsColor } from "./colors.ts";
import { machineLine } from "./machine-readable.ts";

/** Where commands print. As with Packer, everything a person reads goes to stdout, errors included. */
export interface Console {
  readonly machineReadable: boolean;
  readonly isTerminal: boolean;
  say(text: string): void;
  error(text: string): void;
  /** A line that only `-machine-readable` shows. */
  machine(target: string, type: string, ...data: string[]): void;
  /** Exactly this text, in every mode. */
  write(text: string): void;
  color(flag: boolean): boolean;
  /** From here on all that is said is an event, one JSON object a line (docs/events.md). */
  speakJson?(): void;
  /** Shows an event of no run as such. False where JSON is not spoken, and nothing was shown. */
  emit?(event: Happening): boolean;
  /**
   * Why standard output takes nothing any more, if so. Whoever read it has gone away (`| head`, a closed window), or
   * the disk it goes to is full: that ends no build, and what was printed is in the journal.
   */
  readonly broken?: NodeJS.ErrnoException | undefined;
}

export function processConsole(machineReadable: boolean): Console {
  let broken: NodeJS.ErrnoException | undefined;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    broken ??= error;
  });
  // Where even this cannot be written, nobody can be told.
  process.stderr.on("error", () => {});
  const write = (text: string) => {
    if (!broken) process.stdout.write(text);
  };
  let json = false;
  const showEvent = ({ type, ...rest }: Happening) => write(`${JSON.stringify({ type, time: Date.now(), ...rest })}\n`);
  const line = (kind: "say" | "error", text: string) => {
    if (json) showEvent({ type: "line", level: kind, text });
    else write(machineReadable ? machineLine(Date.now(), "", "ui", [kind, text]) : `${text}\n`);
  };
  return {
    machineReadable,
    get broken() {
      return broken;
    },
    isTerminal: process.stdout.isTTY === true,
    say: (text) => line("say", text),
    error: (text) => line("error", text),
    machine(target, type, ...data) {
      if (machineReadable) write(machineLine(Date.now(), target, type, data));
    },
    write,
    speakJson() {
      json = true;
    },
    emit(event) {
      if (json) showEvent(event);
      return json;
    },
    color: (flag) => !json && !machineReadable && wantsColor(flag, process.env, process.stdout.isTTY === true),
  };
}
