import { randomBytes } from "node:crypto";
import type { Owned, OwnedKind } from "../../../sdk/owned.ts";
import { inspectContainer, removeContainer } from "../containers/containers.ts";
import { untilCommitted } from "../containers/until-committed.ts";
import { type Endpoint, engineLabel } from "../engine/endpoint.ts";
import { connectEngine } from "../engine/engine.ts";
import { dockerCommand, endpointIn, textIn } from "./owned-data.ts";

/** How long a container that is being committed is waited for before it is removed all the same. */
const LONGEST_COMMIT = 10 * 60_000;

/**
 * A container that does not exist yet, under a name that nobody else has: that name is its mark. A container that must
 * have a name of the user's choice is created under ours, and renamed when its id is journaled (`renamedTo`, `containerId`).
 */
export function newOwnedContainer(endpoint: Endpoint): Owned {
  const name = `ingot-${randomBytes(8).toString("hex")}`;
  const data = { endpoint };
  return { kind: dockerContainerKind.kind, id: name, mark: name, data, credentials: engineLabel(endpoint) };
}

/** Removed with its anonymous volumes. */
export const dockerContainerKind: OwnedKind = {
  kind: "docker-container",
  describe: (owned) => `container ${textIn(owned, "renamedTo") ?? owned.id}`,
  removeByHand: (owned) => `${dockerCommand(owned)} rm -f -v ${textIn(owned, "containerId") ?? owned.id}`,
  async destroy(owned, host, signal) {
    const engine = await connectEngine(host, signal, endpointIn(owned));
    try {
      const known = textIn(owned, "containerId");
      const found =
        (await inspectContainer(engine, owned.mark, signal)) ??
        (known === undefined ? undefined : await inspectContainer(engine, known, signal));
      if (found === undefined) return "gone";
      const name = found.Name.replace(/^\//, "");
      if (name !== owned.mark && name !== textIn(owned, "renamedTo")) return "kept";
      await untilCommitted(engine, found.Id, AbortSignal.any([signal, AbortSignal.timeout(LONGEST_COMMIT)])).catch(() =>
        signal.throwIfAborted(),
      );
      return (await removeContainer(engine, found.Id, signal)) ? "destroyed" : "gone";
    } finally {
      engine.close();
    }
  },
};
