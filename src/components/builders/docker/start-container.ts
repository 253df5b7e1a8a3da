import {
  createContainer,
  inspectContainer,
  renameContainer,
  startContainer as startCreated,
} from "../../../platforms/docker/containers/containers.ts";
import { clientArguments } from "../../../platforms/docker/engine/endpoint.ts";
import type { DockerEngine } from "../../../platforms/docker/engine/engine.ts";
import { shielded } from "../../../platforms/docker/engine/shielded.ts";
import type { Image } from "../../../platforms/docker/images/images.ts";
import { newOwnedContainer } from "../../../platforms/docker/owned/owned-container.ts";
import type { Step } from "../../../sdk/component.ts";
import { Failure } from "../../../sdk/failure.ts";
import type { Owned, Ownership } from "../../../sdk/owned.ts";
import type { Config } from "../../../spec/field.ts";
import type { dockerFields } from "./fields.ts";
import { obtainImage } from "./obtain-image.ts";
import { containerRequest } from "./run-command/container-draft.ts";
import { draftContainer, optionArguments } from "./run-command/container-request.ts";
import { parseRunCommand } from "./run-command/parse-run-command.ts";

/** A container that runs, and our hold on it. */
export interface StartedContainer {
  readonly id: string;
  /** The name under which it is owned. */
  readonly ownName: string;
  readonly ownership: Ownership;
}

/** Creates and starts the container that the options and the run command (rendered) describe. */
export async function startContainer(
  engine: DockerEngine,
  config: Config<typeof dockerFields>,
  source: { readonly name: string; readonly image: Image; readonly runCommand: readonly string[] },
  step: Step,
): Promise<StartedContainer> {
  step.say("Starting docker container...");
  const owned = newOwnedContainer(engine.endpoint);
  const command = parseRunCommand(source.runCommand);
  const fault = command.faults[0];
  if (fault !== undefined) throw new Failure(`run_command: ${fault}`);
  const started =
    command.unknown.length > 0
      ? await startByClient(engine, config, { ...source, owned }, step)
      : await startByEngine(engine, config, { ...source, owned }, step);
  step.say(`Container ID: ${started.id}`);
  return started;
}

interface Source {
  readonly name: string;
  readonly image: Image;
  readonly runCommand: readonly string[];
  readonly owned: Owned;
}

async function startByEngine(
  engine: DockerEngine,
  config: Config<typeof dockerFields>,
  { name, image, runCommand, owned }: Source,
  step: Step,
): Promise<StartedContainer> {
  const { signal } = step;
  const command = parseRunCommand(runCommand);
  const named = command.image;
  if (named === undefined) throw new Failure("run_command names no image", { hint: 'It ends with "{{.Image}}".' });
  const draft = await draftContainer(config, command, step.host);
  // The run command may name another image than the options: as `docker run`, get it where it is missing.
  const used =
    named === name ? image : await obtainImage(engine, { ...config, pull: draft.pull === "always" }, named, step);

  const ownership = await step.own(owned);
  const request = containerRequest(draft, { name: named, defaults: used.Config }, command.command);
  const warn = (text: string) => step.warn(text);
  const id = await createContainer(engine, owned.id, request, { platform: draft.platform, warn }, signal);
  if (draft.name !== undefined) {
    await ownership.update({ endpoint: engine.endpoint, containerId: id, renamedTo: draft.name });
    await renameContainer(engine, id, draft.name, signal);
  }
  if (draft.idFile !== undefined) await step.host.files.write(draft.idFile, id);
  await startCreated(engine, id, signal);
  return { id, ownName: owned.id, ownership };
}

/** By the docker command, for flags that only it understands. It attaches to what it does not detach from. */
async function startByClient(
  engine: DockerEngine,
  config: Config<typeof dockerFields>,
  { runCommand, owned }: Source,
  step: Step,
): Promise<StartedContainer> {
  if (runCommand.some((argument) => /^--name(=|$)/.test(argument))) {
    throw new Failure("run_command has both --name and flags that are not known here", {
      hint: "Leave --name out: the container gets a name by which it is found and removed, whatever happens.",
    });
  }
  const ownership = await step.own(owned);
  const program = config.docker_path;
  const argv: [string, ...string[]] = [
    program,
    ...clientArguments(engine.endpoint),
    "run",
    "--detach",
    "--name",
    owned.id,
    ...optionArguments(config),
    ...runCommand,
  ];
  const result = await shielded(step.signal, (own) => step.host.run({ argv }, own));
  if (result.code !== 0) {
    throw new Failure(
      `\`${program} run\` could not start the container: ${result.stderr.trim() || `it exited with ${result.code}`}`,
    );
  }
  const container = await inspectContainer(engine, owned.id, step.signal);
  if (container === undefined)
    throw new Failure(`\`${program} run\` started no container that the Docker engine knows`);
  return { id: container.Id, ownName: owned.id, ownership };
}
