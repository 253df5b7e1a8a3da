import type { Emit, Happening } from "../../sdk/events.ts";
import { Cancelled } from "../../sdk/failure.ts";
import type { Host } from "../../sdk/host.ts";
import type { Owned, OwnedKind, Ownership } from "../../sdk/owned.ts";
import { failureText } from "../failure-text.ts";
import { keyOf } from "../journal/ownership-record.ts";
import { byHandOf, Holding } from "./holding.ts";
import { withinLimits } from "./within-limits.ts";

export interface LedgerOptions {
  readonly host: Host;
  /** By `Owned.kind`; undefined: nobody knows how to end it (a bug of the component that owns it). */
  readonly kind: (name: string) => Promise<OwnedKind | undefined> | OwnedKind | undefined;
  /** Makes the event durable in the journal *and* shows it. Throws a Failure when it cannot be made durable. */
  readonly record: (event: Happening & { readonly build?: string }) => Promise<void>;
  /** Journals and shows without waiting. */
  readonly emit: Emit;
  /** The second Ctrl-C, for what is destroyed or settled while the work goes on. */
  readonly signal?: AbortSignal;
  /** Milliseconds for ending one thing; default 60 000. */
  readonly timeLimit?: number;
}

/**
 * A span of work that owns things: a run, a build in it, a step in that. Undoing a scope undoes all scopes within.
 */
export interface Scope {
  /** Full name of the build, where it has one: events carry it. */
  readonly build: string | undefined;
  /** A scope within this one, of the same build unless named. */
  within(build?: string): Scope;
  /**
   * Durable in the journal when it resolves; make the thing only then. Throws a Failure when that cannot be, and
   * Cancelled once the scope was undone.
   */
  own(owned: Owned): Promise<Ownership>;
  /** What is still owned here and within, newest first. */
  readonly holds: readonly Owned[];
  /**
   * Destroys it all, newest first, and lets nobody own anything here any more. Never throws: what cannot be destroyed
   * is emitted as `undo-failed`, returned, and tried again by the undo of a scope around it.
   */
  undo(options: UndoOptions): Promise<UndoResult>;
}

export interface UndoOptions {
  /** The second Ctrl-C: what is being destroyed gets half a second to stop, the rest is left and listed. Not the build's signal. */
  readonly signal: AbortSignal;
  /** Milliseconds for each thing; default: the ledger's. */
  readonly timeLimit?: number;
}

export interface UndoResult {
  /** What is left: each was emitted as `undo-failed`. Empty: all is gone. */
  readonly left: readonly LeftBehind[];
}

export interface LeftBehind {
  readonly owned: Owned;
  /** For people: "container ingot-4f2a". */
  readonly what: string;
  /** The command that removes it. */
  readonly byHand: string;
  readonly error: unknown;
}

/** The scope of a whole run, in which all others are. */
export function openLedger(options: LedgerOptions): Scope {
  return new LedgerScope({ ...options, holdings: new Map() }, undefined, undefined);
}

interface Ledger extends LedgerOptions {
  /** By kind and id, in the order of their making: all that is held, and what is being recorded. */
  readonly holdings: Map<string, { readonly holding: Holding; readonly scope: LedgerScope; recorded: boolean }>;
}

class LedgerScope implements Scope {
  readonly build: string | undefined;
  private readonly ledger: Ledger;
  private readonly around: LedgerScope | undefined;
  private undone = false;

  constructor(ledger: Ledger, around: LedgerScope | undefined, build: string | undefined) {
    this.ledger = ledger;
    this.around = around;
    this.build = build;
  }

  within(build: string | undefined = this.build): Scope {
    return new LedgerScope(this.ledger, this, build);
  }

  async own(owned: Owned): Promise<Ownership> {
    const kind = await this.ledger.kind(owned.kind);
    if (!kind) throw new Error(`Nobody knows how to end a ${owned.kind}: its component must list the kind in "owns"`);
    this.throwIfUndone();
    const key = keyOf(owned);
    if (this.ledger.holdings.get(key)?.holding.isHeld) throw new Error(`${owned.kind} ${owned.id} is owned already`);
    const holding = new Holding(this.ledger, kind, this.build, owned);
    const entry = { holding, scope: this, recorded: false };
    // Anew, so that it stands last.
    this.ledger.holdings.delete(key);
    this.ledger.holdings.set(key, entry);
    try {
      await this.ledger.record({ type: "owned", owned, ...(this.build !== undefined && { build: this.build }) });
    } catch (error) {
      this.ledger.holdings.delete(key);
      throw error;
    }
    entry.recorded = true;
    if (this.isUndone) await holding.release(); // Undone meanwhile, and nothing was made yet.
    this.throwIfUndone();
    return holding;
  }

  get holds(): readonly Owned[] {
    return this.held().map(({ owned }) => owned);
  }

  async undo({ signal, timeLimit = this.ledger.timeLimit }: UndoOptions): Promise<UndoResult> {
    this.undone = true;
    const left: LeftBehind[] = [];
    for (const holding of this.held()) {
      const what = holding.describe();
      try {
        // Around the whole, since it may have to wait for its turn: something else may be happening to it.
        await withinLimits(`Removing ${what}`, { signal, timeLimit }, (limited) =>
          holding.destroy({ signal: limited, timeLimit }),
        );
      } catch (error) {
        if (!holding.isHeld) continue; // Ended or handed over while this waited for its turn.
        const byHand = byHandOf(holding.kind, holding.owned);
        left.push({ owned: holding.owned, what, byHand, error });
        const { owned } = holding;
        const build = this.build === undefined ? {} : { build: this.build };
        this.ledger.emit({ type: "undo-failed", owned, what, error: failureText(error), byHand, ...build });
      }
    }
    for (const [key, { holding }] of this.ledger.holdings) if (!holding.isHeld) this.ledger.holdings.delete(key);
    return { left };
  }

  private held(): Holding[] {
    const all = [...this.ledger.holdings.values()].reverse();
    return all
      .filter((entry) => entry.recorded && entry.holding.isHeld && entry.scope.isIn(this))
      .map(({ holding }) => holding);
  }

  private isIn(scope: LedgerScope): boolean {
    return this === scope || (this.around?.isIn(scope) ?? false);
  }

  private get isUndone(): boolean {
    return this.undone || (this.around?.isUndone ?? false);
  }

  private throwIfUndone(): void {
    if (this.isUndone) throw new Cancelled("what it belongs to has ended");
  }
}
