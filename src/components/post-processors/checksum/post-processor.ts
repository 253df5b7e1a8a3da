import { basename } from "node:path";
import type { Artifact, FileRef } from "../../../sdk/artifact.ts";
import { definePostProcessor } from "../../../sdk/component.ts";
import { renderLater } from "../../../sdk/render-later.ts";
import { string, stringList } from "../../../spec/fields.ts";
import { CHECKSUM_TYPES, type Digests, digestsOf } from "./digests-of.ts";
import { type ChecksumLine, writeLines } from "./write-lines.ts";

/** Named by Packer; other post-processors look at it. */
const BUILDER_ID = "packer.post-processor.checksum";

export const checksum = definePostProcessor({
  name: "checksum",
  doc: "Writes the checksums of the artifact's files into files beside them, which become part of the artifact.",
  fields: {
    checksum_types: stringList("Which checksums: md5, sha1, sha224, sha256, sha384, sha512.", { default: ["md5"] }),
    output: string(
      "Path of the file for one kind of checksum, lines of checksum, tab and file name. `{{.BuildName}}`, " +
        "`{{.BuilderType}}` and `{{.ChecksumType}}` stand for what they say.",
      {
        default: "packer_{{.BuildName}}_{{.BuilderType}}_{{.ChecksumType}}.checksum",
        templating: "later",
        path: "cwd",
      },
    ),
  },
  check(config, problems) {
    for (const [index, type] of (config.checksum_types ?? []).entries()) {
      if (CHECKSUM_TYPES.includes(type)) continue;
      const known = `The types are ${CHECKSUM_TYPES.join(", ")}.`;
      problems.error(`checksum_types[${index}]`, `Unrecognized checksum type: ${type}`, known);
    }
  },
  async run(config, input, processing) {
    const { facts } = processing;
    const digests = new Map<string, Digests>();
    for (const { path } of input.files) digests.set(path, await digestsOf(path, config.checksum_types, processing));
    const lines = new Map<string, ChecksumLine[]>();
    for (const type of config.checksum_types) {
      const data = { BuildName: facts.sourceName, BuilderType: facts.builderType, ChecksumType: type };
      const output = renderLater(processing, config.output, data);
      // No empty file for an artifact without files.
      if (digests.size === 0) continue;
      const added = [...digests].map(([path, all]) => ({ digest: all.get(type) ?? "", name: basename(path) }));
      lines.set(output, [...(lines.get(output) ?? []), ...added]);
    }
    for (const [output, added] of lines) await writeLines(output, added, processing);
    const artifact = artifactOf(input, digests, [...lines.keys()]);
    return { artifact, keepInput: true, mustKeepInput: true };
  },
});

/** The files of the input and those that were written. */
function artifactOf(input: Artifact, digests: ReadonlyMap<string, Digests>, outputs: readonly string[]): Artifact {
  const known = input.files.map((file): FileRef => {
    const sha256 = digests.get(file.path)?.get("sha256");
    return sha256 === undefined ? file : { ...file, digest: `sha256:${sha256}` };
  });
  const written = outputs.filter((output) => !input.files.some(({ path }) => path === output));
  const files = [...known, ...written.map((path): FileRef => ({ path, root: "cwd" }))];
  return {
    builderId: BUILDER_ID,
    id: "",
    description: `Created artifact from files: ${files.map(({ path }) => path).join(", ")}`,
    files,
    state: input.state,
    async destroy(host) {
      for (const { path } of files) await host.files.remove(path);
    },
  };
}
