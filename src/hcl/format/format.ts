import { Diagnostics } from "../source/diagnostic.ts";
import { lex } from "../syntax/lexer/lex.ts";
import { alignCells } from "./align-cells.ts";
import { indentLines } from "./indent-lines.ts";
import { type Piece, piecesOf } from "./piece.ts";
import { spaceWithin } from "./space-within.ts";
import { splitLines } from "./split-lines.ts";

/**
 * The text in the canonical layout, byte for byte as `packer fmt` writes it: only blanks between tokens change, never a
 * token nor a line break. Works on tokens, so that a faulty text keeps all it says.
 */
export function format(text: string): string {
  const source = { name: "", text };
  const pieces = piecesOf(text, lex(source, "code", new Diagnostics()));
  const lines = splitLines(pieces);
  indentLines(lines);
  for (const line of lines) spaceWithin(line);
  alignCells(lines);
  return pieces.map(({ blanks, text: own }: Piece) => " ".repeat(blanks) + own).join("");
}
