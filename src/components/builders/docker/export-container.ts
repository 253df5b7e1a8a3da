import { pipeline } from "node:stream/promises";
import { builderIds } from "../../../platforms/docker/artifacts/image-artifact.ts";
import { exportContainer as exported } from "../../../platforms/docker/containers/containers.ts";
import type { DockerEngine } from "../../../platforms/docker/engine/engine.ts";
import type { Artifact } from "../../../sdk/artifact.ts";
import type { Step } from "../../../sdk/component.ts";
import type { Json } from "../../../sdk/json.ts";
import { replaceFile } from "../../../sdk/replace-file.ts";

/** Writes the container's file system to a tar file: whole, or not at all. */
export async function exportContainer(
  engine: DockerEngine,
  container: string,
  path: string,
  step: Step,
): Promise<void> {
  step.say("Exporting the container");
  const progress = step.progress(`Exporting to ${path}`);
  let bytes = 0;
  try {
    await replaceFile(path, step, async (output) => {
      const content = await exported(engine, container, step.signal);
      content.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        progress.update(bytes);
      });
      await pipeline(content, output, { signal: step.signal });
    });
  } finally {
    progress.done();
  }
}

/** As Packer's plugin describes what it exported. */
export function exportArtifact(path: string, generated: Readonly<Record<string, Json>>): Artifact {
  return {
    builderId: builderIds.exported,
    id: "Container",
    description: `Exported Docker file: ${path}`,
    files: [{ path, root: "cwd" }],
    state: { generated_data: generated },
    destroy: (host) => host.files.remove(path),
  };
}
