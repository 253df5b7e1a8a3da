import type { Artifact, FileRef } from "../../sdk/artifact.ts";
import type { ArtifactText } from "../../sdk/events.ts";
import type { Host } from "../../sdk/host.ts";

/** An artifact as events carry it, with the sizes of the files that can be seen from here. */
export async function artifactText(
  artifact: Artifact,
  host: Host,
  roots: { readonly template: string },
): Promise<ArtifactText> {
  const files = await Promise.all(
    artifact.files.map(async (file) => {
      const stat = await host.files.stat(absolutePath(file, host, roots)).catch(() => undefined);
      return { path: file.path, ...(stat?.kind === "file" && { size: stat.size }) };
    }),
  );
  const { builderId, id, description } = artifact;
  return { builderId, id, description, files };
}

/** Files of a run have absolute paths. */
function absolutePath({ root, path }: FileRef, host: Host, roots: { readonly template: string }): string {
  if (root === "template") return host.files.resolve(roots.template, path);
  return root === "cache" ? host.files.resolve(host.cacheFolder, path) : host.files.resolve(path);
}
