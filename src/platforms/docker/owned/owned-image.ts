import { randomBytes } from "node:crypto";
import type { Owned, OwnedKind } from "../../../sdk/owned.ts";
import { untilCommitted } from "../containers/until-committed.ts";
import { type Endpoint, engineLabel } from "../engine/endpoint.ts";
import { connectEngine, type DockerEngine } from "../engine/engine.ts";
import { importImage, inspectImage, removeImage } from "../images/images.ts";
import { dockerCommand, endpointIn, textIn } from "./owned-data.ts";

/** An archive with nothing in it: two blocks of zeros. */
const EMPTY_TAR = Buffer.alloc(1024);

/**
 * An image that does not exist yet, under a private name that is its mark. `container`: the one that it will be
 * committed from, so that whoever ends it can wait for a commit that still runs.
 */
export function newOwnedImage(endpoint: Endpoint, container?: string): Owned {
  const name = `ingot-private/${randomBytes(8).toString("hex")}:latest`;
  const data = { endpoint, ...(container !== undefined && { container }) };
  return { kind: dockerImageKind.kind, id: name, mark: name, data, credentials: engineLabel(endpoint) };
}

/** Its private name is taken off a product by `settle`; the image itself stays. */
export const dockerImageKind: OwnedKind = {
  kind: "docker-image",
  describe: (owned) => `image ${owned.id}`,
  removeByHand: (owned) => `${dockerCommand(owned)} rmi ${owned.id}`,
  async destroy(owned, host, signal) {
    const engine = await connectEngine(host, signal, endpointIn(owned));
    try {
      const container = textIn(owned, "container");
      if (container !== undefined) await untilCommitted(engine, container, signal);
      return (await removeImage(engine, owned.mark, signal)) ? "destroyed" : "gone";
    } finally {
      engine.close();
    }
  },
  async settle(owned, host, signal) {
    const engine = await connectEngine(host, signal, endpointIn(owned));
    try {
      await takeNameOff(engine, owned.mark, signal);
    } finally {
      engine.close();
    }
  },
};

/**
 * Deleting the only name of an image deletes the image. So the name is moved, in one step, to an empty image first, and
 * deleted with that.
 */
async function takeNameOff(engine: DockerEngine, name: string, signal: AbortSignal): Promise<void> {
  const image = await inspectImage(engine, name, signal);
  if (image === undefined) return;
  const isLastName = (image.RepoTags ?? []).length <= 1;
  if (isLastName) await importImage(engine, { content: EMPTY_TAR, name }, signal);
  await removeImage(engine, name, signal);
}
