import type { DockerEngine } from "../../../platforms/docker/engine/engine.ts";
import { EngineRefused } from "../../../platforms/docker/engine/engine-failure.ts";
import { isImageId } from "../../../platforms/docker/images/image-reference.ts";
import { type Image, inspectImage, pullImage } from "../../../platforms/docker/images/images.ts";
import { logInByOptions } from "../../../platforms/docker/images/login-options.ts";
import type { Work } from "../../../sdk/component.ts";
import { Failure } from "../../../sdk/failure.ts";
import type { Config } from "../../../spec/field.ts";
import type { dockerFields } from "./fields.ts";

/** The image to start from, pulled where the options say so or where it is missing. */
export async function obtainImage(
  engine: DockerEngine,
  config: Config<typeof dockerFields>,
  image: string,
  work: Work,
): Promise<Image> {
  const pull = config.pull ?? true;
  if (!pull) {
    const here = await inspectImage(engine, image, work.signal);
    if (here !== undefined) return here;
    // As `docker run` does; an id names nothing that a registry knows.
    if (isImageId(image))
      throw new Failure(`The Docker engine has no image ${image}`, {
        hint: "`docker images` lists those that it has.",
      });
    work.say(`The image ${image} is not here yet`);
  }
  work.say(`Pulling Docker image: ${image}`);
  const login = await logInByOptions(engine, config, work);
  try {
    await pullImage(engine, { image, platform: config.platform, login }, work, work.signal);
  } catch (fault) {
    throw pull && fault instanceof EngineRefused ? await withLocalHint(engine, image, fault, work.signal) : fault;
  }
  const pulled = await inspectImage(engine, image, work.signal);
  if (pulled === undefined) throw new Failure(`The image ${image} was pulled, but the Docker engine does not have it`);
  return pulled;
}

async function withLocalHint(
  engine: DockerEngine,
  image: string,
  fault: EngineRefused,
  signal: AbortSignal,
): Promise<Failure> {
  const here = await inspectImage(engine, image, signal).catch(() => undefined);
  if (here === undefined) return fault;
  const hint = `An image of that name is here already: pull = false starts from it.${fault.hint ? ` ${fault.hint}` : ""}`;
  return new Failure(fault.message, { cause: fault.cause, hint });
}
