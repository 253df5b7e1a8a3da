import type { Outcome } from "./run-case.ts";

/** What differs: "verdict", "output", "titles" or "files", and both sides of it. */
export interface Difference {
  readonly command: string;
  readonly what: "verdict" | "output" | "titles" | "files";
  readonly packer: string;
  readonly ours: string;
}

/** Where we part from what Packer did with the same commands. */
export function differences(ours: readonly Outcome[], packer: readonly Outcome[]): Difference[] {
  return packer.flatMap((theirs, index) => {
    const mine = ours[index];
    if (!mine || mine.command !== theirs.command) throw new Error(`no outcome of our own for ${theirs.command}`);
    return compared(mine, theirs);
  });
}

function compared(ours: Outcome, packer: Outcome): Difference[] {
  const found: Difference[] = [];
  const add = (what: Difference["what"], theirs: unknown, mine: unknown) => {
    if (JSON.stringify(theirs) === JSON.stringify(mine)) return;
    found.push({ command: ours.command, what, packer: shown(theirs), ours: shown(mine) });
  };
  add("verdict", verdictOf(packer), verdictOf(ours));
  if (found.length > 0) return found;
  if (verdictOf(ours) !== "failed") add("output", packer.output ?? "", ours.output ?? "");
  else if (!shareTitle(packer, ours)) add("titles", errors(packer), errors(ours));
  add("files", packer.files ?? {}, ours.files ?? {});
  return found;
}

/** Packer's console shows a fault as the value, and goes on as if it were one. */
function verdictOf({ code, output }: Outcome): string {
  if (code === 0) return output?.startsWith("Error: ") ? "failed" : "fine";
  return code === 3 ? "not formatted" : code === 127 ? "unknown command" : "failed";
}

/** Each stops at another point, and tells what follows from the first fault in its own way; one title must be the same. */
function shareTitle(packer: Outcome, ours: Outcome): boolean {
  const theirs = errors(packer);
  // Where a component refused its options, the title only counts the reasons.
  if (theirs.length === 0 || theirs.some((title) => /^Error: \d+ error\(s\) occurred:$/.test(title))) return true;
  return errors(ours).some((title) => theirs.includes(title) || aboutCalls(title, theirs));
}

/** A bad argument is told at its place, and not at the call. */
function aboutCalls(title: string, theirs: readonly string[]): boolean {
  const both = ["Error: Error in function call", "Error: Invalid function argument"];
  return both.includes(title) && both.some((each) => theirs.includes(each));
}

function errors({ titles = [] }: Outcome): string[] {
  return titles.filter((title) => title.startsWith("Error: "));
}

function shown(side: unknown): string {
  return typeof side === "string" ? side : (JSON.stringify(side) ?? "");
}
