/** Breaks lines at blanks so that they are at most `width` characters long; a longer word stays whole. */
export function wrapText(text: string, width: number): string {
  return text
    .split("\n")
    .map((line) => wrapLine(line, width))
    .join("\n");
}

function wrapLine(line: string, width: number): string {
  if (line.length <= width) return line;
  const lines: string[] = [];
  let current = "";
  for (const word of line.split(" ")) {
    if (current !== "" && current.length + 1 + word.length > width) {
      lines.push(current);
      current = word;
    } else
      current =
        current === "" && lines.length === 0 && word === "" ? " " : current === "" ? word : `${current} ${word}`;
  }
  lines.push(current);
  return lines.join("\n");
}
