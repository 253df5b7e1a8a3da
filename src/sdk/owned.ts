import type { Host } from "./host.ts";
import type { Json } from "./json.ts";

/**
 * Something that exists outside the process because a run made it: a container, an image not yet handed over, a
 * temporary file, a machine. Written to the journal before it is made.
 */
export interface Owned {
  /** Names the `OwnedKind` that can destroy it: "docker-container". */
  readonly kind: string;
  /** Unique within its kind, chosen before it exists: a name, a path, a client token. */
  readonly id: string;
  /** What the thing itself carries (name, label, tag) and nothing else does: `gc` removes only what still carries it. */
  readonly mark: string;
  /** All that destroying needs: endpoint, region, path. Never a secret. */
  readonly data: Json;
  /** Where the credentials come from ("docker context prod", "aws profile build"): a reference, never a secret. */
  readonly credentials?: string;
}

/** A kind of owned thing: knows how to end one from its recorded data alone, in another process, on another day. */
export interface OwnedKind {
  readonly kind: string;
  /** For people: "container ingot-4f2a". */
  describe(owned: Owned): string;
  /** The command by which a person removes it by hand. */
  removeByHand(owned: Owned): string;
  /**
   * Idempotent. "gone": it did not exist (any more). "kept": it exists but no longer carries our mark: not ours to touch.
   * Throws a Failure when the world says no.
   */
  destroy(owned: Owned, host: Host, signal: AbortSignal): Promise<"destroyed" | "gone" | "kept">;
  /**
   * Called instead of `destroy` for what was handed over but may still carry our mark (the run died in between):
   * takes the mark off the product. Kinds whose products never carry a mark leave it out.
   */
  settle?(owned: Owned, host: Host, signal: AbortSignal): Promise<void>;
}

/** The owner's hold on one thing. */
export interface Ownership {
  readonly owned: Owned;
  /** Journals more data about it (the id that the service gave). */
  update(data: Json): Promise<void>;
  /** Destroys it now, rather than at the end of the build. */
  destroy(): Promise<void>;
  /** It is gone, or someone else's by now: nothing is left to destroy. */
  release(): Promise<void>;
  /** It is (part of) the product now: `gc` and the undo never touch it again. Journaled, then `settle` runs. */
  handOver(): Promise<void>;
}
