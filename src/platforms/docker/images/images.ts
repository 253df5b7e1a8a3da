import type { Readable } from "node:stream";
import { Failure } from "../../../sdk/failure.ts";
import type { DockerEngine } from "../engine/engine.ts";
import { isMissing } from "../engine/engine-failure.ts";
import { type EngineMessage, messagesOf } from "../engine/messages.ts";
import { shielded } from "../engine/shielded.ts";
import { parseImageReference } from "./image-reference.ts";
import { type RegistryLogin, registryHeaders } from "./registry-login.ts";
import { type TransferListener, TransferProgress } from "./transfer-progress.ts";

const MINUTE = 60_000;

/** What we use of an image's inspection. */
export interface Image {
  /** "sha256:…" */
  readonly Id: string;
  readonly RepoTags?: readonly string[] | null;
  readonly RepoDigests?: readonly string[] | null;
  readonly Os?: string;
  readonly Architecture?: string;
  readonly Config?: {
    readonly User?: string;
    readonly Entrypoint?: readonly string[] | null;
    readonly Cmd?: readonly string[] | null;
  } | null;
}

/** undefined where the engine has no such image. */
export async function inspectImage(
  engine: DockerEngine,
  name: string,
  signal: AbortSignal,
): Promise<Image | undefined> {
  try {
    const what = `Could not inspect the image ${name}`;
    return await engine.json<Image>({ what, method: "GET", path: `/images/${name}/json` }, signal);
  } catch (fault) {
    if (isMissing(fault)) return undefined;
    throw fault;
  }
}

/** Pulls one image from its registry. Without a login, with what config.json knows. */
export async function pullImage(
  engine: DockerEngine,
  options: { image: string; platform?: string | undefined; login?: RegistryLogin | undefined },
  listener: TransferListener,
  signal: AbortSignal,
): Promise<void> {
  const { repository, tag, digest, registry } = parseImageReference(options.image);
  const progress = new TransferProgress(listener, `Pulling ${options.image}`, "Downloading");
  const request = {
    what: `Could not pull the image ${options.image}`,
    method: "POST",
    path: "/images/create",
    query: { fromImage: repository, tag: digest ?? tag ?? "latest", platform: options.platform },
    headers: await registryHeaders(engine.host, registry, options.login, signal),
    limit: 10 * MINUTE,
  } as const;
  try {
    for await (const message of messagesOf(engine, request, signal)) progress.take(message);
  } finally {
    progress.done();
  }
}

/** Pushes one tag. The digest that the registry filed it under, where it says so. */
export async function pushImage(
  engine: DockerEngine,
  options: { image: string; platform?: string | undefined; login?: RegistryLogin | undefined },
  listener: TransferListener,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { repository, tag, registry } = parseImageReference(options.image);
  const progress = new TransferProgress(listener, `Pushing ${options.image}`, "Pushing");
  let digest: string | undefined;
  const request = {
    what: `Could not push the image ${options.image}`,
    method: "POST",
    path: `/images/${repository}/push`,
    query: { tag: tag ?? "latest", platform: pushPlatform(options.platform) },
    headers: await registryHeaders(engine.host, registry, options.login, signal),
    limit: 10 * MINUTE,
  } as const;
  try {
    for await (const message of messagesOf(engine, request, signal)) {
      progress.take(message);
      digest = auxOf(message).Digest ?? digest;
    }
  } finally {
    progress.done();
  }
  return digest;
}

/** Adds a name to an image. A name that another image had moves. */
export async function tagImage(engine: DockerEngine, image: string, name: string, signal: AbortSignal): Promise<void> {
  const { repository, tag } = parseImageReference(name);
  await engine.json(
    {
      what: `Could not tag the image ${image} as ${name}`,
      method: "POST",
      path: `/images/${image}/tag`,
      query: { repo: repository, tag: tag ?? "latest" },
    },
    signal,
  );
}

/** Takes a name off, and deletes the image where that was its last. False: there was none. */
export async function removeImage(
  engine: DockerEngine,
  name: string,
  signal: AbortSignal,
  options: { force?: boolean } = {},
): Promise<boolean> {
  try {
    const what = `Could not remove the image ${name}`;
    await engine.json({ what, method: "DELETE", path: `/images/${name}`, query: { force: options.force } }, signal);
    return true;
  } catch (fault) {
    if (isMissing(fault)) return false;
    throw fault;
  }
}

/** The image as a tar that `docker load` reads. */
export async function saveImage(engine: DockerEngine, name: string, signal: AbortSignal): Promise<Readable> {
  const what = `Could not save the image ${name}`;
  return engine.send({ what, method: "GET", path: `/images/${name}/get`, limit: 30 * MINUTE }, signal);
}

/** Loads what `docker save` wrote, under the names that it holds. A name that another image has moves. */
export async function loadImage(engine: DockerEngine, archive: Readable, signal: AbortSignal): Promise<void> {
  const deed = {
    what: "Could not load an image",
    method: "POST",
    path: "/images/load",
    query: { quiet: true },
    body: archive,
    limit: 30 * MINUTE,
  } as const;
  await shielded(signal, (own) => lastOf(messagesOf(engine, deed, own), (message) => message.stream));
}

/** An image of one layer from a tar of a file system. Its id. */
export async function importImage(
  engine: DockerEngine,
  options: {
    content: Readable | Uint8Array;
    name: string;
    changes?: readonly string[] | undefined;
    platform?: string | undefined;
  },
  signal: AbortSignal,
): Promise<string> {
  const { repository, tag } = parseImageReference(options.name);
  const what = `Could not import the image ${options.name}`;
  const deed = {
    what,
    method: "POST",
    path: "/images/create",
    query: { fromSrc: "-", repo: repository, tag, changes: options.changes, platform: options.platform },
    body: options.content,
    limit: 30 * MINUTE,
  } as const;
  const { content } = options;
  const stop = () => void (content instanceof Uint8Array || content.destroy(new Error("cancelled")));
  signal.addEventListener("abort", stop, { once: true });
  try {
    // Content that breaks off makes no image; what is complete already does, and is waited for.
    const id = await shielded(signal, (own) =>
      lastOf(messagesOf(engine, deed, own), (message) => message.status ?? auxOf(message).ID),
    );
    if (id === undefined) throw new Failure(`${what}: the Docker engine named no image`);
    return id.trim();
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function auxOf(message: EngineMessage): { ID?: string; Digest?: string } {
  return typeof message.aux === "object" ? message.aux : {};
}

async function lastOf(
  messages: AsyncIterable<EngineMessage>,
  member: (message: EngineMessage) => string | undefined,
): Promise<string | undefined> {
  let last: string | undefined;
  for await (const message of messages) last = member(message) ?? last;
  return last;
}

/** The push request takes its platform as JSON: {"os":…,"architecture":…,"variant":…}. */
function pushPlatform(platform: string | undefined): string | undefined {
  if (!platform) return undefined;
  const [os, architecture, variant] = platform.split("/");
  return JSON.stringify({ os, architecture, variant });
}
