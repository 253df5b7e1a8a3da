import { commitContainer as commit, inspectContainer } from "../../../platforms/docker/containers/containers.ts";
import type { DockerEngine } from "../../../platforms/docker/engine/engine.ts";
import { parseImageReference } from "../../../platforms/docker/images/image-reference.ts";
import { inspectImage } from "../../../platforms/docker/images/images.ts";
import { newOwnedImage } from "../../../platforms/docker/owned/owned-image.ts";
import type { Step } from "../../../sdk/component.ts";
import { Failure } from "../../../sdk/failure.ts";
import type { Ownership } from "../../../sdk/owned.ts";
import type { Config } from "../../../spec/field.ts";
import type { dockerFields } from "./fields.ts";
import type { StartedContainer } from "./start-container.ts";

/** Under a private name, until it is handed over. */
export interface CommittedImage {
  /** "sha256:…" */
  readonly id: string;
  readonly ownership: Ownership;
}

/**
 * Makes an image of the container. What the container was started with only so that it stays (entrypoint, command,
 * terminal) does not get into it: it has those of the image it comes from, or what `changes` say.
 */
export async function commitContainer(
  engine: DockerEngine,
  container: StartedContainer,
  config: Config<typeof dockerFields>,
  step: Step,
): Promise<CommittedImage> {
  const { signal } = step;
  const inspected = await inspectContainer(engine, container.id, signal);
  if (inspected === undefined) {
    throw new Failure("The container cannot be committed: it does not exist any more", {
      hint: "Something else removed it while it was being provisioned.",
    });
  }
  const base = (await inspectImage(engine, inspected.Image, signal))?.Config;
  const owned = newOwnedImage(engine.endpoint, container.ownName);
  const { repository, tag = "latest" } = parseImageReference(owned.id);
  const ownership = await step.own(owned);
  step.say("Committing the container");
  const id = await commit(
    engine,
    container.id,
    {
      repository,
      tag,
      author: config.author,
      message: config.message,
      changes: withBase(config.changes ?? [], base),
      config: {
        ...inspected.Config,
        // Empty lists, not null: null would mean the container's.
        Entrypoint: base?.Entrypoint ?? [],
        Cmd: base?.Cmd ?? [],
        Hostname: "",
        Domainname: "",
        Image: "",
        AttachStdin: false,
        AttachStdout: false,
        AttachStderr: false,
        Tty: false,
        OpenStdin: false,
        StdinOnce: false,
      },
    },
    signal,
  );
  step.say(`Image ID: ${id}`);
  return { id, ownership };
}

interface BaseConfig {
  readonly Entrypoint?: readonly string[] | null;
  readonly Cmd?: readonly string[] | null;
}

/**
 * A change of the entrypoint makes an engine forget the command. As with Packer's plugin, whichever of the two the
 * changes leave out stays that of the base image.
 */
function withBase(changes: readonly string[], base: BaseConfig | null | undefined): string[] {
  const changed = (instruction: string) =>
    changes.some((change) => change.trimStart().toUpperCase().startsWith(instruction));
  const restored: string[] = [];
  if (!changed("CMD") && base?.Cmd?.length) restored.push(`CMD ${JSON.stringify(base.Cmd)}`);
  if (!changed("ENTRYPOINT") && base?.Entrypoint?.length)
    restored.push(`ENTRYPOINT ${JSON.stringify(base.Entrypoint)}`);
  return [...changes, ...restored];
}
