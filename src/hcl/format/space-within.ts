import type { TokenKind } from "../syntax/token.ts";
import { bracketChange, type Piece } from "./piece.ts";
import type { Line } from "./split-lines.ts";

/** One blank or none between the tokens of a line. What stands before its cells is set when they are aligned. */
export function spaceWithin({ lead, assign }: Line): void {
  spaceCell(lead);
  spaceCell(assign);
}

function spaceCell(cell: readonly Piece[]): void {
  for (const [index, piece] of cell.entries()) {
    const after = cell[index + 1];
    if (after) after.blanks = isSpaced(piece, cell[index - 1]?.kind, after) ? 1 : 0;
  }
}

/** Whether there is a blank between two tokens. The first rule that fits decides; they are those of Packer's own. */
function isSpaced(piece: Piece, before: TokenKind | undefined, after: Piece): boolean {
  const { kind } = piece;
  const next = after.kind;
  if (next === "newline") return false;
  if (kind === "identifier" && (next === "(" || next === "::")) return false;
  if (kind === "::" && next === "identifier") return false;
  if (kind === "." || next === ".") return false;
  if (next === "," || next === "...") return false;
  if (kind === ",") return true;
  if (WITHOUT_SPACE_BEHIND.has(kind) || WITHOUT_SPACE_BEFORE.has(next)) return false;
  // In `for x in [y]` the brackets are no index.
  if (kind === "identifier" && piece.text === "in" && before === "identifier") return true;
  if (next === "[" && (kind === "identifier" || kind === "number" || bracketChange(piece) < 0)) return false;
  if (kind === "!") return false;
  if (kind === "-") return before !== undefined && !BEFORE_A_SIGN.has(before);
  if (kind === "{" || next === "}") return !(kind === "{" && next === "}");
  if ((kind === "open-interpolation" || kind === "open-directive") && next === "{") return true;
  if (kind === "}" && next === "close-template") return true;
  if (kind === "close-template" && (next === "open-interpolation" || next === "open-directive")) return false;
  return bracketChange(piece) <= 0 && bracketChange(after) >= 0;
}

const WITHOUT_SPACE_BEHIND: ReadonlySet<TokenKind> = new Set([
  "quoted-text",
  "text",
  "open-quote",
  "open-heredoc",
] as const);
const WITHOUT_SPACE_BEFORE: ReadonlySet<TokenKind> = new Set([
  "quoted-text",
  "text",
  "close-quote",
  "close-heredoc",
] as const);

/** Behind these a minus is a sign, and stands at its operand. */
const BEFORE_A_SIGN: ReadonlySet<TokenKind> = new Set([
  ...(["(", "{", "[", "=", ":", ",", "?"] as const),
  ...(["+", "*", "/", "%", "-"] as const),
  ...(["==", "!=", ">", ">=", "<", "<="] as const),
  ...(["&&", "||", "!"] as const),
]);
