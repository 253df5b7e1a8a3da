const CONTEXT = 3;

/**
 * A unified diff between a text and its layout, labelled as Packer labels it. A layout moves no line, so lines are
 * compared one by one. Without a line break at its end. Throws where the two have not as many lines.
 */
export function layoutDiff(name: string, before: string, after: string, color: boolean): string {
  const old = linesOf(before);
  const now = linesOf(after);
  if (old.length !== now.length) throw new Error("a layout with other lines than its text");
  const paint = (code: number, text: string) => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
  const head = [paint(1, `--- old/${name}`), paint(1, `+++ new/${name}`)];
  const hunks = hunksOf(old, now).map(({ start, end }) => {
    const range = `${start + 1}${end - start === 1 ? "" : `,${end - start}`}`;
    return [paint(36, `@@ -${range} +${range} @@`), ...body(old, now, start, end, paint)].join("\n");
  });
  return hunks.length === 0 ? "" : [...head, ...hunks].join("\n");
}

interface Hunk {
  readonly start: number;
  end: number;
}

/** Changed lines with those around them; what touches is one. */
function hunksOf(old: readonly string[], now: readonly string[]): Hunk[] {
  const hunks: Hunk[] = [];
  for (const [index, line] of old.entries()) {
    if (line === now[index]) continue;
    const end = Math.min(old.length, index + CONTEXT + 1);
    const last = hunks.at(-1);
    if (last && index - CONTEXT <= last.end) last.end = end;
    else hunks.push({ start: Math.max(0, index - CONTEXT), end });
  }
  return hunks;
}

function body(
  old: readonly string[],
  now: readonly string[],
  start: number,
  end: number,
  paint: (code: number, text: string) => string,
): string[] {
  const lines: string[] = [];
  const removed: string[] = [];
  const added: string[] = [];
  const flush = () => lines.push(...removed.splice(0), ...added.splice(0));
  for (let index = start; index < end; index++) {
    const [before = "", after = ""] = [old[index], now[index]];
    if (before === after) {
      flush();
      lines.push(...marked(" ", before));
    } else {
      removed.push(...marked("-", before).map((line) => paint(31, line)));
      added.push(...marked("+", after).map((line) => paint(32, line)));
    }
  }
  flush();
  return lines;
}

/** Only the last line can be without its end, and `diff` says so. */
function marked(mark: string, line: string): string[] {
  return line.endsWith("\n") ? [mark + line.slice(0, -1)] : [mark + line, "\\ No newline at end of file"];
}

/** With their ends. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
