/**
 * A glob over build names as `-only` and `-except` take it: `*` and `**` any text (dots too), `?` one letter, `[a-z]`,
 * `[!a-z]`, `{a,b}`, `\` before a letter that means itself.
 */
export interface Glob {
  readonly pattern: string;
  matches(name: string): boolean;
}

/** Says what is wrong with the pattern, where it is no glob. */
export function parseGlob(pattern: string): Glob | { readonly fault: string } {
  const reader: Reader = { letters: [...pattern], at: 0 };
  const expression = readSequence(reader, false);
  if (typeof expression !== "string") return expression;
  const compiled = new RegExp(`^${expression}$`, "su");
  return { pattern, matches: (name) => compiled.test(name) };
}

interface Reader {
  readonly letters: readonly string[];
  at: number;
}

type Expression = string | { readonly fault: string };

function readSequence(reader: Reader, inBraces: boolean): Expression {
  let expression = "";
  while (reader.at < reader.letters.length) {
    const letter = reader.letters[reader.at] ?? "";
    if (inBraces && (letter === "," || letter === "}")) return expression;
    reader.at++;
    const piece = readPiece(reader, letter);
    if (typeof piece !== "string") return piece;
    // Adjacent stars are one: a long run of them must not make matching slow.
    expression += piece === ANY_TEXT && expression.endsWith(ANY_TEXT) ? "" : piece;
  }
  return inBraces ? { fault: "a { is never closed" } : expression;
}

const ANY_TEXT = ".*";

function readPiece(reader: Reader, letter: string): Expression {
  if (letter === "*") return ANY_TEXT;
  if (letter === "?") return ".";
  if (letter === "[") return readClass(reader);
  if (letter === "{") return readAlternatives(reader);
  if (letter !== "\\") return literal(letter);
  const escaped = reader.letters[reader.at++];
  return escaped === undefined ? { fault: "it ends with a lone \\" } : literal(escaped);
}

function readClass(reader: Reader): Expression {
  const end = reader.letters.indexOf("]", reader.at);
  if (end < 0) return { fault: "a [ is never closed" };
  const negated = reader.letters[reader.at] === "!";
  const members = reader.letters.slice(reader.at + (negated ? 1 : 0), end);
  reader.at = end + 1;
  if (members.length === 0) return { fault: "a [] holds nothing" };
  const isRange = members.length === 3 && members[1] === "-";
  if (isRange && (members[0] ?? "") > (members[2] ?? ""))
    return { fault: `the range [${members.join("")}] runs backwards` };
  const body = isRange ? `${literal(members[0] ?? "")}-${literal(members[2] ?? "")}` : members.map(literal).join("");
  return `[${negated ? "^" : ""}${body}]`;
}

function readAlternatives(reader: Reader): Expression {
  const alternatives: string[] = [];
  for (;;) {
    const alternative = readSequence(reader, true);
    if (typeof alternative !== "string") return alternative;
    alternatives.push(alternative);
    if (reader.letters[reader.at++] === "}") return `(?:${alternatives.join("|")})`;
  }
}

function literal(letter: string): string {
  // A dash may be escaped only inside of a class.
  if (letter === "-") return "\\x2d";
  return /^[\^$\\.*+?()[\]{}|/]$/.test(letter) ? `\\${letter}` : letter;
}
