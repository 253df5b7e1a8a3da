import type { Catalogue } from "../sdk/component.ts";
import type { Owned, OwnedKind } from "../sdk/owned.ts";
import { runFolderKind } from "./recipe/run-folder.ts";
import type { LeftThing } from "./run-result.ts";

/** The kinds of the catalogue and those that the engine owns itself: what a run, and `gc`, look a kind up in. */
export function kindsOfRun(kinds: Catalogue["ownedKinds"]): (name: string) => Promise<OwnedKind | undefined> {
  const all: Catalogue["ownedKinds"] = { ...kinds, [runFolderKind.kind]: async () => runFolderKind };
  return async (name) => (Object.hasOwn(all, name) ? all[name]?.() : undefined);
}

/** What a person needs to know of something that stays behind. Never throws. */
export async function describeOwned(
  kindOf: (name: string) => Promise<OwnedKind | undefined>,
  owned: Owned,
): Promise<LeftThing> {
  const fallback = { what: `${owned.kind} ${owned.id}`, byHand: "ingot gc" };
  try {
    const kind = await kindOf(owned.kind);
    const { what, byHand } = kind ? { what: kind.describe(owned), byHand: kind.removeByHand(owned) } : fallback;
    return { kind: owned.kind, id: owned.id, what, byHand };
  } catch {
    return { kind: owned.kind, id: owned.id, ...fallback };
  }
}
