import { lstat, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { setTimeout as wait } from "node:timers/promises";
import { Failure } from "../failure.ts";
import { makeFolders } from "./make-folders.ts";
import { failureOf } from "./system-failure.ts";

/** A lock of the operating system: the kernel frees it when this process ends, however it ends. */
export interface HeldLock {
  readonly path: string;
  /** Ends the lock. `remove`: the lock file goes too. Idempotent, does not throw. */
  release(options?: { readonly remove?: boolean }): Promise<void>;
}

export interface LockWaiting {
  readonly signal: AbortSignal;
  /** Called once, when the lock was not to be had for this many milliseconds. */
  readonly onWait?: { readonly after: number; readonly call: () => void };
}

/**
 * Waits for the lock and holds it. `path` names the lock file; it is made where missing, with its folder.
 * Rejects with the signal's reason, or with a Failure where the file system has no locks.
 */
export async function holdLock(path: string, waiting: LockWaiting): Promise<HeldLock> {
  const started = Date.now();
  let told = false;
  for (let pause = 5; ; pause = Math.min(pause * 2, 200)) {
    waiting.signal.throwIfAborted();
    const lock = await tryHoldLock(path);
    if (lock) return lock;
    if (!told && waiting.onWait && Date.now() - started >= waiting.onWait.after) {
      told = true;
      waiting.onWait.call();
    }
    await wait(pause, undefined, { signal: waiting.signal }).catch(() => waiting.signal.throwIfAborted());
  }
}

/** Holds the lock, or undefined where another process (or something else in this one) holds it. */
export async function tryHoldLock(path: string): Promise<HeldLock | undefined> {
  for (;;) {
    await makeFolders(dirname(path)).catch((error) => {
      throw failureOf(error, "make the folder", dirname(path));
    });
    const before = await identityOf(path);
    const database = open(path);
    if (before === undefined) {
      database.close();
      continue;
    }
    if (!lockWhole(database, path)) {
      database.close();
      return undefined;
    }
    // Another holder may have removed the file between the opening and the locking: then this lock guards nothing.
    const after = await identityOf(path);
    if (after === before) return held(path, database);
    database.close();
  }
}

/** Whether some process holds the lock now. Asking never gets in the way of a holder, nor of others who ask. */
export async function isLocked(path: string): Promise<boolean> {
  if ((await identityOf(path)) === undefined) return false;
  const database = open(path, { readOnly: true });
  try {
    return !attempt(path, () => {
      database.exec("BEGIN");
      database.prepare("SELECT 1 FROM sqlite_master").all();
    });
  } finally {
    database.close();
  }
}

// Node can lock no file, but SQLite can, on every system, and Node brings it: an exclusive transaction on an empty
// database that is never written to is a plain fcntl lock (LockFileEx on Windows).
function open(path: string, options: { readonly readOnly?: boolean } = {}): DatabaseSync {
  const { DatabaseSync } = sqlite();
  try {
    return new DatabaseSync(path, { timeout: 0, ...options });
  } catch (error) {
    throw lockFailure(path, error);
  }
}

function lockWhole(database: DatabaseSync, path: string): boolean {
  return attempt(path, () => database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE"));
}

const SQLITE_BUSY = 5;

function attempt(path: string, deed: () => void): boolean {
  try {
    deed();
    return true;
  } catch (error) {
    // The low byte is the code; the rest says more about it.
    if (error instanceof Error && "errcode" in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY) return false;
    throw lockFailure(path, error);
  }
}

function lockFailure(path: string, cause: unknown): Failure {
  const answer = cause instanceof Error ? cause.message : String(cause);
  return new Failure(`Locking ${path} failed: ${answer}`, {
    cause,
    hint: "The folder must be writable, and on a file system that has locks (a local disk has).",
  });
}

function held(path: string, database: DatabaseSync): HeldLock {
  let released = false;
  return {
    path,
    async release(options = {}) {
      if (released) return;
      released = true;
      // POSIX: removed while it is still held, so that nobody can be holding what is removed. Windows removes no open
      // file, and there a removal after closing fails exactly when another has it open by then.
      if (options.remove && process.platform !== "win32") await rm(path, { force: true }).catch(() => {});
      database.close();
      if (options.remove && process.platform === "win32") await rm(path, { force: true }).catch(() => {});
    },
  };
}

/** Which file stands at the path: its number and the time of its birth, since numbers are given again. */
async function identityOf(path: string): Promise<string | undefined> {
  try {
    const { dev, ino, birthtimeNs } = await lstat(path, { bigint: true });
    return `${dev}:${ino}:${birthtimeNs}`;
  } catch {
    return undefined;
  }
}

/** Loaded on first use. Older Node 24 warns that it is experimental: nothing that a user of Ingot could act on. */
function sqlite(): typeof import("node:sqlite") {
  const warn = process.emitWarning;
  process.emitWarning = () => {};
  try {
    return process.getBuiltinModule("node:sqlite");
  } finally {
    process.emitWarning = warn;
  }
}
