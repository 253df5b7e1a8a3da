import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Outcome } from "../../sdk/events.ts";
import { Failure } from "../../sdk/failure.ts";
import { identity } from "../../sdk/local-host/identity.ts";
import { isLocked } from "../../sdk/local-host/lock.ts";
import { errorCode, failureOf } from "../../sdk/local-host/system-failure.ts";
import type { Owned } from "../../sdk/owned.ts";
import type { JournalHeader, ReadJournal } from "./journal.ts";
import { journalPath, lockPath } from "./open-journal.ts";
import { ownershipIn } from "./ownership-record.ts";
import { readJournal } from "./read-journal.ts";
import { timeOfRunId } from "./run-id.ts";

export interface RunSummary {
  readonly id: string;
  /** Absolute. */
  readonly folder: string;
  /**
   * "live": a process holds its lock. "finished": it came to its end (and may have left things, see `owns`).
   * "crashed": it did not, and the machine it ran on is this one. "foreign": it ran on another machine, where it may be
   * alive yet, or owns things that only that machine can reach. "unreadable": see `fault`.
   */
  readonly state: "live" | "finished" | "crashed" | "foreign" | "unreadable";
  readonly header: JournalHeader | undefined;
  /** Milliseconds since 1970. */
  readonly started: number;
  readonly finished: number | undefined;
  readonly outcome: Outcome | undefined;
  readonly template: string | undefined;
  readonly builds: readonly string[];
  /** What it made and neither removed nor handed over, in the order of its making. */
  readonly owns: readonly Owned[];
  /** What it handed over, but may still carry its mark. */
  readonly unsettled: readonly Owned[];
  /** Records that could not be read, the last one aside. */
  readonly damaged: number;
  /** Why it is unreadable: written by a newer Ingot, damaged at its start, of another user. */
  readonly fault: unknown;
}

/** All runs in the state folder, oldest first. Throws a Failure when that folder cannot be read. */
export async function listRuns(stateFolder: string): Promise<RunSummary[]> {
  const runs: RunSummary[] = [];
  for (const id of await runIds(stateFolder)) runs.push(await summarizeRun(join(stateFolder, "runs", id), id));
  return runs;
}

/** Oldest first. */
export async function runIds(stateFolder: string): Promise<string[]> {
  const runs = join(stateFolder, "runs");
  try {
    return (await readdir(runs)).filter((name) => timeOfRunId(name) !== undefined).sort();
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw failureOf(error, "list the runs in", runs);
  }
}

export async function summarizeRun(folder: string, id: string): Promise<RunSummary> {
  try {
    return await summarize(folder, id);
  } catch (fault) {
    // One run that cannot be looked into (root's, say) must not hide the others.
    const started = timeOfRunId(id) ?? 0;
    return { ...nothingKnown, id, folder, started, state: "unreadable", fault };
  }
}

const nothingKnown = {
  header: undefined,
  finished: undefined,
  outcome: undefined,
  template: undefined,
  builds: [],
  owns: [],
  unsettled: [],
  damaged: 0,
} as const;

async function summarize(folder: string, id: string): Promise<RunSummary> {
  // Asked first: a run that ends between the two has then written its end.
  const live = await isLocked(lockPath(folder));
  const journal = await readJournal(journalPath(folder), { withoutOutput: true });
  const start = journal.events.find((event) => event.type === "run-started");
  const end = journal.events.findLast((event) => event.type === "run-finished");
  const { owns, unsettled } = ownershipIn(journal.events);
  const clean = end !== undefined && owns.length === 0 && unsettled.length === 0;
  const state = live ? "live" : clean ? "finished" : await deadState(journal, end !== undefined, folder);
  return {
    id,
    folder,
    state,
    header: journal.header,
    started: journal.header?.started ?? timeOfRunId(id) ?? 0,
    finished: end?.time,
    outcome: end?.outcome,
    template: start?.template,
    builds: start?.builds ?? [],
    owns,
    unsettled,
    damaged: journal.damaged,
    fault:
      state === "unreadable" ? new Failure("It was written by a newer Ingot, or is damaged at its start") : undefined,
  };
}

async function deadState(journal: ReadJournal, ended: boolean, folder: string): Promise<RunSummary["state"]> {
  if (journal.header) {
    // A start of this machine later (another boot) the process is surely dead, and what it made may well be there yet.
    // On another machine its lock says nothing: not every network file system carries locks.
    if (journal.header.hostId !== (await identity()).hostId) return "foreign";
    return ended ? "finished" : "crashed";
  }
  // A run writes its header before anything else: without one, it owned nothing.
  const size = await stat(journalPath(folder)).then(
    (stats) => stats.size,
    () => 0,
  );
  const nothingWritten = size === 0 || (journal.events.length === 0 && journal.damaged === 0);
  return nothingWritten ? "crashed" : "unreadable";
}
