import { buildImage } from "../../../platforms/docker/build/build-image.ts";
import type { DockerEngine } from "../../../platforms/docker/engine/engine.ts";
import { type Image, inspectImage } from "../../../platforms/docker/images/images.ts";
import { logInByOptions } from "../../../platforms/docker/images/login-options.ts";
import { newOwnedImage } from "../../../platforms/docker/owned/owned-image.ts";
import type { Step } from "../../../sdk/component.ts";
import { Failure } from "../../../sdk/failure.ts";
import type { Config } from "../../../spec/field.ts";
import type { dockerFields } from "./fields.ts";

type Dockerfile = NonNullable<Config<typeof dockerFields>["build"]>;

/** Builds the image to start from, under a private name that is taken off at the end: what the product needs of it stays. */
export async function buildBaseImage(
  engine: DockerEngine,
  config: Config<typeof dockerFields>,
  dockerfile: Dockerfile,
  step: Step,
): Promise<Image> {
  step.say("Building base image...");
  const login = await logInByOptions(engine, config, step);
  const owned = newOwnedImage(engine.endpoint);
  await step.own(owned);
  await buildImage(
    engine,
    {
      name: owned.id,
      dockerfile: dockerfile.path,
      context: dockerfile.build_dir,
      buildArguments: dockerfile.arguments ?? {},
      pull: dockerfile.pull,
      compress: dockerfile.compress,
      target: dockerfile.target,
      platform: config.platform,
      login,
    },
    step,
  );
  const image = await inspectImage(engine, owned.id, step.signal);
  if (image === undefined) throw new Failure("The base image was built, but the Docker engine does not have it");
  step.say(`Finished building base image "${image.Id}"`);
  return image;
}
