import { randomBytes } from "node:crypto";
import type { Owned, OwnedKind } from "../../../sdk/owned.ts";
import { type TarEntry, writeTar } from "../../../sdk/tar/write-tar.ts";
import { untilCommitted } from "../containers/until-committed.ts";
import { type Endpoint, engineLabel } from "../engine/endpoint.ts";
import { connectEngine, type DockerEngine } from "../engine/engine.ts";
import { EngineRefused } from "../engine/engine-failure.ts";
import { type Image, importImage, inspectImage, loadImage, removeImage } from "../images/images.ts";
import { dockerCommand, endpointIn, textIn } from "./owned-data.ts";

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
  if (isLastName) await moveToEmptyImage(engine, name, image, signal);
  await removeImage(engine, name, signal);
}

/** Where this is done twice (by a process that dies, and by `gc`), it is the same empty image both times. */
async function moveToEmptyImage(engine: DockerEngine, name: string, image: Image, signal: AbortSignal): Promise<void> {
  try {
    await loadImage(engine, writeTar(emptyImage(name, image)), signal);
  } catch (fault) {
    if (!(fault instanceof EngineRefused)) throw fault;
    // Some engines load no image without layers. An empty archive makes an image of one empty layer.
    await importImage(engine, { content: Buffer.alloc(1024), name }, signal);
  }
}

/** As `docker save` would write an image without layers; its id follows from its name alone. */
function emptyImage(name: string, { Os = "linux", Architecture = "amd64" }: Image): TarEntry[] {
  const config = {
    os: Os,
    architecture: Architecture,
    created: "1970-01-01T00:00:00Z",
    config: { Labels: { name } },
    rootfs: { type: "layers", diff_ids: [] },
  };
  return [
    jsonEntry("config.json", config),
    jsonEntry("manifest.json", [{ Config: "config.json", RepoTags: [name], Layers: [] }]),
  ];
}

function jsonEntry(path: string, value: object): TarEntry {
  const content = Buffer.from(JSON.stringify(value));
  return { header: { path, kind: "file", size: content.length, mode: 0o644, uid: 0, gid: 0, modified: 0 }, content };
}
