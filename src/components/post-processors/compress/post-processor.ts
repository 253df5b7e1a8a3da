import type { Writable } from "node:stream";
import type { Artifact } from "../../../sdk/artifact.ts";
import { definePostProcessor, type PostProcessing } from "../../../sdk/component.ts";
import { Failure } from "../../../sdk/failure.ts";
import { renderLater } from "../../../sdk/render-later.ts";
import { replaceFile } from "../../../sdk/replace-file.ts";
import { temporaryPathKind } from "../../../sdk/temporary-path.ts";
import { integer, string } from "../../../spec/fields.ts";
import { tarFiles } from "./archives/tar-files.ts";
import { zipFiles } from "./archives/zip-files.ts";
import { type Compression, chooseFormat, type Format } from "./choose-format.ts";
import { THREADS } from "./formats/in-blocks.ts";
import { writeCompressed } from "./write-compressed.ts";

/** Named by Packer; other post-processors look at it. */
const BUILDER_ID = "packer.post-processor.compress";

export const compress = definePostProcessor({
  name: "compress",
  doc: "Compresses the files of the artifact into one, which takes their place.",
  fields: {
    output: string(
      "Path of the file to make; its extension chooses the format: `.tar`, `.zip`, `.gz`, `.bgzf`, `.bz2`, `.lz4`, `.xz`, " +
        "`.zst`, or `.tar.` and one of these. Any other is `.tar.gz`. `{{.BuildName}}` and `{{.BuilderType}}` name the build.",
      { default: "packer_{{.BuildName}}_{{.BuilderType}}", templating: "later", path: "cwd" },
    ),
    format: string("Chooses the format instead of the output's extension: `tar.gz`, `zip`, ..."),
    compression_level: integer("1 (fast) to 9 (small). Not used for xz and zip.", {
      default: 0,
      defaultDoc: "that of the format's own program",
    }),
  },
  owns: [temporaryPathKind],
  async run(config, input, processing) {
    const { facts } = processing;
    const data = { BuildName: facts.sourceName, BuilderType: facts.builderType };
    const output = renderLater(processing, config.output, data);
    const format = chooseFormat(output, config.format);
    const paths = input.files.map(({ path }) => path);
    checkInput(paths, output, format, processing);
    announce(output, paths, format, processing);
    await replaceFile(output, processing, (file) => write(paths, format, config.compression_level, file, processing));
    processing.say(`Archive ${output} completed`);
    return { artifact: artifactOf(output, input), keepInput: false, mustKeepInput: false };
  },
});

function checkInput(paths: readonly string[], output: string, format: Format, { host }: PostProcessing): void {
  if (format.archive === undefined && paths.length !== 1) {
    throw new Failure(
      `Can only have 1 input file when not using tar/zip. Found ${paths.length} files: [${paths.join(" ")}]`,
      { hint: "Give the output an extension like .tar.gz or .zip." },
    );
  }
  // The input is removed afterwards, and the output would be with it.
  if (paths.some((path) => host.files.resolve(path) === host.files.resolve(output))) {
    throw new Failure(`Cannot compress ${output} into itself`, { hint: "Give the output another name." });
  }
}

function announce(
  output: string,
  paths: readonly string[],
  { archive, compression }: Format,
  work: PostProcessing,
): void {
  if (compression === "xz") work.say(`Using xz compression for ${output}`);
  else if (compression !== undefined) {
    const cores = `${THREADS} core${THREADS === 1 ? "" : "s"}`;
    work.say(`Using ${nameOf(compression)} compression with ${cores} for ${output}`);
  }
  if (archive === "zip") work.say(`Zipping ${output}`);
  else if (archive === "tar") {
    work.say(`Tarring ${output} with ${compression === undefined ? "no compression" : nameOf(compression)}`);
  } else if (compression !== undefined) work.say(`Archiving ${paths[0]} with ${nameOf(compression)}`);
}

/** Packer says "pgzip" for gzip. */
function nameOf(compression: Compression): string {
  return compression === "gzip" ? "pgzip" : compression;
}

async function write(
  paths: readonly string[],
  format: Format,
  level: number,
  output: Writable,
  work: PostProcessing,
): Promise<void> {
  const { host, signal } = work;
  if (format.archive === "zip") return await zipFiles(paths, output, host, signal);
  const bytes = format.archive === "tar" ? tarFiles(paths, host) : host.files.reader(paths[0] ?? "");
  try {
    await writeCompressed(bytes, format.compression, level, output, work);
  } finally {
    bytes.destroy();
  }
}

function artifactOf(output: string, input: Artifact): Artifact {
  return {
    builderId: BUILDER_ID,
    id: "",
    description: `compressed artifacts in: ${output}`,
    files: [{ path: output, root: "cwd" }],
    state: input.state,
    destroy: (host) => host.files.remove(output),
  };
}
