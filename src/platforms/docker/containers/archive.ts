import type { IncomingMessage } from "node:http";
import { posix } from "node:path";
import type { Readable } from "node:stream";
import { Failure } from "../../../sdk/failure.ts";
import type { DockerEngine } from "../engine/engine.ts";
import { isMissing } from "../engine/engine-failure.ts";

const MINUTE = 60_000;
/** Bits of Go's file modes, in which the engine tells them. */
const GO_FOLDER = 2 ** 31;
const GO_LINK = 2 ** 27;

/** A path in a container. */
export interface PathStat {
  readonly kind: "folder" | "link" | "file";
  readonly size: number;
  /** Of a link: absolute, in the container. */
  readonly linkTarget: string;
}

/** undefined where the container has no such path. Links are not followed. */
export async function statPath(
  engine: DockerEngine,
  container: string,
  path: string,
  signal: AbortSignal,
): Promise<PathStat | undefined> {
  const what = `Could not look at ${path} in the container ${container}`;
  try {
    const answer = await engine.send({ what, method: "HEAD", path: archivePath(container), query: { path } }, signal);
    answer.resume();
    return readStat(answer);
  } catch (fault) {
    if (isMissing(fault)) return undefined;
    throw fault;
  }
}

/** Unpacks an archive in a folder of the container, which must exist. Nothing that is no folder replaces one. */
export async function putArchive(
  engine: DockerEngine,
  container: string,
  options: { folder: string; archive: Readable | Uint8Array; length?: number | undefined; what: string },
  signal: AbortSignal,
): Promise<void> {
  await engine.json(
    {
      what: options.what,
      method: "PUT",
      path: archivePath(container),
      query: { path: options.folder, noOverwriteDirNonDir: true },
      body: options.archive,
      ...(options.length !== undefined && { headers: { "Content-Length": String(options.length) } }),
      limit: 10 * MINUTE,
    },
    signal,
  );
}

/** A file or folder as an archive, whose paths begin with its own name. A link is followed. */
export async function getArchive(
  engine: DockerEngine,
  container: string,
  path: string,
  what: string,
  signal: AbortSignal,
): Promise<{ stat: PathStat; archive: Readable; name: string }> {
  let followed = path;
  // As many links in a row as Linux follows.
  for (let links = 0; links <= 40; links++) {
    const answer = await engine.send(
      { what, method: "GET", path: archivePath(container), query: { path: followed }, limit: 10 * MINUTE },
      signal,
    );
    const stat = readStat(answer);
    if (stat.kind !== "link") return { stat, archive: answer, name: posix.basename(followed) };
    answer.destroy();
    followed = stat.linkTarget;
  }
  throw new Failure(`${what}: too many links, one to the next`);
}

function archivePath(container: string): string {
  return `/containers/${container}/archive`;
}

function readStat(answer: IncomingMessage): PathStat {
  const encoded = answer.headers["x-docker-container-path-stat"];
  const text = Buffer.from(String(encoded ?? ""), "base64").toString("utf8");
  const {
    mode = 0,
    size = 0,
    linkTarget = "",
  }: { mode?: number; size?: number; linkTarget?: string } = JSON.parse(text || "{}");
  // The bits lie above those that JavaScript's bit operators can tell from a sign.
  const has = (bit: number) => Math.floor(mode / bit) % 2 === 1;
  return { kind: has(GO_FOLDER) ? "folder" : has(GO_LINK) ? "link" : "file", size, linkTarget };
}
