import { crc32 } from "node:zlib";
import type { RunEvent } from "../../sdk/events.ts";
import type { JournalHeader } from "./journal.ts";

export type JournalRecord = { readonly journal: JournalHeader } | { readonly event: RunEvent };

/** One line of a journal, JSON that carries the CRC-32 of what follows it: `{"sum":"1a2b3c4d","event":{…}}`. */
export function encodeRecord(record: JournalRecord): Buffer {
  const rest = JSON.stringify(record).slice(1);
  return Buffer.from(`{"sum":"${checksum(rest)}",${rest}\n`);
}

/** undefined: the line is not whole. */
export function decodeRecord(line: string): JournalRecord | undefined {
  const rest = line.slice(HEAD);
  if (!line.startsWith('{"sum":"') || line.slice(8, 16) !== checksum(rest)) return undefined;
  return JSON.parse(`{${rest}`);
}

/** Whether it is output or progress, of which journals mostly consist. Says nothing of whether the line is whole. */
export function isOutputRecord(line: string): boolean {
  return line.startsWith('"event":{"type":"line"', HEAD) || line.startsWith('"event":{"type":"progress"', HEAD);
}

const HEAD = '{"sum":"00000000",'.length;

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, "0");
}
