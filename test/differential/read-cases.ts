import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

/** The versions of Packer that were asked: Debian's, and the last under its free licence that can be had. */
export const VERSIONS = ["1.6.6", "1.9.4"] as const;

/** Template files, and commands to run one after the other in their folder. */
export interface Case {
  /** "file/case". */
  readonly name: string;
  readonly commands: readonly Command[];
  readonly files: Readonly<Record<string, string>>;
  /** The versions of Packer that know what it is about; a line `! 1.9.4` names them. Without one, all. */
  readonly versions: readonly string[];
}

export interface Command {
  readonly text: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly argv: readonly string[];
  readonly input: string;
}

/**
 * The cases of cases/*.txt. A case begins with `=== name`; its lines `$ …` are commands, `-- path --` begins a file.
 * Files before the first case of a text are in all of its cases.
 */
export function readCases(): Case[] {
  const folder = join(import.meta.dirname, "cases");
  return readdirSync(folder)
    .sort()
    .flatMap((file) => casesIn(basename(file, ".txt"), readFileSync(join(folder, file), "utf8")));
}

/** The cases that a text holds. */
export function casesIn(theme: string, text: string): Case[] {
  const [head = "", ...parts] = text.split(/^=== /m);
  const common = filesIn(head);
  return parts.map((part) => {
    const name = `${theme}/${part.split("\n", 1)[0]}`;
    const commands = part.split(/^-- /m, 1)[0]?.matchAll(/^\$ (.*)$/gm) ?? [];
    return {
      name,
      commands: Array.from(commands, ([, line = ""]) => commandFrom(line)),
      files: { ...common, ...filesIn(part) },
      versions: /^! (.*)$/m.exec(part.split(/^-- /m, 1)[0] ?? "")?.[1]?.split(" ") ?? VERSIONS,
    };
  });
}

function filesIn(text: string): Record<string, string> {
  const [, ...parts] = text.split(/^-- (.+) --\n/m);
  const files: Record<string, string> = {};
  for (let at = 0; at + 1 < parts.length; at += 2) files[parts[at] ?? ""] = parts[at + 1] ?? "";
  return files;
}

/** `NAME=value … command arguments <<< 'input'`, with single quotes as in a shell. */
function commandFrom(text: string): Command {
  const [call = "", input] = text.split(" <<< ");
  const words = wordsOf(call);
  const first = words.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word));
  const environment = Object.fromEntries(words.slice(0, first).map((word) => word.split(/=(.*)/s).slice(0, 2)));
  return {
    text,
    environment,
    argv: words.slice(first),
    input: input === undefined ? "" : `${input.replace(/^'|'$/g, "")}\n`,
  };
}

function wordsOf(text: string): string[] {
  return Array.from(text.matchAll(/(?:'[^']*'|[^\s'])+/g), ([word]) => word.replaceAll("'", ""));
}
