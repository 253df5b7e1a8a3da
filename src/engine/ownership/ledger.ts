import type { Emit, Happening } from "../../sdk/events.ts";
import type { Host } from "../../sdk/host.ts";
import type { Owned, OwnedKind, Ownership } from "../../sdk/owned.ts";

export interface LedgerOptions {
  readonly host: Host;
  /** By `Owned.kind`; undefined: nobody knows how to end it (a bug of the component that owns it). */
  readonly kind: (name: string) => Promise<OwnedKind | undefined> | OwnedKind | undefined;
  /** Makes the event durable in the journal *and* shows it. Throws a Failure when it cannot be made durable. */
  readonly record: (event: Happening & { readonly build?: string }) => Promise<void>;
  /** Journals and shows without waiting. */
  readonly emit: Emit;
}

/**
 * A span of work that owns things: a run, a build in it, a step in that. Undoing a scope undoes all scopes within.
 */
export interface Scope {
  /** Full name of the build, where it has one: events carry it. */
  readonly build: string | undefined;
  /** A scope within this one, of the same build unless named. */
  within(build?: string): Scope;
  /** Durable in the journal when it resolves; make the thing only then. Throws a Failure, or Cancelled once the scope was undone. */
  own(owned: Owned): Promise<Ownership>;
  /** What is still owned here and within, newest first. */
  readonly holds: readonly Owned[];
  /** Destroys it all, newest first. Never throws: what cannot be destroyed is emitted as `undo-failed` and returned. */
  undo(options: UndoOptions): Promise<UndoResult>;
}

export interface UndoOptions {
  /** The second Ctrl-C: what is being destroyed gets a second to stop, the rest is left and listed. Not the build's signal. */
  readonly signal: AbortSignal;
  /** Milliseconds for each thing; default 60 000. */
  readonly timeLimit?: number;
}

export interface UndoResult {
  /** What is left: each was emitted as `undo-failed`. Empty: all is gone. */
  readonly left: readonly {
    readonly owned: Owned;
    readonly what: string;
    readonly byHand: string;
    readonly error: unknown;
  }[];
}
