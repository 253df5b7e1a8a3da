import type { Owned, OwnedKind } from "../../sdk/owned.ts";
import { byHandOf, describeOwned } from "../ownership/holding.ts";
import type { LeftThing } from "../run-result.ts";

/** What a person needs to know of something that stays behind. Never throws. */
export async function leftThing(
  kindOf: (name: string) => Promise<OwnedKind | undefined>,
  owned: Owned,
): Promise<LeftThing> {
  const kind = await kindOf(owned.kind).catch(() => undefined);
  const what = kind ? describeOwned(kind, owned) : `${owned.kind} ${owned.id}`;
  return { kind: owned.kind, id: owned.id, what, byHand: kind ? byHandOf(kind, owned) : "" };
}
