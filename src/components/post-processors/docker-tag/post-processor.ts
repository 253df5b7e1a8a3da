import {
  builderIds,
  engineOf,
  generatedDataOf,
  imageArtifact,
} from "../../../platforms/docker/artifacts/image-artifact.ts";
import { tagImage } from "../../../platforms/docker/images/images.ts";
import { definePostProcessor } from "../../../sdk/component.ts";
import { Failure } from "../../../sdk/failure.ts";
import { boolean, string, stringList } from "../../../spec/fields.ts";

/** Names an image. The input is always kept: it is the same image. */
export const dockerTagPostProcessor = definePostProcessor({
  name: "docker-tag",
  doc: "Gives an image of the Docker engine one or more names.",
  fields: {
    repository: string("Name of the image, without tag: `registry:5000/team/app`.", { required: true }),
    tags: stringList("Tags. Default: `latest`."),
    tag: stringList("As `tags`.", { deprecated: "Use `tags`.", hidden: true }),
    force: boolean("Without effect: a name that another image has always moves.", { default: false, hidden: true }),
    docker_path: string("Without effect: the engine is spoken to directly.", { hidden: true }),
  },

  async run(config, input, { host, signal, say }) {
    if (input.builderId !== builderIds.tagged && input.builderId !== builderIds.imported) {
      throw new Failure(`Unknown artifact type: ${input.builderId}\nCan only tag from Docker builder artifacts.`, {
        hint: "The docker builder makes one with commit = true; docker-import makes one of an exported file.",
      });
    }
    const tags = [...(config.tags ?? []), ...(config.tag ?? [])];
    const names = tags.length === 0 ? [config.repository] : tags.map((tag) => `${config.repository}:${tag}`);
    const engine = await engineOf(input, host, signal);
    try {
      for (const name of names) {
        say(`Tagging image: ${input.id}`);
        say(`Repository: ${name}`);
        await tagImage(engine, input.id, name, signal);
      }
      const artifact = imageArtifact({
        builderId: builderIds.tagged,
        id: names.at(-1) ?? config.repository,
        endpoint: engine.endpoint,
        tags: tags.length === 0 ? [] : names,
        generated: generatedDataOf(input),
      });
      return { artifact, keepInput: true, mustKeepInput: true };
    } finally {
      engine.close();
    }
  },
});
