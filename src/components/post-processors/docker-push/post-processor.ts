import {
  builderIds,
  engineOf,
  generatedDataOf,
  imageArtifact,
  tagsOf,
} from "../../../platforms/docker/artifacts/image-artifact.ts";
import { type DockerEngine, speaks } from "../../../platforms/docker/engine/engine.ts";
import { isImageId, parseImageReference } from "../../../platforms/docker/images/image-reference.ts";
import { inspectImage, pushImage } from "../../../platforms/docker/images/images.ts";
import { checkLogin, logInByOptions, loginFields } from "../../../platforms/docker/images/login-options.ts";
import { definePostProcessor } from "../../../sdk/component.ts";
import { Failure } from "../../../sdk/failure.ts";
import { string } from "../../../spec/fields.ts";

/** Pushes an image under all the names that it was given. */
export const dockerPushPostProcessor = definePostProcessor({
  name: "docker-push",
  doc: "Pushes an image of the Docker engine to its registry.",
  fields: {
    platform: string("Platform to push, of an image that has several: `linux/arm64`."),
    docker_path: string("Without effect: the engine is spoken to directly.", { hidden: true }),
    ...loginFields,
  },
  check: (config, problems) => checkLogin(config, problems),

  async run(config, input, processing) {
    const { host, signal, say, warn } = processing;
    if (input.builderId !== builderIds.imported && input.builderId !== builderIds.tagged) {
      throw new Failure(
        `Unknown artifact type: ${input.builderId}\nCan only import from docker-import and docker-tag artifacts.`,
        { hint: "docker-push comes after docker-tag or docker-import in the same chain of post-processors." },
      );
    }
    const tags = tagsOf(input);
    const names = [...new Set([input.id, ...tags])];
    const nameless = names.find(isImageId);
    if (nameless !== undefined) {
      throw new Failure(`The image ${nameless} has no name to push it under`, {
        hint: "Put docker-tag before docker-push, both in one `post-processors` block.",
      });
    }
    const engine = await engineOf(input, host, signal);
    try {
      const login = await logInByOptions(engine, config, processing);
      const choosesPlatform = speaks(engine, "1.46");
      if (config.platform && !choosesPlatform)
        warn("This Docker engine is too old to choose a platform: it pushes the one it has");
      const platform = choosesPlatform ? config.platform : undefined;
      for (const name of names) {
        say(`Pushing: ${name}`);
        await pushImage(engine, { image: name, platform, login }, processing, signal);
      }
      const artifact = imageArtifact({
        builderId: builderIds.imported,
        id: input.id,
        endpoint: engine.endpoint,
        tags,
        generated: { ...generatedDataOf(input), Digest: await digestOf(engine, input.id, signal) },
      });
      return { artifact, keepInput: true, mustKeepInput: false };
    } finally {
      engine.close();
    }
  },
});

/** "registry/team/app@sha256:…", of the registry that was pushed to; empty where the engine does not know it. */
async function digestOf(engine: DockerEngine, name: string, signal: AbortSignal): Promise<string> {
  const digests = (await inspectImage(engine, name, signal))?.RepoDigests ?? [];
  const { repository } = parseImageReference(name);
  return digests.find((digest) => digest.startsWith(`${repository}@`)) ?? digests[0] ?? "";
}
