import { bracketChange, type Piece } from "./piece.ts";

/** A line in cells that are aligned with those of the lines around. A heredoc is all on the line on which it begins. */
export interface Line {
  /** All that is in no other cell. */
  readonly lead: readonly Piece[];
  /** From the equals sign on, where what it assigns ends on the line. */
  readonly assign: readonly Piece[];
  /** A comment behind something else. */
  readonly comment: Piece | undefined;
}

export function splitLines(pieces: readonly Piece[]): Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (const [index, piece] of pieces.entries()) {
    if (piece.kind !== "end" && !piece.endsLine) continue;
    const end = piece.kind === "end" ? index : index + 1;
    if (end > start) lines.push(cellsOf(pieces.slice(start, end)));
    start = end;
  }
  return lines;
}

function cellsOf(pieces: readonly Piece[]): Line {
  const last = pieces[pieces.length - 1];
  const comment = pieces.length > 1 && last?.kind === "comment" ? last : undefined;
  const rest = comment ? pieces.slice(0, -1) : pieces;
  const equals = rest.findIndex((piece, index) => index > 0 && piece.kind === "=");
  if (equals < 0) return { lead: rest, assign: [], comment };
  const assign = rest.slice(equals);
  const isWhole = assign.reduce((sum, piece) => sum + bracketChange(piece), 0) === 0;
  return isWhole ? { lead: rest.slice(0, equals), assign, comment } : { lead: rest, assign: [], comment };
}
