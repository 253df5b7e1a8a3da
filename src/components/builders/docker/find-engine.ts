import { basename } from "node:path";
import { findEndpoint } from "../../../platforms/docker/engine/endpoint.ts";
import { connectEngine, type DockerEngine } from "../../../platforms/docker/engine/engine.ts";
import type { Host } from "../../../sdk/host.ts";

/** The engine that the user's docker command would talk to; with `docker_path = "podman"`, Podman. */
export async function findEngine(host: Host, dockerPath: string, signal: AbortSignal): Promise<DockerEngine> {
  const podman = /^podman\b/.test(basename(dockerPath));
  return connectEngine(host, signal, await findEndpoint(host, { podman }));
}
