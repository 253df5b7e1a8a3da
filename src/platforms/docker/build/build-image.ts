import { createGzip } from "node:zlib";
import type { Work } from "../../../sdk/component.ts";
import type { DockerEngine } from "../engine/engine.ts";
import { speaks } from "../engine/engine.ts";
import { type EngineMessage, messagesOf } from "../engine/messages.ts";
import { parseImageReference } from "../images/image-reference.ts";
import { pullImage } from "../images/images.ts";
import { buildHeaders, loginFor, type RegistryLogin } from "../images/registry-login.ts";
import { buildContext } from "./build-context.ts";
import { decodeBuildTrace } from "./build-trace.ts";
import { imagesFrom } from "./images-from.ts";

export interface ImageBuild {
  /** Name that the image gets. */
  readonly name: string;
  readonly dockerfile: string;
  /** Folder. */
  readonly context: string;
  readonly buildArguments: Readonly<Record<string, string>>;
  /** Looks for newer base images. */
  readonly pull: boolean;
  readonly compress: boolean;
  readonly target?: string | undefined;
  readonly platform?: string | undefined;
  readonly login?: RegistryLogin | undefined;
}

const HOUR = 3600_000;

/**
 * Builds an image from a Dockerfile: with BuildKit where the engine has it (unless DOCKER_BUILDKIT=0), with the
 * classic builder else, and where the Dockerfile lies outside of the context, since only that builder then keeps it
 * out of the image.
 */
export async function buildImage(engine: DockerEngine, build: ImageBuild, work: Work): Promise<void> {
  const { host } = engine;
  const context = await buildContext(host, build.context, build.dockerfile);
  const buildKit = host.environment.DOCKER_BUILDKIT !== "0" && speaks(engine, "1.39") && !context.added;
  // Without a session, BuildKit can ask nobody for credentials: what needs them is pulled before.
  const pulled = buildKit && (await pullPrivateImages(engine, build, work));
  const reader = new BuildReader(work);
  const request = {
    what: `Could not build the image of ${build.dockerfile}`,
    method: "POST",
    path: "/build",
    query: {
      t: build.name,
      dockerfile: context.dockerfile,
      buildargs: JSON.stringify(build.buildArguments),
      pull: build.pull && !pulled ? true : undefined,
      target: build.target,
      platform: build.platform,
      version: buildKit ? 2 : 1,
      rm: true,
      forcerm: true,
    },
    headers: await buildHeaders(host, build.login, work.signal),
    body: build.compress ? context.archive.pipe(createGzip()) : context.archive,
    limit: HOUR,
  } as const;
  for await (const message of messagesOf(engine, request, work.signal)) reader.take(message);
}

/** True: all base images were pulled with credentials, if only one needed them. */
async function pullPrivateImages(engine: DockerEngine, build: ImageBuild, work: Work): Promise<boolean> {
  const images = imagesFrom(await engine.host.files.readText(build.dockerfile), build.buildArguments);
  const logins = await Promise.all(
    images.map((image) => loginFor(engine.host, parseImageReference(image).registry, build.login, work.signal)),
  );
  if (!build.pull || logins.every((login) => login === undefined)) return false;
  for (const image of images) {
    await pullImage(engine, { image, platform: build.platform, login: build.login }, work, work.signal);
  }
  return true;
}

/** Shows a build's messages: BuildKit's trace, or the classic builder's text. */
class BuildReader {
  readonly #work: Work;
  readonly #shown = new Set<string>();

  constructor(work: Work) {
    this.#work = work;
  }

  take(message: EngineMessage): void {
    if (message.stream !== undefined) this.#work.output("stdout", message.stream);
    else if (message.id === "moby.buildkit.trace" && typeof message.aux === "string") this.#trace(message.aux);
    else if (message.status !== undefined && message.progressDetail?.total === undefined)
      this.#work.say(message.status);
  }

  #trace(encoded: string): void {
    const { steps, logs } = decodeBuildTrace(Buffer.from(encoded, "base64"));
    for (const { digest, name, started, cached } of steps) {
      if (!started || this.#shown.has(digest)) continue;
      this.#shown.add(digest);
      this.#work.say(cached ? `${name} (cached)` : name);
    }
    for (const { stream, text } of logs) this.#work.output(stream === 2 ? "stderr" : "stdout", text);
  }
}
