import { readdir, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { tryHoldLock } from "../../sdk/local-host/lock.ts";
import { runIds, summarizeRun } from "./list-runs.ts";
import { lockPath } from "./open-journal.ts";
import { timeOfRunId } from "./run-id.ts";

export interface PruneOptions {
  readonly stateFolder: string;
  readonly now: Date;
  /** The newest this many are kept, if they are young enough. Default 50. */
  readonly keep?: number;
  /** Days after which a run is dropped. Default 30. */
  readonly days?: number;
}

/**
 * Drops the journals of old runs; gives their ids. Never one of a live run, of one that still owns something, of
 * another machine's crashed run, or of one that this Ingot cannot read.
 */
export async function pruneRuns(options: PruneOptions): Promise<string[]> {
  const { stateFolder, now, keep = 50, days = 30 } = options;
  const ids = await runIds(stateFolder);
  const oldest = now.getTime() - days * 24 * 3600 * 1000;
  const old = ids.filter((id, index) => index < ids.length - keep || (timeOfRunId(id) ?? 0) < oldest);
  const dropped: string[] = [];
  for (const id of old) {
    if (await drop(join(stateFolder, "runs", id), id, now)) dropped.push(id);
  }
  return dropped;
}

/** A run that began this short while ago may be about to take its lock. Milliseconds. */
const SETTLING = 60_000;

async function drop(folder: string, id: string, now: Date): Promise<boolean> {
  if (now.getTime() - (timeOfRunId(id) ?? 0) < SETTLING || !(await isDroppable(folder, id))) return false;
  const lock = await tryHoldLock(lockPath(folder));
  if (!lock) return false;
  for (const name of await readdir(folder)) {
    if (name !== "lock") await rm(join(folder, name), { recursive: true, force: true });
  }
  await lock.release({ remove: true });
  return await rmdir(folder).then(
    () => true,
    () => false, // Somebody asked for its lock just now: what is left is empty, and goes the next time.
  );
}

async function isDroppable(folder: string, id: string): Promise<boolean> {
  const { state, owns, unsettled } = await summarizeRun(folder, id);
  return (state === "finished" || state === "crashed") && owns.length === 0 && unsettled.length === 0;
}
