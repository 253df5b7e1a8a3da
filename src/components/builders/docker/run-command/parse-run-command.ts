import { runFlags } from "./run-flags.ts";

/** The arguments of a `docker run`, taken apart. */
export interface RunCommand {
  /** In order; by their long name. */
  readonly flags: readonly { readonly name: string; readonly value: string }[];
  readonly image: string | undefined;
  /** After the image. */
  readonly command: readonly string[];
  /** As written, of flags that are not known here: only the docker command itself may understand them. */
  readonly unknown: readonly string[];
  /** What the docker command would refuse: "flag needs an argument: --name". */
  readonly faults: readonly string[];
}

/**
 * Takes arguments apart as the docker command does: `--flag value`, `--flag=value`, `-f value`, `-fvalue`, `-dit`;
 * `--` or the first plain argument, the image, ends the flags.
 */
export function parseRunCommand(argv: readonly string[]): RunCommand {
  const flags: { name: string; value: string }[] = [];
  const unknown: string[] = [];
  const faults: string[] = [];
  const rest = [...argv];

  const take = (name: string, written: string, attached: string | undefined, takesValue: boolean): void => {
    if (!takesValue) {
      const value = attached ?? "true";
      if (/^(true|false|1|0|t|f|TRUE|FALSE|True|False|T|F)$/.test(value))
        flags.push({ name, value: String(/^[t1]/i.test(value)) });
      else faults.push(`invalid argument "${value}" for "${written}": it is true or false`);
      return;
    }
    const value = attached ?? rest.shift();
    if (value === undefined) faults.push(`flag needs an argument: ${written}`);
    else flags.push({ name, value });
  };

  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    if (argument === "--") break;
    if (!argument.startsWith("-") || argument === "-") {
      rest.unshift(argument);
      break;
    }
    if (argument.startsWith("--")) takeLong(argument, take, unknown);
    else takeShort(argument, take, unknown);
  }
  const [image, ...command] = rest;
  return { flags, image, command, unknown, faults };
}

type Take = (name: string, written: string, attached: string | undefined, takesValue: boolean) => void;

function takeLong(argument: string, take: Take, unknown: string[]): void {
  const equals = argument.indexOf("=");
  const written = equals < 0 ? argument : argument.slice(0, equals);
  const name = written.slice(2);
  const flag = runFlags[name];
  if (flag === undefined) unknown.push(argument);
  else take(name, written, equals < 0 ? undefined : argument.slice(equals + 1), flag.takes === "text");
}

/** Letters without a value may stand together; the first that takes one takes what follows it. */
function takeShort(argument: string, take: Take, unknown: string[]): void {
  for (let at = 1; at < argument.length; at++) {
    const letter = argument.charAt(at);
    const found = Object.entries(runFlags).find(([, flag]) => flag.short === letter);
    if (found === undefined) {
      unknown.push(argument);
      return;
    }
    const [name, flag] = found;
    const after = argument.slice(at + 1);
    if (flag.takes === "text") {
      take(name, `-${letter}`, after === "" ? undefined : after.replace(/^=/, ""), true);
      return;
    }
    if (after.startsWith("=")) {
      take(name, `-${letter}`, after.slice(1), false);
      return;
    }
    take(name, `-${letter}`, undefined, false);
  }
}
