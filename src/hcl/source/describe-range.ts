import { lineMap, type Position } from "./line-map.ts";
import type { Range } from "./source.ts";

/** A range as people and programs name it. `end` is the place behind the last character. */
export interface RangeDescription {
  readonly file: string;
  readonly start: Position;
  readonly end: Position;
}

export function describeRange(range: Range): RangeDescription {
  const map = lineMap(range.source);
  return { file: range.source.name, start: map.position(range.start), end: map.position(range.end) };
}

/** `file.pkr.hcl:3,5-9`, or `file.pkr.hcl:3,5-4,1` over several lines: a place in the middle of a sentence. */
export function showRange(range: Range): string {
  const { file, start, end } = describeRange(range);
  const to = start.line === end.line ? `${end.column}` : `${end.line},${end.column}`;
  return `${file}:${start.line},${start.column}-${to}`;
}
