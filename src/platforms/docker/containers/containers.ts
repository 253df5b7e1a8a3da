import type { Readable } from "node:stream";
import type { DockerEngine } from "../engine/engine.ts";
import { EngineRefused, isMissing } from "../engine/engine-failure.ts";
import { shielded } from "../engine/shielded.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The body of a container's creation; members as the Engine API names them. */
export interface ContainerRequest {
  readonly Image: string;
  readonly HostConfig?: object;
  readonly NetworkingConfig?: object;
  readonly [member: string]: unknown;
}

/** What we use of a container's inspection. */
export interface Container {
  readonly Id: string;
  /** With a leading slash. */
  readonly Name: string;
  /** Id of the image it was made from. */
  readonly Image: string;
  readonly State: {
    readonly Running: boolean;
    readonly Paused?: boolean;
    readonly ExitCode?: number;
    readonly OOMKilled?: boolean;
    readonly Error?: string;
  };
  readonly Config: Readonly<Record<string, unknown>> & { readonly User?: string };
  readonly HostConfig?: { readonly PidMode?: string };
  readonly NetworkSettings?: {
    readonly IPAddress?: string;
    readonly Networks?: Readonly<Record<string, { readonly IPAddress?: string }>> | null;
  };
}

/** Its id. Warnings of the engine go to `warn`. */
export async function createContainer(
  engine: DockerEngine,
  name: string,
  request: ContainerRequest,
  options: { platform?: string | undefined; warn(text: string): void },
  signal: AbortSignal,
): Promise<string> {
  const deed = {
    what: `Could not create a container of ${request.Image}`,
    method: "POST",
    path: "/containers/create",
    query: { name, platform: options.platform },
    body: request,
  } as const;
  const { Id, Warnings } = await shielded(signal, (own) =>
    engine.json<{ Id: string; Warnings?: readonly string[] | null }>(deed, own),
  );
  for (const warning of Warnings ?? []) options.warn(warning);
  return Id;
}

export async function startContainer(engine: DockerEngine, id: string, signal: AbortSignal): Promise<void> {
  const what = `Could not start the container ${id}`;
  await engine.json({ what, method: "POST", path: `/containers/${id}/start`, limit: 5 * MINUTE }, signal);
}

/** undefined where the engine has no such container. */
export async function inspectContainer(
  engine: DockerEngine,
  name: string,
  signal: AbortSignal,
): Promise<Container | undefined> {
  try {
    const what = `Could not inspect the container ${name}`;
    return await engine.json<Container>({ what, method: "GET", path: `/containers/${name}/json` }, signal);
  } catch (fault) {
    if (isMissing(fault)) return undefined;
    throw fault;
  }
}

export async function renameContainer(
  engine: DockerEngine,
  id: string,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  const what = `Could not name the container ${name}`;
  await engine.json({ what, method: "POST", path: `/containers/${id}/rename`, query: { name } }, signal);
}

/** Kills it if it runs, and removes it with its anonymous volumes. False: there was none. Waits where another removes it already. */
export async function removeContainer(engine: DockerEngine, id: string, signal: AbortSignal): Promise<boolean> {
  const what = `Could not remove the container ${id}`;
  try {
    await engine.json(
      { what, method: "DELETE", path: `/containers/${id}`, query: { force: true, v: true }, limit: 5 * MINUTE },
      signal,
    );
    return true;
  } catch (fault) {
    if (isMissing(fault)) return false;
    if (!(fault instanceof EngineRefused && /removal of container .* is already in progress/i.test(fault.answer)))
      throw fault;
  }
  await untilRemoved(engine, id, signal);
  return true;
}

/** Resolves when it no longer exists. */
async function untilRemoved(engine: DockerEngine, id: string, signal: AbortSignal): Promise<void> {
  const what = `Could not wait for the removal of the container ${id}`;
  try {
    const path = `/containers/${id}/wait`;
    await engine.json({ what, method: "POST", path, query: { condition: "removed" }, limit: 5 * MINUTE }, signal);
  } catch (fault) {
    if (!isMissing(fault)) throw fault;
  }
}

export interface CommitRequest {
  /** Reference of the image that is made. */
  readonly repository: string;
  readonly tag: string;
  readonly author?: string | undefined;
  readonly message?: string | undefined;
  /** Dockerfile instructions. */
  readonly changes: readonly string[];
  /** The image's configuration, before `changes`. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** Makes an image of the container's file system; the container is paused meanwhile. Its id: "sha256:…". */
export async function commitContainer(
  engine: DockerEngine,
  id: string,
  request: CommitRequest,
  signal: AbortSignal,
): Promise<string> {
  const deed = {
    what: "Could not commit the container",
    method: "POST",
    path: "/commit",
    query: {
      container: id,
      repo: request.repository,
      tag: request.tag,
      author: request.author,
      comment: request.message,
      changes: request.changes,
      pause: true,
    },
    body: request.config,
    limit: 2 * HOUR,
  } as const;
  // After the grace the container is paused, and whoever undoes it waits for that to end (`untilCommitted`).
  const { Id } = await shielded(signal, (own) => engine.json<{ Id: string }>(deed, own));
  return Id;
}

/** The container's file system as one tar, without its volumes. */
export async function exportContainer(engine: DockerEngine, id: string, signal: AbortSignal): Promise<Readable> {
  const what = `Could not export the container ${id}`;
  return engine.send({ what, method: "GET", path: `/containers/${id}/export`, limit: 10 * MINUTE }, signal);
}
