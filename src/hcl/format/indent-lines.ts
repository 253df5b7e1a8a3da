import { bracketChange } from "./piece.ts";
import type { Line } from "./split-lines.ts";

/**
 * Two blanks for each line that has left brackets open. Several brackets opened on one line are one level, which ends
 * when as many have been closed.
 */
export function indentLines(lines: readonly Line[]): void {
  const levels: number[] = [];
  for (const line of lines) {
    const first = line.lead[0];
    if (!first) continue;
    if (first.kind === "newline") {
      first.blanks = 0;
      continue;
    }
    const change = changeOf(line);
    if (change < 0) closeLevels(levels, -change);
    first.blanks = 2 * Math.min(levels.length, MOST_LEVELS);
    if (change > 0) levels.push(change);
  }
}

/** A text of nothing but opening brackets must not become one of nothing but blanks. */
const MOST_LEVELS = 200;

/** Behind the start of a heredoc, nothing of the cell it stands in counts, unless that is the assigned one. */
function changeOf({ lead, assign }: Line): number {
  let change = 0;
  for (const piece of lead) {
    change += bracketChange(piece);
    if (piece.kind === "open-heredoc") break;
  }
  for (const piece of assign) change += bracketChange(piece);
  return change;
}

function closeLevels(levels: number[], count: number): void {
  let closed = count;
  while (closed > 0) {
    const opened = levels.pop();
    if (opened === undefined) return;
    if (closed < opened) levels.push(opened - closed);
    closed -= opened;
  }
}
