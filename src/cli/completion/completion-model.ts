import type { Flag } from "../arguments/flags.ts";
import { commands } from "../commands.ts";

/** The command line as completion sees it: from the same tables that parse it. */
export interface CompletionModel {
  readonly commands: readonly CompletedCommand[];
}

export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly CompletedFlag[];
  readonly operands: ValueKind;
}

export interface CompletedFlag {
  readonly name: string;
  readonly doc: string;
  /** undefined: a boolean, without a value. */
  readonly value?: ValueKind;
  readonly repeated: boolean;
}

export type ValueKind =
  | { readonly kind: "words"; readonly words: readonly string[] }
  /** Names of files that end so; folders too. Empty: any file. */
  | { readonly kind: "files"; readonly suffixes: readonly string[] }
  /** Full names of the builds in the template that is on the command line. */
  | { readonly kind: "builds" }
  | { readonly kind: "anything" };

const TEMPLATES = [".pkr.hcl", ".pkr.json", ".json"];

export async function completionModel(): Promise<CompletionModel> {
  const names = Object.keys(commands);
  const completed = Object.entries(commands).map(async ([name, { summary, load }]): Promise<CompletedCommand> => {
    const { flags, operands } = await load();
    const shown = Object.entries(flags).filter(([, flag]) => !flag.hidden);
    return {
      name,
      summary,
      flags: [...shown.map(([flagName, flag]) => flagOf(flagName, flag)), HELP],
      operands: operandsOf(operands, names),
    };
  });
  return { commands: await Promise.all(completed) };
}

const HELP: CompletedFlag = { name: "help", doc: "Show the help of the command.", repeated: false };

function flagOf(name: string, flag: Flag): CompletedFlag {
  const repeated = flag.kind === "list" || flag.kind === "repeated";
  // What is on by itself is only ever turned off.
  if (flag.kind === "boolean" && flag.default) return { name: `${name}=false`, doc: flag.doc, repeated };
  return { name, doc: flag.doc, repeated, ...(flag.kind !== "boolean" && { value: takenBy(name, flag) }) };
}

function takenBy(name: string, flag: Exclude<Flag, { kind: "boolean" }>): ValueKind {
  if (flag.kind === "text" && flag.oneOf) return { kind: "words", words: flag.oneOf };
  if (name === "only" || name === "except") return { kind: "builds" };
  if (name === "var-file") return { kind: "files", suffixes: [".pkrvars.hcl", ".pkrvars.json", ".json"] };
  return /^(path|file)$/i.test(flag.value) ? { kind: "files", suffixes: [] } : { kind: "anything" };
}

/** From the words of the usage: small letters stand for themselves, capitals for something. */
function operandsOf(operands: string, commandNames: readonly string[]): ValueKind {
  if (operands.includes("COMMAND")) return { kind: "words", words: commandNames };
  const words = operands.match(/(?<![\w.-])[a-z]+(?![\w.-])/g);
  if (words) return { kind: "words", words };
  if (operands.includes("TEMPLATE")) return { kind: "files", suffixes: TEMPLATES };
  if (operands.includes("PATH")) return { kind: "files", suffixes: [".pkr.hcl", ".pkrvars.hcl"] };
  return { kind: "anything" };
}
