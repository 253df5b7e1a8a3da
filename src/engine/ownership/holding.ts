import type { Json } from "../../sdk/json.ts";
import type { Owned, OwnedKind, Ownership } from "../../sdk/owned.ts";
import type { LedgerOptions } from "./ledger.ts";
import { type Limits, withinLimits } from "./within-limits.ts";

/**
 * One owned thing, from before its making to its end: held, then ended (destroyed, gone, or released) or handed over,
 * and nothing after that. What is asked of it at the same time happens in turn.
 */
export class Holding implements Ownership {
  readonly kind: OwnedKind;
  private readonly ledger: LedgerOptions;
  private readonly build: string | undefined;
  private thing: Owned;
  private state: "held" | "ended" | "handed-over" = "held";
  private last: Promise<unknown> = Promise.resolve();

  constructor(ledger: LedgerOptions, kind: OwnedKind, build: string | undefined, owned: Owned) {
    this.ledger = ledger;
    this.kind = kind;
    this.build = build;
    this.thing = owned;
  }

  get owned(): Owned {
    return this.thing;
  }

  get isHeld(): boolean {
    return this.state === "held";
  }

  update(data: Json): Promise<void> {
    return this.inTurn(async () => {
      if (!this.isHeld) return;
      const { kind, id } = this.thing;
      const merged = merge(this.thing.data, data);
      await this.ledger.record({ type: "owned-updated", kind, id, data: merged, ...this.named() });
      this.thing = { ...this.thing, data: merged };
    });
  }

  destroy(limits: Limits = this.ledger): Promise<void> {
    return this.inTurn(async () => {
      if (this.state === "handed-over") throw new Error(`${this.describe()} was handed over: it must not be destroyed`);
      if (!this.isHeld) return;
      const how = await withinLimits(`Removing ${this.describe()}`, limits, (signal) =>
        this.kind.destroy(this.thing, this.ledger.host, signal),
      );
      this.state = "ended";
      // Not awaited: if this record is lost, `gc` finds that the thing is gone.
      this.ledger.emit({ type: "released", kind: this.thing.kind, id: this.thing.id, how, ...this.named() });
    });
  }

  release(): Promise<void> {
    return this.inTurn(async () => {
      if (!this.isHeld) return;
      await this.recordReleased("released");
      this.state = "ended";
    });
  }

  handOver(): Promise<void> {
    return this.inTurn(async () => {
      if (this.state === "ended") throw new Error(`${this.describe()} is gone: it cannot be handed over`);
      if (!this.isHeld) return;
      await this.recordReleased("handed-over");
      this.state = "handed-over";
      const { settle } = this.kind;
      if (settle) {
        await withinLimits(`Finishing ${this.describe()}`, this.ledger, (signal) =>
          settle.call(this.kind, this.thing, this.ledger.host, signal),
        );
      }
      const { kind, id } = this.thing;
      this.ledger.emit({ type: "released", kind, id, how: "released", ...this.named() });
    });
  }

  describe(): string {
    return describeOwned(this.kind, this.thing);
  }

  private async recordReleased(how: "released" | "handed-over"): Promise<void> {
    await this.ledger.record({ type: "released", kind: this.thing.kind, id: this.thing.id, how, ...this.named() });
  }

  private named(): { readonly build?: string } {
    return this.build === undefined ? {} : { build: this.build };
  }

  private inTurn(deed: () => Promise<void>): Promise<void> {
    const mine = this.last.then(deed);
    this.last = mine.catch(() => {});
    return mine;
  }
}

/** For people; never throws, whatever the kind makes of the record. */
export function describeOwned(kind: OwnedKind, owned: Owned): string {
  try {
    return kind.describe(owned);
  } catch {
    return `${owned.kind} ${owned.id}`;
  }
}

/** The command by which a person removes it; never throws. */
export function byHandOf(kind: OwnedKind, owned: Owned): string {
  try {
    return kind.removeByHand(owned);
  } catch {
    return "";
  }
}

/** Objects member by member, so that an update may name only what is new. */
function merge(old: Json, added: Json): Json {
  return isObject(old) && isObject(added) ? { ...old, ...added } : added;
}

function isObject(json: Json): json is { readonly [key: string]: Json } {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}
