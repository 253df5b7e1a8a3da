import type { Catalogue } from "../../sdk/component.ts";
import type { FailureText } from "../../sdk/events.ts";
import type { Host } from "../../sdk/host.ts";
import { identity } from "../../sdk/local-host/identity.ts";
import type { Owned, OwnedKind } from "../../sdk/owned.ts";
import { failureText } from "../failure-text.ts";
import { listRuns, type RunSummary } from "../journal/list-runs.ts";
import { type ReopenedJournal, reopenJournal } from "../journal/open-journal.ts";
import { ownershipIn } from "../journal/ownership-record.ts";
import { byHandOf, describeOwned } from "./holding.ts";
import { withinLimits } from "./within-limits.ts";

export interface GarbageOptions {
  readonly host: Host;
  readonly stateFolder: string;
  readonly kinds: Catalogue["ownedKinds"];
  /** Only says what would be done. */
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
  /** Milliseconds for each thing; default 60 000. */
  readonly timeLimit?: number;
  /** Told of each row as it comes. */
  readonly onRow?: (row: GarbageRow) => void;
}

/** What became of one thing that a dead run left. */
export interface GarbageRow {
  readonly runId: string;
  readonly owned: Owned;
  /** For people: "container ingot-4f2a". */
  readonly what: string;
  /**
   * "removed"; "gone": somebody else removed it; "kept": it no longer carries our mark; "settled": it is a finished
   * product, and our mark was taken off it. "would-remove" and "would-settle" in a dry run. What stays: "failed";
   * "unknown-kind": no component of this Ingot knows how to end it; "foreign": only the machine that made it can.
   */
  readonly outcome:
    | "removed"
    | "gone"
    | "kept"
    | "settled"
    | "would-remove"
    | "would-settle"
    | "failed"
    | "unknown-kind"
    | "foreign";
  /** How a person removes it, where it stays. */
  readonly byHand?: string;
  readonly error?: FailureText;
  /** The machine that made it, where that is another. */
  readonly hostName?: string;
}

export interface GarbageReport {
  readonly rows: readonly GarbageRow[];
  /** Runs that could not be looked into, and why. */
  readonly unreadable: readonly { readonly runId: string; readonly error: FailureText }[];
}

/**
 * Removes what dead runs of this machine own, and nothing else: of live runs nothing, of things that lost our mark
 * nothing. What became of each is written into its run's journal. Throws only when the state folder cannot be read,
 * or with the signal's reason.
 */
export async function collectGarbage(options: GarbageOptions): Promise<GarbageReport> {
  const rows: GarbageRow[] = [];
  const unreadable: { runId: string; error: FailureText }[] = [];
  const add = (row: GarbageRow): void => {
    rows.push(row);
    options.onRow?.(row);
  };
  const { hostId } = await identity();
  for (const run of await listRuns(options.stateFolder)) {
    options.signal.throwIfAborted();
    if (run.state === "unreadable") unreadable.push({ runId: run.id, error: failureText(run.fault) });
    if (run.state === "live" || run.owns.length + run.unsettled.length === 0) continue;
    if (run.state === "unreadable")
      await report(run, options, add, { outcome: "failed", error: failureText(run.fault) });
    else if (run.header?.hostId !== hostId) {
      await report(run, options, add, { outcome: "foreign", ...(run.header && { hostName: run.header.hostName }) });
    } else if (options.dryRun) await reportWouldBe(run, options, add);
    else {
      try {
        await collect(run, options, add);
      } catch (error) {
        options.signal.throwIfAborted();
        unreadable.push({ runId: run.id, error: failureText(error) });
      }
    }
  }
  return { rows, unreadable };
}

type Add = (row: GarbageRow) => void;

/** What stays, and why. */
async function report(
  run: RunSummary,
  options: GarbageOptions,
  add: Add,
  why: Pick<GarbageRow, "outcome" | "error" | "hostName">,
): Promise<void> {
  for (const owned of [...run.owns, ...run.unsettled]) {
    add({ runId: run.id, owned, ...(await namesOf(owned, options)), ...why });
  }
}

async function reportWouldBe(run: RunSummary, options: GarbageOptions, add: Add): Promise<void> {
  for (const owned of run.owns.toReversed()) {
    const kind = await kindOf(owned, options);
    const names = await namesOf(owned, options);
    add({ runId: run.id, owned, ...names, outcome: kind ? "would-remove" : "unknown-kind" });
  }
  for (const owned of run.unsettled) {
    const { what } = await namesOf(owned, options);
    add({ runId: run.id, owned, what, outcome: "would-settle" });
  }
}

async function collect(run: RunSummary, options: GarbageOptions, add: Add): Promise<void> {
  const journal = await reopenJournal(run.folder, () => options.host.now());
  if (!journal) return; // Another `gc` is at it.
  try {
    // Read anew, now that nobody else can write to it.
    const { owns, unsettled } = ownershipIn(journal.before.events);
    for (const owned of owns.toReversed()) add({ runId: run.id, owned, ...(await end(owned, journal, options)) });
    for (const owned of unsettled) add({ runId: run.id, owned, ...(await settle(owned, journal, options)) });
  } finally {
    await journal.close();
  }
}

type Ended = Omit<GarbageRow, "runId" | "owned">;

async function end(owned: Owned, journal: ReopenedJournal, options: GarbageOptions): Promise<Ended> {
  options.signal.throwIfAborted();
  const kind = await kindOf(owned, options);
  const names = await namesOf(owned, options);
  if (!kind) return { ...names, outcome: "unknown-kind" };
  try {
    const how = await withinLimits(`Removing ${names.what}`, options, (signal) =>
      kind.destroy(owned, options.host, signal),
    );
    journal.append({ type: "released", kind: owned.kind, id: owned.id, how });
    return { what: names.what, outcome: how === "destroyed" ? "removed" : how };
  } catch (error) {
    options.signal.throwIfAborted();
    return { ...names, outcome: "failed", error: failureText(error) };
  }
}

async function settle(owned: Owned, journal: ReopenedJournal, options: GarbageOptions): Promise<Ended> {
  options.signal.throwIfAborted();
  const kind = await kindOf(owned, options);
  const { what } = await namesOf(owned, options);
  if (!kind) return { what, outcome: "unknown-kind" };
  try {
    await withinLimits(`Finishing ${what}`, options, async (signal) => {
      await kind.settle?.(owned, options.host, signal);
    });
    journal.append({ type: "released", kind: owned.kind, id: owned.id, how: "released" });
    return { what, outcome: "settled" };
  } catch (error) {
    options.signal.throwIfAborted();
    return { what, outcome: "failed", error: failureText(error) };
  }
}

async function kindOf(owned: Owned, { kinds }: GarbageOptions): Promise<OwnedKind | undefined> {
  return Object.hasOwn(kinds, owned.kind) ? await kinds[owned.kind]?.() : undefined;
}

async function namesOf(owned: Owned, options: GarbageOptions): Promise<{ what: string; byHand?: string }> {
  const kind = await kindOf(owned, options);
  if (!kind) return { what: `${owned.kind} ${owned.id}` };
  const byHand = byHandOf(kind, owned);
  return { what: describeOwned(kind, owned), ...(byHand !== "" && { byHand }) };
}
