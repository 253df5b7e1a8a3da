import { pipeline } from "node:stream/promises";
import { builderIds, engineOf } from "../../../platforms/docker/artifacts/image-artifact.ts";
import { saveImage } from "../../../platforms/docker/images/images.ts";
import { definePostProcessor } from "../../../sdk/component.ts";
import { Failure } from "../../../sdk/failure.ts";
import { replaceFile } from "../../../sdk/replace-file.ts";
import { temporaryPathKind } from "../../../sdk/temporary-path.ts";
import { string } from "../../../spec/fields.ts";

/** Writes an image to a file that `docker load` reads; the image goes on as the artifact. */
export const dockerSavePostProcessor = definePostProcessor({
  name: "docker-save",
  doc: "Saves an image of the Docker engine to a tar file.",
  fields: {
    path: string("Path of the file.", { required: true, path: "cwd" }),
    docker_path: string("Without effect: the engine is spoken to directly.", { hidden: true }),
  },
  owns: [temporaryPathKind],

  async run({ path }, input, processing) {
    const { host, signal, say } = processing;
    if (input.builderId !== builderIds.imported && input.builderId !== builderIds.tagged) {
      throw new Failure(`Unknown artifact type: ${input.builderId}\nCan only save Docker builder artifacts.`, {
        hint: "What the docker builder exported is a file already.",
      });
    }
    const engine = await engineOf(input, host, signal);
    const progress = processing.progress(`Saving to ${path}`);
    try {
      say(`Saving image: ${input.id}`);
      let bytes = 0;
      await replaceFile(path, processing, async (output) => {
        const content = await saveImage(engine, input.id, signal);
        content.on("data", (chunk: Buffer) => {
          bytes += chunk.length;
          progress.update(bytes);
        });
        await pipeline(content, output, { signal });
      });
      say(`Saved to: ${path}`);
      return { artifact: input, keepInput: true, mustKeepInput: false };
    } finally {
      progress.done();
      engine.close();
    }
  },
});
