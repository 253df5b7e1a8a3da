import type { Artifact } from "../../../sdk/artifact.ts";
import { definePostProcessor } from "../../../sdk/component.ts";
import { stringList } from "../../../spec/fields.ts";

/** Named by Packer; other post-processors look at it. */
const BUILDER_ID = "packer.post-processor.artifice";

export const artifice = definePostProcessor({
  name: "artifice",
  doc: "Makes other files the artifact, for the post-processors that follow.",
  fields: {
    files: stringList("Paths, in which `*`, `?` and `[…]` match names.", { required: true, path: "cwd" }),
  },
  check(config, problems) {
    if (config.files?.length === 0) problems.error("files", "No files specified in artifice configuration");
  },
  async run(config, input, processing) {
    const { host } = processing;
    if (input.files.length > 0) {
      processing.say(`Discarding files from artifact: ${input.files.map(({ path }) => path).join(", ")}`);
    }
    const found: string[] = [];
    for (const pattern of config.files) {
      const matches = await host.files.glob(pattern);
      if (matches.length === 0) processing.warn(`No file matches ${pattern}`);
      found.push(...matches.filter((path) => !found.includes(path)));
    }
    processing.say(`Using these artifact files: ${found.join(", ")}`);
    return { artifact: artifactOf(found, input), keepInput: true, mustKeepInput: false };
  },
});

function artifactOf(paths: readonly string[], input: Artifact): Artifact {
  return {
    builderId: BUILDER_ID,
    id: "",
    description: `Created artifact from files: ${paths.join(", ")}`,
    files: paths.map((path) => ({ path, root: "cwd" })),
    state: input.state,
    async destroy(host) {
      for (const path of paths) await host.files.remove(path);
    },
  };
}
