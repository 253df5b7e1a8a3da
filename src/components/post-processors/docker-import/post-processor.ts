import { builderIds, imageArtifact } from "../../../platforms/docker/artifacts/image-artifact.ts";
import { connectEngine } from "../../../platforms/docker/engine/engine.ts";
import { importImage, tagImage } from "../../../platforms/docker/images/images.ts";
import { dockerImageKind, newOwnedImage } from "../../../platforms/docker/owned/owned-image.ts";
import { definePostProcessor } from "../../../sdk/component.ts";
import { Failure } from "../../../sdk/failure.ts";
import { string, stringList } from "../../../spec/fields.ts";

/** What may hold a tar of a file system. */
const SOURCES: readonly string[] = [builderIds.exported, "packer.post-processor.artifice"];

/** Makes an image of an exported file system. */
export const dockerImportPostProcessor = definePostProcessor({
  name: "docker-import",
  doc: "Makes an image of the Docker engine from a tar of a file system.",
  fields: {
    repository: string("Name of the image, without tag: `registry:5000/team/app`.", { required: true }),
    tag: string("Tag. Default: `latest`."),
    changes: stringList('Dockerfile instructions for the image: `USER app`, `EXPOSE 80`, `CMD ["app"]`.'),
    platform: string("Platform that the image is for: `linux/arm64`."),
    docker_path: string("Without effect: the engine is spoken to directly.", { hidden: true }),
  },
  owns: [dockerImageKind],

  async run(config, input, { host, signal, say, own }) {
    if (!SOURCES.includes(input.builderId)) {
      throw new Failure(
        `Unknown artifact type: ${input.builderId}\nCan only import from Docker builder and Artifice post-processor artifacts.`,
        { hint: "With commit = true the docker builder's image is in the engine already: docker-tag names it." },
      );
    }
    const file = input.files[0];
    if (file === undefined) throw new Failure("There is no file to import");
    const name = config.tag ? `${config.repository}:${config.tag}` : config.repository;
    const engine = await connectEngine(host, signal);
    try {
      say(`Importing image: ${input.id}`);
      say(`Repository: ${name}`);
      const hold = await own(newOwnedImage(engine.endpoint));
      const id = await importImage(
        engine,
        {
          content: host.files.reader(file.path),
          name: hold.owned.id,
          changes: config.changes,
          platform: config.platform,
        },
        signal,
      );
      await tagImage(engine, id, name, signal);
      await hold.handOver();
      say(`Imported ID: ${id}`);
      const artifact = imageArtifact({ builderId: builderIds.imported, id: name, endpoint: engine.endpoint });
      return { artifact, keepInput: false, mustKeepInput: false };
    } finally {
      engine.close();
    }
  },
});
