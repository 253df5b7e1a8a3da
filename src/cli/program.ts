import { nearestName } from "../hcl/source/nearest-name.ts";
import { parseFlags } from "./arguments/flags.ts";
import { usageOf } from "./arguments/usage.ts";
import { commands, programHelp } from "./commands.ts";
import { EXIT, exitCodeOf } from "./exit-codes.ts";
import { type Console, processConsole } from "./output/console.ts";
import { failureText } from "./output/failure.ts";

/** The whole program: from its arguments to its exit code. Never throws. */
export async function runProgram(argv: readonly string[]): Promise<number> {
  // Anywhere among the arguments, also before the command, as Packer takes it.
  const machineReadable = argv.includes("-machine-readable") || argv.includes("--machine-readable");
  const rest = argv.filter((argument) => argument !== "-machine-readable" && argument !== "--machine-readable");
  const console = processConsole(machineReadable);
  const code = await dispatch(rest, console).catch((error) =>
    reportEscaped(error, console, rest.includes("-detailed-exitcode")),
  );
  return afterPrinting(code, rest[0], console);
}

/** A reader who left has read enough; text that did not fit on a disk is missing where somebody will look for it. */
async function afterPrinting(code: number, command: string | undefined, console: Console): Promise<number> {
  await new Promise(setImmediate); // Faults of the last lines are told only then.
  const { broken } = console;
  if (!broken || ["EPIPE", "EIO", "ECONNRESET"].includes(broken.code ?? "")) return code;
  process.stderr.write(`Standard output could not be written to, and is not whole: ${broken.message}\n`);
  // A build's output is not what it is for, and its journal holds it: `ingot runs show last`.
  return code === EXIT.ok && command !== "build" ? EXIT.failed : code;
}

/** Commands of Packer that are known and not here, and what to use until they are. */
const NOT_YET: Readonly<Record<string, string>> = {
  "verify-attestation": "Until then the tool that signed the attestation can verify it.",
};

async function dispatch(argv: readonly string[], console: Console): Promise<number> {
  const [given, ...rest] = argv;
  // Packer's silent alias.
  const first = given === "plugin" ? "plugins" : given;
  if (first === undefined) {
    console.write(`${programHelp()}\n`);
    return EXIT.unknownCommand;
  }
  if (["-v", "-version", "--version"].includes(first)) return runCommand("version", [], console);
  if (["-h", "-help", "--help"].includes(first)) {
    console.write(`${programHelp()}\n`);
    return EXIT.ok;
  }
  if (/^--?autocomplete-(un)?install$/.test(first)) {
    console.say(first.endsWith("-install") ? COMPLETE : COMPLETE_NO_MORE);
    return EXIT.ok;
  }
  if (first.startsWith("-")) {
    console.error(
      "Invalid flags before the subcommand. If these flags are for\nthe subcommand, please put them after the subcommand.\n",
    );
    const meant = rest.find((argument) => Object.hasOwn(commands, argument));
    const command = meant === undefined ? undefined : await commands[meant]?.load();
    console.write(`${command ? usageOf(command) : programHelp()}\n`);
    return EXIT.failed;
  }
  const instead = Object.hasOwn(NOT_YET, first) ? NOT_YET[first] : undefined;
  if (instead !== undefined) {
    console.error(`"${first}" is a command of Packer that Ingot does not have yet. ${instead}`);
    return EXIT.failed;
  }
  if (!Object.hasOwn(commands, first)) {
    const near = nearestName(first, Object.keys(commands));
    console.error(`There is no command "${first}".${near ? ` Did you mean "${near}"?` : ""}\n`);
    console.write(`${programHelp()}\n`);
    return EXIT.unknownCommand;
  }
  return runCommand(first, rest, console);
}

// Packer edits the shell's files; what is in them is for their owner to decide.
const COMPLETE =
  "Add one line to the file that your shell reads when it starts:\n\n" +
  "  bash, ~/.bashrc:  source <(ingot completion bash)\n" +
  "  zsh, ~/.zshrc:    source <(ingot completion zsh)\n\n" +
  "For fish: ingot completion fish > ~/.config/fish/completions/ingot.fish\n";
const COMPLETE_NO_MORE =
  "Nothing is installed by Ingot itself. Remove the line with `ingot completion` from ~/.bashrc or ~/.zshrc, or the file\n" +
  "~/.config/fish/completions/ingot.fish.\n";

async function runCommand(name: string, argv: readonly string[], console: Console): Promise<number> {
  const entry = commands[name];
  if (!entry) throw new Error(`no command ${name}`);
  const command = await entry.load();
  const parsed = parseFlags(command.flags, argv);
  if ("error" in parsed) {
    console.say(`${usageOf(command)}\n`);
    console.error(parsed.error);
    return EXIT.failed;
  }
  if (parsed.help) {
    console.write(`${usageOf(command)}\n`);
    return EXIT.ok;
  }
  const [least, most] = command.operandCount;
  if (parsed.positional.length < least || parsed.positional.length > most) {
    console.say(usageOf(command));
    return EXIT.failed;
  }
  return command.run({ flags: parsed.values, operands: parsed.positional, console, argv: withoutValues(argv) });
}

/** The arguments with the values of variables taken out: they may be secrets. */
function withoutValues(argv: readonly string[]): string[] {
  return argv.map((argument, index) => {
    const inline = /^(--?var=[^=]*=)/.exec(argument);
    if (inline) return `${inline[1]}…`;
    if (/^--?var$/.test(argv[index - 1] ?? "")) return `${argument.split("=")[0]}=…`;
    return argument;
  });
}

async function reportEscaped(error: unknown, console: Console, detailed: boolean): Promise<number> {
  const { Cancelled, Failure } = await import("../sdk/failure.ts");
  if (error instanceof Cancelled) {
    console.error(`Cancelled after receiving ${error.message}`);
    return exitCodeOf("cancelled", detailed);
  }
  if (error instanceof Failure) {
    console.error(failureText(error));
    return EXIT.failed;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  console.error(`This is a bug in Ingot. Please report it with these lines:\n\n${stack}`);
  return exitCodeOf("internal-bug", detailed);
}
