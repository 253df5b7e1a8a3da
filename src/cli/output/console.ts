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
}

export function processConsole(machineReadable: boolean): Console {
  const write = (text: string) => {
    process.stdout.write(text);
  };
  const line = (kind: "say" | "error", text: string) =>
    write(machineReadable ? machineLine(Date.now(), "", "ui", [kind, text]) : `${text}\n`);
  return {
    machineReadable,
    isTerminal: process.stdout.isTTY === true,
    say: (text) => line("say", text),
    error: (text) => line("error", text),
    machine(target, type, ...data) {
      if (machineReadable) write(machineLine(Date.now(), target, type, data));
    },
    write,
    color: (flag) => !machineReadable && wantsColor(flag, process.env, process.stdout.isTTY === true),
  };
}
