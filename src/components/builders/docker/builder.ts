import { builderIds, imageArtifact } from "../../../platforms/docker/artifacts/image-artifact.ts";
import { describeEndpoint } from "../../../platforms/docker/engine/endpoint.ts";
import { connectEngine, type DockerEngine } from "../../../platforms/docker/engine/engine.ts";
import type { Image } from "../../../platforms/docker/images/images.ts";
import { dockerContainerKind } from "../../../platforms/docker/owned/owned-container.ts";
import { dockerImageKind } from "../../../platforms/docker/owned/owned-image.ts";
import type { Artifact } from "../../../sdk/artifact.ts";
import { type Build, defineBuilder } from "../../../sdk/component.ts";
import { Failure } from "../../../sdk/failure.ts";
import type { Json } from "../../../sdk/json.ts";
import { temporaryPathKind } from "../../../sdk/temporary-path.ts";
import type { Config } from "../../../spec/field.ts";
import { buildBaseImage } from "./build-base-image.ts";
import { checkDocker } from "./check.ts";
import { commitContainer } from "./commit-container.ts";
import { dockerMachine } from "./docker-machine.ts";
import { exportArtifact, exportContainer } from "./export-container.ts";
import { dockerFields } from "./fields.ts";
import { findEngine } from "./find-engine.ts";
import { obtainImage } from "./obtain-image.ts";
import { renderRunCommand } from "./run-command/container-request.ts";
import { type StartedContainer, startContainer } from "./start-container.ts";

/** Builds images of containers: starts one, provisions it, and commits or exports it. Needs an engine, not the docker command. */
export const dockerBuilder = defineBuilder({
  name: "docker",
  doc: "Makes a container image or a tar file: starts a container, provisions it, and commits or exports it.",
  fields: dockerFields,
  check: checkDocker,
  generates: ["ImageSha256", "SourceImageDigest"],
  owns: [dockerContainerKind, dockerImageKind, temporaryPathKind],
  ownership: "journaled",
  makes({ commit, export_path, discard }) {
    if (commit) return "an image of the Docker engine";
    return export_path === undefined
      ? discard
        ? "nothing: the container is thrown away"
        : undefined
      : `the tar file ${export_path}`;
  },

  async run(config, build) {
    const engine = await build.step("find-engine", "Find the Docker engine", (step) =>
      findEngine(step.host, config.docker_path, step.signal),
    );
    try {
      return await cast(engine, config, build);
    } finally {
      engine.close();
    }
  },

  async readiness(host, signal) {
    const what = "Docker engine";
    try {
      const engine = await connectEngine(host, signal);
      engine.close();
      return [{ what, state: "ready", detail: `API ${engine.apiVersion} at ${describeEndpoint(engine.endpoint)}` }];
    } catch (fault) {
      if (!(fault instanceof Failure)) throw fault;
      return [{ what, state: "missing", detail: fault.message, ...(fault.hint !== undefined && { hint: fault.hint }) }];
    }
  },
});

async function cast(
  engine: DockerEngine,
  config: Config<typeof dockerFields>,
  build: Build,
): Promise<Artifact | undefined> {
  const { image, name } = await sourceImage(engine, config, build);
  const source: Record<string, Json> = {
    ImageSha256: "ERR_IMAGE_SHA256_NOT_FOUND",
    SourceImageSha256: image.Id,
    SourceImageDigest: image.RepoDigests?.[0] ?? "",
  };
  const runCommand = renderRunCommand(build, config.run_command, name);
  const container = await build.step("start-container", "Start the container", (step) =>
    startContainer(engine, config, { name, image, runCommand }, step),
  );
  const machine = dockerMachine(engine, container.id, config, { facts: source, warn: (text) => build.warn(text) });
  await build.provision(machine);

  if (config.commit) return commitAndHandOver(engine, config, container, source, build);
  const path = config.export_path;
  if (path)
    await build.step("export", "Export the container", (step) => exportContainer(engine, container.id, path, step));
  await removeContainer(container, build);
  return path ? exportArtifact(path, source) : undefined;
}

/** The image to start from, and the name by which the run command calls it. */
async function sourceImage(
  engine: DockerEngine,
  config: Config<typeof dockerFields>,
  build: Build,
): Promise<{ image: Image; name: string }> {
  const dockerfile = config.build;
  if (dockerfile !== undefined) {
    const image = await build.step("build-image", "Build the base image", (step) =>
      buildBaseImage(engine, config, dockerfile, step),
    );
    return { image, name: image.Id };
  }
  const name = config.image ?? "";
  const image = await build.step("obtain-image", "Get the base image", (step) =>
    obtainImage(engine, config, name, step),
  );
  return { image, name };
}

async function commitAndHandOver(
  engine: DockerEngine,
  config: Config<typeof dockerFields>,
  container: StartedContainer,
  source: Readonly<Record<string, Json>>,
  build: Build,
): Promise<Artifact> {
  const committed = await build.step("commit", "Commit the container", (step) =>
    commitContainer(engine, container, config, step),
  );
  await Promise.all([committed.ownership.handOver(), removeContainer(container, build)]);
  return imageArtifact({
    builderId: builderIds.imported,
    id: committed.id,
    endpoint: engine.endpoint,
    generated: { ...source, ImageSha256: committed.id },
  });
}

async function removeContainer(container: StartedContainer, build: Build): Promise<void> {
  build.say(`Killing the container: ${container.id}`);
  await container.ownership.destroy();
}
