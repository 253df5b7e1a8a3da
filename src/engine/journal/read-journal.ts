import { createReadStream } from "node:fs";
import type { RunEvent } from "../../sdk/events.ts";
import { errorCode, failureOf } from "../../sdk/local-host/system-failure.ts";
import { JOURNAL_SCHEMA, type JournalHeader, type ReadJournal } from "./journal.ts";
import { decodeRecord, isOutputRecord } from "./record.ts";

export interface ReadOptions {
  /** Without lines of output and progress, of which a journal mostly consists. */
  readonly withoutOutput?: boolean;
}

/** Reads a journal, that of a live run too: as far as it is written. No file reads as an empty journal. Throws a Failure. */
export async function readJournal(path: string, options: ReadOptions = {}): Promise<ReadJournal> {
  const { end: _, ...journal } = await readJournalFrom(path, options);
  return journal;
}

/** As `readJournal`; `end` is where the next record goes, in bytes. */
export async function readJournalFrom(path: string, options: ReadOptions): Promise<ReadJournal & { end: number }> {
  let header: JournalHeader | undefined;
  let end = 0;
  let damaged = 0;
  let torn = false;
  const events: RunEvent[] = [];
  for await (const line of linesOf(path)) {
    if (!line.whole) {
      torn = line.text !== "";
      break;
    }
    end = line.end;
    if (options.withoutOutput && isOutputRecord(line.text)) continue;
    const record = decodeRecord(line.text);
    if (record === undefined) damaged++;
    else if ("event" in record) events.push(record.event);
    else if (record.journal.schema === JOURNAL_SCHEMA) header ??= record.journal;
    else damaged++; // Of a newer Ingot: what it says cannot be relied on here.
  }
  return { header, events, torn, damaged, end };
}

interface Line {
  readonly text: string;
  /** Ended by a newline. Only the last may be not whole. */
  readonly whole: boolean;
  /** Where it ends in the file, in bytes, newline included. */
  readonly end: number;
}

/** Zeros around a line are room that was allocated and not used: see `RecordFile`. */
async function* linesOf(path: string): AsyncGenerator<Line> {
  let parts: Buffer[] = [];
  let position = 0;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) {
      let start = 0;
      for (let newline = chunk.indexOf(10); newline !== -1; newline = chunk.indexOf(10, start)) {
        parts.push(chunk.subarray(start, newline));
        start = newline + 1;
        yield { text: textOf(parts), whole: true, end: position + start };
        parts = [];
      }
      parts.push(chunk.subarray(start));
      position += chunk.length;
    }
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw failureOf(error, "read the journal", path);
  }
  yield { text: textOf(parts), whole: false, end: position };
}

function textOf(parts: readonly Buffer[]): string {
  return Buffer.concat(parts)
    .toString("utf8")
    .replace(/^\0+|\0+$/g, "");
}
