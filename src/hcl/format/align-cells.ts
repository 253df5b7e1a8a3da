import { graphemesOf } from "../source/graphemes.ts";
import type { Piece } from "./piece.ts";
import type { Line } from "./split-lines.ts";

/** Puts the equals signs of neighbouring lines under each other, and then their comments. */
export function alignCells(lines: readonly Line[]): void {
  alignColumn(
    lines,
    (line) => line.assign[0],
    (line) => columnsOf(line.lead),
  );
  alignColumn(
    lines,
    (line) => line.comment,
    (line) => columnsOf(line.lead) + columnsOf(line.assign),
  );
}

/** A run of lines that have the cell is aligned one blank behind the longest of what stands before it. */
function alignColumn(
  lines: readonly Line[],
  cellOf: (line: Line) => Piece | undefined,
  widthOf: (line: Line) => number,
): void {
  let run: { cell: Piece; width: number }[] = [];
  const closeRun = () => {
    const widest = Math.max(0, ...run.map(({ width }) => width));
    for (const { cell, width } of run) cell.blanks = widest - width + 1;
    run = [];
  };
  for (const line of lines) {
    const cell = cellOf(line);
    if (cell) run.push({ cell, width: widthOf(line) });
    else closeRun();
  }
  closeRun();
}

function columnsOf(pieces: readonly Piece[]): number {
  let columns = 0;
  for (const { blanks, text } of pieces) columns += blanks + characterCount(text);
  return columns;
}

function characterCount(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  return [...graphemesOf(text)].length;
}
