import type { Artifact } from "../../../sdk/artifact.ts";
import type { Host } from "../../../sdk/host.ts";
import type { Json } from "../../../sdk/json.ts";
import type { Endpoint } from "../engine/endpoint.ts";
import { connectEngine, type DockerEngine } from "../engine/engine.ts";
import { removeImage } from "../images/images.ts";

/** As Packer's docker plugin names them; its post-processors and others look at them. */
export const builderIds = {
  /** A container's file system as a tar file. */
  exported: "packer.docker",
  /** An image of an engine: committed, imported or pushed. */
  imported: "packer.post-processor.docker-import",
  /** An image under a name that docker-tag gave it. */
  tagged: "packer.post-processor.docker-tag",
} as const;

/** An image of a Docker engine. `id`: "sha256:…" or a name. Removing it takes that name off, or deletes the image. */
export function imageArtifact(image: {
  builderId: string;
  id: string;
  endpoint: Endpoint;
  tags?: readonly string[];
  generated?: Readonly<Record<string, Json>>;
}): Artifact {
  const { builderId, id, endpoint, tags = [] } = image;
  return {
    builderId,
    id,
    description: `Imported Docker image: ${id}${tags.length > 0 ? ` with tags ${tags.join(" ")}` : ""}`,
    files: [],
    state: {
      docker_engine: endpoint,
      ...(tags.length > 0 && { docker_tags: tags }),
      ...(image.generated !== undefined && { generated_data: image.generated }),
    },
    async destroy(host, signal) {
      const engine = await connectEngine(host, signal, endpoint);
      try {
        await removeImage(engine, id, signal);
      } finally {
        engine.close();
      }
    },
  };
}

/** The engine that holds an artifact's image; for artifacts of others, the user's. */
export async function engineOf(artifact: Artifact, host: Host, signal: AbortSignal): Promise<DockerEngine> {
  const { docker_engine: endpoint } = artifact.state;
  return connectEngine(host, signal, isEndpoint(endpoint) ? endpoint : undefined);
}

/** The tags that docker-tag gave the image. */
export function tagsOf(artifact: Artifact): readonly string[] {
  const { docker_tags: tags } = artifact.state;
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === "string") : [];
}

/** What the builder told about the image, for the artifact that comes out of it. */
export function generatedDataOf(artifact: Artifact): Readonly<Record<string, Json>> {
  const { generated_data: data } = artifact.state;
  return typeof data === "object" && data !== null && !Array.isArray(data)
    ? Object.fromEntries(Object.entries(data))
    : {};
}

function isEndpoint(value: Json | undefined): value is Endpoint {
  return typeof value === "object" && value !== null && "address" in value && "from" in value;
}
