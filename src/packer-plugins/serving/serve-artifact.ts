import type { Artifact } from "../../sdk/artifact.ts";
import type { Host } from "../../sdk/host.ts";
import type { Json } from "../../sdk/json.ts";
import type { Wire } from "../rpc/message-pack.ts";
import { textOfWire } from "../rpc/read-wire.ts";
import type { Handler } from "../rpc/rpc-server.ts";

/** Puts the methods of `Artifact` into the handlers. `files` are the artifact's, as paths of this machine. */
export function serveArtifact(
  handlers: Map<string, Handler>,
  artifact: Artifact,
  files: readonly string[],
  host: Host,
): void {
  handlers.set("Artifact.BuilderId", () => artifact.builderId);
  handlers.set("Artifact.Id", () => artifact.id);
  handlers.set("Artifact.String", () => artifact.description);
  handlers.set("Artifact.Files", () => files);
  handlers.set("Artifact.State", (name) => wireOfJson(artifact.state[textOfWire(name)] ?? null));
  handlers.set("Artifact.Destroy", async (_, signal) => {
    await artifact.destroy(host, signal);
    return null;
  });
}

function wireOfJson(json: Json): Wire {
  return json; // Every Json is a Wire: numbers that are whole go as whole numbers.
}
