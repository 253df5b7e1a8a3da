import { graphemesOf } from "./graphemes.ts";
import type { Source } from "./source.ts";

/** `line` and `column` count from 1, a column is one character as people see it; `byte` counts UTF-8 bytes from 0. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly byte: number;
}

/** Where the lines of a source are. Made when a place is first shown. */
export interface LineMap {
  readonly lineCount: number;
  position(offset: number): Position;
  /** Where a line starts; `line` counts from 1. */
  lineStart(line: number): number;
  /** Without its line break; undefined where there is no such line. */
  lineText(line: number): string | undefined;
}

const maps = new WeakMap<Source, LineMap>();

export function lineMap(source: Source): LineMap {
  let map = maps.get(source);
  if (!map) {
    map = makeLineMap(source.text);
    maps.set(source, map);
  }
  return map;
}

function makeLineMap(text: string): LineMap {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);

  const lineAt = (offset: number): number => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  };
  const lineStart = (line: number) => starts[line - 1] ?? text.length;

  return {
    lineCount: starts.length,
    lineStart,
    lineText(line) {
      if (line < 1 || line > starts.length) return undefined;
      const end = line === starts.length ? text.length : lineStart(line + 1) - 1;
      const lineText = text.slice(lineStart(line), end);
      return lineText.endsWith("\r") ? lineText.slice(0, -1) : lineText;
    },
    position(offset) {
      const place = Math.min(Math.max(offset, 0), text.length);
      const line = lineAt(place);
      const before = text.slice(lineStart(line), place);
      return { line, column: characterCount(before) + 1, byte: byteLength(text.slice(0, place)) };
    },
  };
}

function characterCount(text: string): number {
  if (/^[\x20-\x7e\t]*$/.test(text)) return text.length;
  return [...graphemesOf(text)].length;
}

const encoder = new TextEncoder();

function byteLength(text: string): number {
  return encoder.encode(text).length;
}
