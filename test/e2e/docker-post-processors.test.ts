import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dockerImportPostProcessor } from "../../src/components/post-processors/docker-import/post-processor.ts";
import { dockerPushPostProcessor } from "../../src/components/post-processors/docker-push/post-processor.ts";
import { dockerSavePostProcessor } from "../../src/components/post-processors/docker-save/post-processor.ts";
import { dockerTagPostProcessor } from "../../src/components/post-processors/docker-tag/post-processor.ts";
import { builderIds, imageArtifact } from "../../src/platforms/docker/artifacts/image-artifact.ts";
import { findEndpoint } from "../../src/platforms/docker/engine/endpoint.ts";
import { connectEngine } from "../../src/platforms/docker/engine/engine.ts";
import { pullImage } from "../../src/platforms/docker/images/images.ts";
import { dockerImageKind } from "../../src/platforms/docker/owned/owned-image.ts";
import type { Artifact } from "../../src/sdk/artifact.ts";
import type { PostProcessing, PostProcessor } from "../../src/sdk/component.ts";
import { localHost } from "../../src/sdk/local-host/local-host.ts";
import { temporaryPathKind } from "../../src/sdk/temporary-path.ts";
import { testBuild } from "../conformance/describe-builder-build.ts";
import { decodeConfig, type Plain } from "../support/decode-config.ts";
import { docker, noDocker } from "../support/docker.ts";

const never = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), "ingot-docker-images-"));
const token = randomBytes(6).toString("hex");
const skip = noDocker ? ` (skipped: ${noDocker})` : "";
const noRegistry = noDocker ?? whyNoRegistry();

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(noDocker !== undefined)(`what is made of an image${skip}`, () => {
  let image: Artifact;

  beforeAll(async () => {
    image = await committed();
  });
  afterAll(async () => {
    for (const name of docker("images", "-q", "--filter", `label=test=${token}`).split("\n")) {
      if (name !== "") docker("rmi", "-f", name);
    }
  });

  test("docker-tag gives it every tag, and its artifact the last", async () => {
    const { result, said } = await process(dockerTagPostProcessor, image, {
      repository: `ingot-e2e/${token}`,
      tags: ["a", "b"],
    });
    expect(result).toMatchObject({ keepInput: true, mustKeepInput: true });
    expect(result.artifact).toMatchObject({
      builderId: "packer.post-processor.docker-tag",
      id: `ingot-e2e/${token}:b`,
      description: `Imported Docker image: ingot-e2e/${token}:b with tags ingot-e2e/${token}:a ingot-e2e/${token}:b`,
      state: { generated_data: { ImageSha256: image.id } },
    });
    expect(said).toEqual([
      `Tagging image: ${image.id}`,
      `Repository: ingot-e2e/${token}:a`,
      `Tagging image: ${image.id}`,
      `Repository: ingot-e2e/${token}:b`,
    ]);
    for (const tag of ["a", "b"]) expect(idOf(`ingot-e2e/${token}:${tag}`)).toBe(image.id);

    await result.artifact?.destroy(localHost(), never);
    expect(idOf(`ingot-e2e/${token}:a`)).toBe(image.id);
    expect(() => idOf(`ingot-e2e/${token}:b`)).toThrow();
  });

  test("docker-tag without tags takes the repository as the name", async () => {
    const { result } = await process(dockerTagPostProcessor, image, { repository: `ingot-e2e/${token}-plain` });
    expect(result.artifact?.id).toBe(`ingot-e2e/${token}-plain`);
    expect(idOf(`ingot-e2e/${token}-plain:latest`)).toBe(image.id);
  });

  test.each([
    [dockerTagPostProcessor, { repository: "x" }, "Can only tag from Docker builder artifacts."],
    [dockerSavePostProcessor, { path: "x.tar" }, "Can only save Docker builder artifacts."],
    [dockerPushPostProcessor, {}, "Can only import from docker-import and docker-tag artifacts."],
  ])("$name refuses what is no image", async (postProcessor, options, message) => {
    const other = { ...image, builderId: "packer.file" };
    await expect(process(postProcessor, other, options)).rejects.toThrow(
      `Unknown artifact type: packer.file\n${message}`,
    );
  });

  test("docker-save writes what docker load reads, and passes the image on", async () => {
    const { result } = await process(dockerSavePostProcessor, image, { path: "saved/image.tar" });
    expect(result).toMatchObject({ artifact: image, keepInput: true, mustKeepInput: false });
    expect(execFileSync("tar", ["tf", join(folder, "saved/image.tar")], { encoding: "utf8" })).toContain(
      "manifest.json",
    );
    expect(readdirSync(join(folder, "saved"))).toEqual(["image.tar"]);
  });

  test("docker-save leaves no file where saving fails", async () => {
    const gone = { ...image, id: `sha256:${"0".repeat(64)}` };
    await expect(process(dockerSavePostProcessor, gone, { path: "failed/image.tar" })).rejects.toThrow(
      /no such (image|file)|reference does not exist/i,
    );
    expect(existsSync(join(folder, "failed/image.tar"))).toBe(false);
  });

  test("docker-import makes an image of an exported file system, under the name only", async () => {
    const exported: Artifact = {
      ...image,
      builderId: "packer.docker",
      id: "Container",
      files: [{ path: tarOfFiles(), root: "cwd" }],
    };
    const options = { repository: `ingot-e2e/${token}-in`, tag: "1", changes: ["ENV A=b", `LABEL test=${token}`] };
    const { result, said } = await process(dockerImportPostProcessor, exported, options);
    expect(result).toMatchObject({ keepInput: false, mustKeepInput: false });
    expect(result.artifact).toMatchObject({
      builderId: "packer.post-processor.docker-import",
      id: `ingot-e2e/${token}-in:1`,
    });
    const [inspected] = JSON.parse(docker("inspect", `ingot-e2e/${token}-in:1`));
    expect(inspected).toMatchObject({
      RepoTags: [`ingot-e2e/${token}-in:1`],
      Config: { Env: expect.arrayContaining(["A=b"]) },
    });
    expect(said.at(-1)).toBe(`Imported ID: ${inspected.Id}`);
  });

  test("docker-import refuses an image, and says what is for that", async () => {
    await expect(process(dockerImportPostProcessor, image, { repository: "x" })).rejects.toMatchObject({
      hint: expect.stringContaining("docker-tag"),
    });
  });

  test("docker-push refuses an image without a name, and says how it gets one", async () => {
    await expect(process(dockerPushPostProcessor, image, {})).rejects.toMatchObject({
      hint: expect.stringContaining("docker-tag"),
    });
  });
});

describe.skipIf(noRegistry !== undefined)(`a registry${noRegistry ? ` (skipped: ${noRegistry})` : ""}`, () => {
  let open: Registry;
  let locked: Registry;
  let image: Artifact;

  beforeAll(async () => {
    open = await startRegistry("open", false);
    locked = await startRegistry("locked", true);
    image = await committed();
  });
  afterAll(async () => {
    for (const name of docker("images", "-q", "--filter", `label=test=${token}`).split("\n")) {
      if (name !== "") docker("rmi", "-f", name);
    }
    await open?.stop();
    await locked?.stop();
  });

  async function tagged(repository: string, tags: readonly string[]): Promise<Artifact> {
    const { result } = await process(dockerTagPostProcessor, image, { repository, tags });
    if (result.artifact === undefined) throw new Error("no artifact");
    return result.artifact;
  }

  test("gets every tag pushed, each once, and the digest goes on", async () => {
    const repository = `${open.address}/team/app`;
    const { result, said } = await process(dockerPushPostProcessor, await tagged(repository, ["1", "2"]), {});
    expect(said.filter((line) => line.startsWith("Pushing: "))).toEqual([
      `Pushing: ${repository}:2`,
      `Pushing: ${repository}:1`,
    ]);
    expect(result).toMatchObject({ keepInput: true, mustKeepInput: false });
    expect(result.artifact).toMatchObject({
      builderId: "packer.post-processor.docker-import",
      id: `${repository}:2`,
      state: {
        docker_tags: [`${repository}:1`, `${repository}:2`],
        generated_data: { ImageSha256: image.id, Digest: expect.stringMatching(`^${repository}@sha256:`) },
      },
    });
    expect(await open.tags("team/app")).toEqual(["1", "2"]);
  });

  test("gives back what was pushed, with progress", async () => {
    const name = `${open.address}/team/back:1`;
    await process(dockerPushPostProcessor, await tagged(`${open.address}/team/back`, ["1"]), {});
    docker("rmi", name);
    const engine = await connectEngine(localHost(), never);
    const said: string[] = [];
    await pullImage(
      engine,
      { image: name },
      { say: (text) => void said.push(text), progress: () => ({ update() {}, done() {} }) },
      never,
    );
    engine.close();
    expect(idOf(name)).toBe(image.id);
    expect(said).toContainEqual(expect.stringMatching(/^Digest: sha256:/));
  });

  test("that wants a login gets it from the options", async () => {
    const artifact = await tagged(`${locked.address}/team/app`, ["1"]);
    const login = { login: true, login_server: locked.address, login_username: "user", login_password: "secret" };
    await process(dockerPushPostProcessor, artifact, login);
    expect(await locked.tags("team/app")).toEqual(["1"]);
  });

  test("that wants a login gets it from config.json and from credential helpers", async () => {
    const artifact = await tagged(`${locked.address}/team/configured`, ["1"]);
    const config = mkdtempSync(join(folder, "config-"));
    const auth = Buffer.from("user:secret").toString("base64");
    writeFileSync(join(config, "config.json"), JSON.stringify({ auths: { [locked.address]: { auth } } }));
    await process(dockerPushPostProcessor, artifact, {}, { DOCKER_CONFIG: config });

    writeFileSync(join(config, "config.json"), JSON.stringify({ credHelpers: { [locked.address]: "e2e" } }));
    const helper = `#!/bin/sh\nread -r server\n[ "$1 $server" = "get ${locked.address}" ] && echo '{"Username":"user","Secret":"secret"}'\n`;
    writeFileSync(join(config, "docker-credential-e2e"), helper, { mode: 0o755 });
    const PATH = `${config}:${globalThis.process.env.PATH}`;
    await process(dockerPushPostProcessor, artifact, {}, { DOCKER_CONFIG: config, PATH });
    expect(await locked.tags("team/configured")).toEqual(["1"]);
  });

  test("that refuses a login or its lack is quoted, with what to do", async () => {
    const artifact = await tagged(`${locked.address}/team/refused`, ["1"]);
    const wrong = { login: true, login_server: locked.address, login_username: "user", login_password: "guess" };
    await expect(process(dockerPushPostProcessor, artifact, wrong)).rejects.toMatchObject({
      message: expect.stringMatching(/log in to .*unauthorized/i),
      hint: expect.stringContaining("docker login"),
    });
    await expect(process(dockerPushPostProcessor, artifact, {}, { DOCKER_CONFIG: folder })).rejects.toMatchObject({
      message: expect.stringMatching(/push the image .*(no basic auth|unauthorized)/i),
      hint: expect.stringContaining("login_username"),
    });
  });

  test("that nobody runs is named, with what to do", async () => {
    const artifact = await tagged("127.0.0.1:1/team/app", ["1"]);
    await expect(process(dockerPushPostProcessor, artifact, {})).rejects.toMatchObject({
      message: expect.stringContaining("127.0.0.1:1"),
      hint: expect.stringContaining("registry"),
    });
  });
});

/** Runs a post-processor as the engine would; what it still owns afterwards is undone. */
async function process(
  postProcessor: PostProcessor,
  input: Artifact,
  options: Readonly<Record<string, Plain>>,
  environment: Readonly<Record<string, string>> = {},
) {
  const host = localHost({ cwd: folder, environment: { ...globalThis.process.env, ...environment } });
  const { config, faults } = await decodeConfig(postProcessor, options, host);
  expect(faults).toEqual([]);
  const told = testBuild({ host, kinds: [dockerImageKind, temporaryPathKind] });
  try {
    const result = await told.build.step("process", "Process", (step) => {
      const processing: PostProcessing = { ...step, facts: told.build.facts, machine: {} };
      return postProcessor.run(config, input, processing);
    });
    return { result, said: told.said };
  } finally {
    await told.undo();
  }
}

/** A small image without a name, as the builder would hand it over. */
async function committed(): Promise<Artifact> {
  const name = `ingot-e2e/${token}-source:latest`;
  execFileSync("docker", ["import", "--change", `LABEL test=${token}`, tarOfFiles(), name]);
  const id = idOf(name);
  const endpoint = await findEndpoint(localHost());
  return imageArtifact({ builderId: builderIds.imported, id, endpoint, generated: { ImageSha256: id } });
}

function tarOfFiles(): string {
  const path = join(folder, `files-${randomBytes(4).toString("hex")}.tar`);
  writeFileSync(join(folder, "content"), randomBytes(2_000_000));
  execFileSync("tar", ["cf", path, "-C", folder, "content"]);
  return path;
}

function idOf(name: string): string {
  return docker("inspect", "--format", "{{.Id}}", name);
}

interface Registry {
  /** "127.0.0.1:5000" */
  readonly address: string;
  tags(repository: string): Promise<string[]>;
  stop(): Promise<void>;
}

/** The hash is bcrypt's of the password. */
const LOGIN = {
  user: "user",
  password: "secret",
  hash: "$2y$05$ingotingotingotingotievTPeMxM2vqQmRuoJLEzQjeFH5YtI566",
};

async function startRegistry(name: string, locked: boolean): Promise<Registry> {
  const port = await localHost().freePort();
  const address = `127.0.0.1:${port}`;
  const users = join(folder, `${name}.users`);
  if (locked) writeFileSync(users, `${LOGIN.user}:${LOGIN.hash}\n`);
  const config = [
    "version: 0.1",
    "log: {level: error, accesslog: {disabled: true}}",
    `storage: {filesystem: {rootdirectory: ${join(folder, name)}}, delete: {enabled: true}}`,
    `http: {addr: ${address}}`,
    ...(locked ? [`auth: {htpasswd: {realm: test, path: ${users}}}`] : []),
  ];
  const path = join(folder, `${name}.yml`);
  writeFileSync(path, `${config.join("\n")}\n`);
  const server: ChildProcess = spawn("docker-registry", ["serve", path], { stdio: "ignore" });
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  await until(() =>
    fetch(`http://${address}/v2/`).then(
      () => true,
      () => false,
    ),
  );
  const headers = { Authorization: `Basic ${Buffer.from(`${LOGIN.user}:${LOGIN.password}`).toString("base64")}` };
  return {
    address,
    async tags(repository) {
      const answer = await fetch(`http://${address}/v2/${repository}/tags/list`, { headers });
      const { tags }: { tags?: string[] } = JSON.parse(await answer.text());
      return (tags ?? []).sort();
    },
    async stop() {
      server.kill();
      await ended;
    },
  };
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error("the registry did not start within 20 s");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function whyNoRegistry(): string | undefined {
  const folders = (globalThis.process.env.PATH ?? "").split(":");
  if (folders.some((place) => existsSync(join(place, "docker-registry")))) return undefined;
  return "there is no docker-registry: apt-get install docker-registry";
}
