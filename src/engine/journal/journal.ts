import type { Happening, RunEvent } from "../../sdk/events.ts";

/** Version of the journal's own format. Raised when a reader of the old would misread the new. */
export const JOURNAL_SCHEMA = 1;

/**
 * The record of one run, on disk, held by a lock of the operating system for as long as the run lives.
 * Secrets are masked before an event comes here.
 */
export interface Journal {
  readonly runId: string;
  /** Absolute: `<state folder>/runs/<run id>`. */
  readonly folder: string;
  /** Buffered: on disk within a moment, lost if the machine stops before. Never throws; see `dropped`. */
  append(event: Entry): void;
  /** Durable when it resolves. Several waiting at once share one fsync. Throws a Failure when it cannot be written. */
  commit(event: Entry): Promise<void>;
  /** How many buffered events could not be written (a full disk). */
  readonly dropped: number;
  /** Writes what is buffered, makes it durable, ends the lock. Idempotent. Throws a Failure when it cannot be written. */
  close(): Promise<void>;
}

/** An event; `time` is added where it is missing. */
export type Entry = Happening & { readonly build?: string; readonly time?: number };

/** The first record of every journal. */
export interface JournalHeader {
  readonly schema: number;
  readonly runId: string;
  /** Version of Ingot. */
  readonly ingot: string;
  /** Names the machine, so that a state folder shared by several can be told apart. */
  readonly hostId: string;
  readonly hostName: string;
  readonly bootId: string;
  readonly pid: number;
  /** Milliseconds since 1970. */
  readonly started: number;
}

/** A journal as it was read. */
export interface ReadJournal {
  /** undefined: the run died before it wrote it, or it is of a schema that this Ingot does not know. */
  readonly header: JournalHeader | undefined;
  readonly events: readonly RunEvent[];
  /** The last record was cut off, as after a crash. It was not durable, so nothing was done in its name. */
  readonly torn: boolean;
  /** Records before the last that could not be read: something else wrote to the file, or the disk is failing. */
  readonly damaged: number;
}
