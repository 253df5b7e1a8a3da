import { readFile, rm, writeFile } from "node:fs/promises";
import { identity } from "./identity.ts";
import { type HeldLock, holdLock } from "./lock.ts";

export interface WithLockOptions {
  readonly signal: AbortSignal;
  readonly onWait: (text: string) => void;
}

/** Runs `work` while holding the lock. Those who wait in this process get their turn in order. */
export async function withLock<T>(path: string, options: WithLockOptions, work: () => Promise<T>): Promise<T> {
  const turn = await takeTurn(path, options.signal);
  try {
    const holderPath = `${path}-holder`;
    const lock = await holdLock(path, {
      signal: options.signal,
      onWait: {
        after: 2000,
        call: () =>
          void holderOf(holderPath).then((holder) => options.onWait(`Waiting for ${path}, held by ${holder}`)),
      },
    });
    return await whileHeld(lock, holderPath, work);
  } finally {
    turn();
  }
}

async function whileHeld<T>(lock: HeldLock, holderPath: string, work: () => Promise<T>): Promise<T> {
  const { pid, hostName } = await identity();
  // Only for the message of those who wait. It says nothing about who holds the lock: the kernel does.
  await writeFile(holderPath, `process ${pid} on ${hostName}\n`).catch(() => {});
  try {
    return await work();
  } finally {
    await rm(holderPath, { force: true }).catch(() => {});
    await lock.release({ remove: true });
  }
}

async function holderOf(path: string): Promise<string> {
  return (await readFile(path, "utf8").catch(() => "")).trim() || "another process";
}

/** By lock path: the end of the last who stands in line. */
const lines = new Map<string, Promise<void>>();

async function takeTurn(path: string, signal: AbortSignal): Promise<() => void> {
  const ahead = lines.get(path);
  const { promise, resolve } = Promise.withResolvers<void>();
  const mine = (ahead ?? Promise.resolve()).then(() => promise);
  lines.set(path, mine);
  const leave = (): void => {
    resolve();
    if (lines.get(path) === mine) lines.delete(path);
  };
  try {
    await abortable(ahead, signal);
    return leave;
  } catch (error) {
    leave();
    throw error;
  }
}

async function abortable(promise: Promise<void> | undefined, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (promise === undefined) return;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
