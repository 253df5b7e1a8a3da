import { AsyncLocalStorage } from "node:async_hooks";
import type { Scope } from "../ownership/ledger.ts";

/** Whose code runs: so that an error that nobody caught finds the build that it belongs to. */
export interface AtWork {
  readonly build: string;
  /** "step Start container". */
  readonly what: string;
  /** What it owns: a step within a step owns within it. */
  readonly scope: Scope;
  /** Ends the build with this fault. */
  fail(fault: unknown): void;
}

const storage = new AsyncLocalStorage<AtWork>();

/** Runs a component's code so that `atWork` names it, in everything that it starts. */
export function asComponent<T>(atWork: AtWork, work: () => Promise<T>): Promise<T> {
  return storage.run(atWork, async () => work());
}

/** Whose code runs here. Node keeps it also where an unhandled rejection is reported. */
export function atWork(): AtWork | undefined {
  return storage.getStore();
}
