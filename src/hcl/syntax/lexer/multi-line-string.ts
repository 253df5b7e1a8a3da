/**
 * Guesses, for a string in quotes that meets the end of its line, whether it was meant to go on over the next lines
 * (then one of them has its closing quote) or has merely lost its closing quote. Looks at a bounded piece of text.
 */
export function isMultiLineString(text: string, lineFeed: number): boolean {
  const lines = text.slice(lineFeed + 1, lineFeed + MOST_TEXT).split("\n", MOST_LINES);
  for (const line of lines) {
    if (DEFINITION.test(line)) return false;
    if (quotesIn(line) % 2 === 1) return true;
  }
  return false;
}

const MOST_TEXT = 4000;
const MOST_LINES = 50;
/** A line that begins an argument or a block, or ends one. */
const DEFINITION = /^\s*(?:[A-Za-z_][\w-]*\s+=\s|[A-Za-z_][\w-]*(?:\s+"[^"]*")*\s*\{\s*$|\}\s*$)/;

function quotesIn(line: string): number {
  let count = 0;
  for (let at = 0; at < line.length; at++) {
    if (line[at] === "\\") at++;
    else if (line[at] === '"') count++;
  }
  return count;
}
