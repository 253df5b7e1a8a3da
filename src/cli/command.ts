import type { Flags, FlagValues } from "./arguments/flags.ts";
import type { Console } from "./output/console.ts";

/** One subcommand: its flags as data, so that parsing, help and completion come from one place. */
export interface Command<F extends Flags = Flags> {
  readonly name: string;
  /** What stands behind the options in its usage: "TEMPLATE". */
  readonly operands: string;
  /** How many operands it takes. */
  readonly operandCount: readonly [least: number, most: number];
  readonly doc: string;
  readonly flags: F;
  /** Gives the exit code. */
  run(invocation: Invocation<F>): Promise<number>;
}

export interface Invocation<F extends Flags = Flags> {
  readonly flags: FlagValues<F>;
  readonly operands: readonly string[];
  readonly console: Console;
  /** As typed, for the journal; values of `-var` are left out, they may be secrets. */
  readonly argv: readonly string[];
}

// As for components: flags are inferred where a command is written and forgotten where commands are listed.
export function defineCommand<F extends Flags>(command: Command<F>): Command {
  return command as unknown as Command;
}
