import type { Flag, Flags } from "./flags.ts";

const WIDTH = 80;

/** The help of one command, in Packer's shape. */
export function usageOf(command: { name: string; operands: string; doc: string; flags: Flags }): string {
  const operands = command.operands === "" ? "" : ` ${command.operands}`;
  const rows = Object.entries(command.flags)
    .filter(([, flag]) => !flag.hidden)
    .map(([name, flag]) => [`-${name}${valueText(flag)}`, flag.doc] as const);
  const column = Math.min(30, Math.max(0, ...rows.map(([left]) => left.length)) + 2);
  const options = rows.map(([left, doc]) => row(left, doc, column));
  const head = `Usage: ingot ${command.name}${rows.length > 0 ? " [options]" : ""}${operands}\n\n${indented(command.doc)}`;
  return options.length === 0 ? head : `${head}\n\nOptions:\n\n${options.join("\n")}`;
}

function valueText(flag: Flag): string {
  if (flag.kind === "boolean") return flag.default ? "=false" : "";
  if (flag.kind === "text" && flag.oneOf) return `=[${flag.oneOf.join("|")}]`;
  if (flag.kind === "repeated") return ` ${flag.value}`;
  return `=${flag.value}`;
}

function row(left: string, doc: string, column: number): string {
  const lines = wrap(doc, WIDTH - column - 2);
  const pad = " ".repeat(column + 2);
  const first = left.length + 2 > column ? `  ${left}\n${pad}` : `  ${left.padEnd(column)}`;
  return first + lines.join(`\n${pad}`);
}

function indented(doc: string): string {
  return doc
    .split("\n")
    .flatMap((paragraph) => (paragraph === "" ? [""] : wrap(paragraph, WIDTH - 2)))
    .map((line) => (line === "" ? "" : `  ${line}`))
    .join("\n");
}

/** Breaks at blanks so that no line is longer than `width`, where its words allow it. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines;
}
