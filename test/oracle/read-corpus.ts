import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

export interface CorpusFile {
  /** The name of the recording that belongs to it, without ".json". */
  readonly name: string;
  readonly expressions: readonly string[];
}

export interface Recorded {
  readonly expression: string;
  readonly value?: string;
  readonly type?: string;
  /** In the order found; places are byte offsets. */
  readonly faults?: readonly { readonly title: string; readonly start: number; readonly end: number }[];
}

/** Every expression of the corpus: a line each, neighbouring lines that begin with "| " one together; and the products of matrix.json. */
export function readCorpus(): CorpusFile[] {
  const folder = join(import.meta.dirname, "corpus");
  const texts = readdirSync(folder)
    .filter((name) => name.endsWith(".txt"))
    .sort()
    .map((name) => ({
      name: basename(name, ".txt"),
      expressions: expressionsIn(readFileSync(join(folder, name), "utf8")),
    }));
  const matrix: Record<string, { forms: string[]; values: string[] }> = JSON.parse(
    readFileSync(join(folder, "matrix.json"), "utf8"),
  );
  const products = Object.entries(matrix).map(([name, { forms, values }]) => ({
    name: `matrix-${name}`,
    expressions: forms.flatMap((form) => filled(form, values)),
  }));
  return [...texts, ...products];
}

/** What the reference made of a file of the corpus. */
export function readRecorded(name: string): Recorded[] {
  return JSON.parse(readFileSync(recordedPath(name), "utf8"));
}

export function recordedPath(name: string): string {
  return join(import.meta.dirname, "recorded", `${name}.json`);
}

function expressionsIn(text: string): string[] {
  const expressions: string[] = [];
  let lines: string[] = [];
  for (const line of [...text.split("\n"), ""]) {
    if (line.startsWith("|")) {
      lines.push(line.replace(/^\| ?/, ""));
      continue;
    }
    if (lines.length > 0) expressions.push(`${lines.join("\n")}\n`);
    lines = [];
    if (line !== "" && !line.startsWith("#")) expressions.push(line);
  }
  return expressions;
}

function filled(form: string, values: readonly string[]): string[] {
  const firsts = values.map((value) => form.replaceAll(/\bA\b/g, () => value));
  if (!/\bB\b/.test(form)) return firsts;
  return firsts.flatMap((first) => values.map((value) => first.replaceAll(/\bB\b/g, () => value)));
}
