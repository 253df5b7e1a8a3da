import { mkdir, open, rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { RunEvent } from "../../sdk/events.ts";
import { Failure } from "../../sdk/failure.ts";
import { identity } from "../../sdk/local-host/identity.ts";
import { type HeldLock, holdLock, tryHoldLock } from "../../sdk/local-host/lock.ts";
import { makeFolders } from "../../sdk/local-host/make-folders.ts";
import { errorCode, failureOf } from "../../sdk/local-host/system-failure.ts";
import { type Entry, JOURNAL_SCHEMA, type Journal, type ReadJournal } from "./journal.ts";
import { readJournalFrom } from "./read-journal.ts";
import { encodeRecord } from "./record.ts";
import { RecordFile } from "./record-file.ts";
import { newRunId } from "./run-id.ts";

export interface OpenJournalOptions {
  readonly stateFolder: string;
  /** Version of Ingot. */
  readonly ingot: string;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

/** Starts the journal of a new run, under a new id. Throws a Failure when it cannot be written. */
export async function openJournal(options: OpenJournalOptions): Promise<Journal> {
  const { folder, runId } = await makeRunFolder(join(options.stateFolder, "runs"), options.now);
  // Somebody may be asking just now whether it is held, which takes well under a second.
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(10_000)]);
  const lock = await holdLock(lockPath(folder), { signal }).catch((error) => abandon(folder, error));
  try {
    const file = await RecordFile.open(journalPath(folder), 0);
    const { hostId, hostName, bootId, pid } = await identity();
    const started = options.now().getTime();
    const header = { schema: JOURNAL_SCHEMA, runId, ingot: options.ingot, hostId, hostName, bootId, pid, started };
    await file.commit(encodeRecord({ journal: header }));
    await syncFolder(folder);
    return journalOn(file, lock, folder, runId, options.now);
  } catch (error) {
    await rm(journalPath(folder), { force: true }).catch(() => {});
    await lock.release({ remove: true });
    return abandon(folder, error);
  }
}

/** What never began leaves no trace, if the disk lets it: it would be a run that crashed. */
async function abandon(folder: string, error: unknown): Promise<never> {
  await rmdir(folder).catch(() => {});
  throw error;
}

/** The journal of a dead run, held so that its end can be written. */
export interface ReopenedJournal extends Journal {
  readonly before: ReadJournal;
}

/** Goes on with the journal of a run that is dead; undefined: it is alive, or another `gc` is at it. */
export async function reopenJournal(folder: string, now: () => Date): Promise<ReopenedJournal | undefined> {
  const lock = await tryHoldLock(lockPath(folder));
  if (!lock) return undefined;
  try {
    const { end, ...before } = await readJournalFrom(journalPath(folder), {});
    const file = await RecordFile.open(journalPath(folder), end);
    const journal = journalOn(file, lock, folder, before.header?.runId ?? "", now);
    return Object.defineProperties(Object.create(null), {
      ...Object.getOwnPropertyDescriptors(journal),
      before: { value: before, enumerable: true },
    });
  } catch (error) {
    await lock.release({ remove: true });
    throw error;
  }
}

export function lockPath(folder: string): string {
  return join(folder, "lock");
}

export function journalPath(folder: string): string {
  return join(folder, "journal.jsonl");
}

async function makeRunFolder(runs: string, now: () => Date): Promise<{ folder: string; runId: string }> {
  try {
    await makeFolders(runs, 0o700);
    for (;;) {
      const runId = newRunId(now());
      const folder = join(runs, runId);
      const made = await mkdir(folder, { mode: 0o700 }).then(
        () => true,
        (error) => {
          if (errorCode(error) === "EEXIST") return false;
          throw error;
        },
      );
      if (made) return { folder, runId };
    }
  } catch (error) {
    const failure = failureOf(error, "make the folder of the run in", runs);
    if (!(failure instanceof Failure)) throw failure;
    const hint = `${failure.hint ?? "Ingot writes down there what it makes, before it makes it."} INGOT_STATE_DIR can name another folder.`;
    throw new Failure(failure.message, { cause: failure, hint });
  }
}

function journalOn(file: RecordFile, lock: HeldLock, folder: string, runId: string, now: () => Date): Journal {
  const encode = (entry: Entry): Buffer => {
    const { type, time = now().getTime(), ...rest } = entry;
    return encodeRecord({ event: { type, time, ...rest } as RunEvent }); // The same members in another order.
  };
  return {
    runId,
    folder,
    append: (entry) => file.append(encode(entry), entry.type === "line" || entry.type === "progress"),
    commit: (entry) => file.commit(encode(entry)),
    get dropped() {
      return file.dropped;
    },
    close: async () => {
      try {
        await file.close();
      } finally {
        await lock.release({ remove: true });
      }
    },
  };
}

/** Makes the names of new files durable, where folders can be synced (not on Windows, which needs it not). */
async function syncFolder(folder: string): Promise<void> {
  for (const path of [folder, dirname(folder)]) {
    const handle = await open(path, "r").catch(() => undefined);
    await handle?.sync().catch(() => {});
    await handle?.close();
  }
}
