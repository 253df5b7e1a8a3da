/** A text that was read: a file, standard input, a flag or an environment variable. `name` is what messages show. */
export interface Source {
  readonly name: string;
  readonly text: string;
}

/** A half-open piece of a source, `start` and `end` in UTF-16 code units. Lines and columns exist only where shown. */
export interface Range {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

export function rangeOf(source: Source, start: number, end: number): Range {
  return { source, start, end };
}

/** The smallest range that holds both; both must be of one source. */
export function spanning(first: Range, last: Range): Range {
  return { source: first.source, start: Math.min(first.start, last.start), end: Math.max(first.end, last.end) };
}
