import type { RunEvent } from "../../sdk/events.ts";
import type { Owned } from "../../sdk/owned.ts";

export interface OwnershipRecord {
  /** Owned and not released, in the order of their making. */
  readonly owns: readonly Owned[];
  /** Handed over, and nothing says that their mark was taken off. */
  readonly unsettled: readonly Owned[];
}

/** What a run still owns, by the events of its journal. */
export function ownershipIn(events: Iterable<RunEvent>): OwnershipRecord {
  const owns = new Map<string, Owned>();
  const unsettled = new Map<string, Owned>();
  for (const event of events) {
    if (event.type === "owned") {
      owns.set(keyOf(event.owned), event.owned);
      unsettled.delete(keyOf(event.owned));
    } else if (event.type === "owned-updated") {
      const owned = owns.get(keyOf(event));
      if (owned) owns.set(keyOf(event), { ...owned, data: event.data });
    } else if (event.type === "released") {
      const key = keyOf(event);
      const owned = owns.get(key);
      owns.delete(key);
      if (event.how !== "handed-over") unsettled.delete(key);
      else if (owned) unsettled.set(key, owned);
    }
  }
  return { owns: [...owns.values()], unsettled: [...unsettled.values()] };
}

/** Names one owned thing within a run. */
export function keyOf({ kind, id }: { readonly kind: string; readonly id: string }): string {
  return `${kind}\0${id}`;
}
