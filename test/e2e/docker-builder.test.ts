import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { dockerBuilder } from "../../src/components/builders/docker/builder.ts";
import type { Artifact } from "../../src/sdk/artifact.ts";
import type { Host } from "../../src/sdk/host.ts";
import { localHost } from "../../src/sdk/local-host/local-host.ts";
import type { Machine } from "../../src/sdk/machine.ts";
import { describeBuilder } from "../conformance/describe-builder.ts";
import { type TestBuild, testBuild } from "../conformance/describe-builder-build.ts";
import { decodeConfig, type Plain } from "../support/decode-config.ts";
import { baseImage, docker, noDocker } from "../support/docker.ts";

const skip = noDocker ? ` (skipped: ${noDocker})` : "";
const never = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), "ingot-docker-builder-"));
const host: Host = localHost({ cwd: folder });
// What is made from this image carries its label, so that what others do with the engine meanwhile can be told apart.
const label = `org.example.test=${randomBytes(6).toString("hex")}`;
const base = noDocker === undefined ? labelledImage() : "";

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  if (base !== "") docker("rmi", base);
});

function labelledImage(): string {
  const container = docker("create", baseImage(), "true");
  const name = `ingot-e2e/base-${label.slice(-12)}:latest`;
  docker("commit", "--change", `LABEL ${label}`, "--change", "CMD []", container, name);
  docker("rm", container);
  return name;
}

function inventory(): string[] {
  const filter = ["--no-trunc", "--filter", `label=${label}`, "--format"];
  return [
    ...docker("ps", "-a", ...filter, "container {{.Names}} {{.ID}}").split("\n"),
    ...docker("images", "-a", ...filter, "image {{.Repository}}:{{.Tag}} {{.ID}}").split("\n"),
  ].sort();
}

const imageExists = ({ id }: Artifact) => docker("images", "-a", "--no-trunc", "-q").split("\n").includes(id);

describeBuilder(dockerBuilder, {
  skipped: noDocker,
  host: () => host,
  options: () => ({ image: base, pull: false, commit: true }),
  doomed: () => ({ image: "127.0.0.1:1/nothing:here", commit: true }),
  inventory,
  exists: imageExists,
});

describeBuilder(
  { ...dockerBuilder, name: "docker (export)" },
  {
    skipped: noDocker,
    host: () => host,
    options: () => ({ image: base, pull: false, export_path: "out/image.tar" }),
    inventory: () => [...inventory(), ...(existsSync(join(folder, "out")) ? readdirSync(join(folder, "out")) : [])],
    exists: () => existsSync(join(folder, "out", "image.tar")),
  },
);

describe.skipIf(noDocker !== undefined)(`a container build${skip}`, () => {
  let before: string[];
  const artifacts: Artifact[] = [];

  beforeAll(() => {
    before = inventory();
  });
  afterEach(async () => {
    for (const artifact of artifacts.splice(0)) await artifact.destroy(host, never);
    expect(inventory()).toEqual(before);
  });

  /** Builds, and gives the image's configuration as the engine has it. */
  async function build(
    options: Readonly<Record<string, Plain>>,
    commands: readonly string[] = [],
  ): Promise<{ artifact: Artifact | undefined; told: TestBuild; output: string; image: ImageConfig }> {
    let output = "";
    const take = (chunk: Buffer) => {
      output += chunk;
    };
    const { config, faults } = await decodeConfig(dockerBuilder, { pull: false, ...options }, host);
    expect(faults).toEqual([]);
    const provision = async (machine: Machine, signal: AbortSignal) => {
      const communicator = await machine.connect(signal);
      for (const line of commands) {
        await communicator.run({ line, onStdout: take }, signal);
      }
    };
    const told = testBuild({ host, kinds: dockerBuilder.owns, provision });
    try {
      const artifact = await dockerBuilder.run(config, told.build);
      if (artifact !== undefined) artifacts.push(artifact);
      const image: ImageConfig = artifact?.id.startsWith("sha256:") ? inspect(artifact.id) : {};
      return { artifact, told, output, image };
    } finally {
      await told.undo();
    }
  }

  test("commits what the provisioners changed", async () => {
    const { artifact } = await build({ image: base, commit: true }, ["echo built > /built"]);
    expect(docker("run", "--rm", artifact?.id ?? "", "cat", "/built")).toBe("built");
    expect(artifact).toMatchObject({ builderId: "packer.post-processor.docker-import", files: [] });
    expect(artifact?.description).toBe(`Imported Docker image: ${artifact?.id}`);
    expect(artifact?.state.generated_data).toMatchObject({ ImageSha256: artifact?.id });
  });

  test("leaves the product without any name, label or variable of ours", async () => {
    const { artifact, image } = await build({ image: base, commit: true });
    const whole = docker("inspect", artifact?.id ?? "");
    expect(JSON.parse(whole)[0].RepoTags).toEqual([]);
    expect(JSON.stringify(image)).not.toMatch(/ingot/);
  });

  test("keeps the base image's entrypoint and command, not those that the container was kept alive with", async () => {
    const plain = await build({ image: base, commit: true });
    expect(plain.image.Entrypoint ?? []).toEqual(inspect(base).Entrypoint ?? []);
    expect(plain.image.Cmd ?? []).toEqual(inspect(base).Cmd ?? []);
    const own = await build({
      image: base,
      commit: true,
      changes: ['ENTRYPOINT ["/bin/cat"]', 'CMD ["/etc/hostname"]'],
    });
    const next = await build({ image: own.artifact?.id ?? "", commit: true });
    expect(next.image).toMatchObject({ Entrypoint: ["/bin/cat"], Cmd: ["/etc/hostname"] });
    const changed = await build({ image: own.artifact?.id ?? "", commit: true, changes: ['ENTRYPOINT ["/bin/ls"]'] });
    expect(changed.image).toMatchObject({ Entrypoint: ["/bin/ls"], Cmd: ["/etc/hostname"] });
    // The children first: an image that others stand on cannot be deleted.
    artifacts.reverse();
  });

  test("applies author, message and changes", async () => {
    const changes = ["USER games", "WORKDIR /tmp", "ENV WHO me", "EXPOSE 80 443", "LABEL version=1.0", "VOLUME /data"];
    const { artifact, image } = await build({
      image: base,
      commit: true,
      author: "A. U. Thor",
      message: "a message",
      changes,
    });
    const [whole] = JSON.parse(docker("inspect", artifact?.id ?? ""));
    expect(whole).toMatchObject({ Author: "A. U. Thor", Comment: "a message" });
    expect(image).toMatchObject({
      User: "games",
      WorkingDir: "/tmp",
      Env: expect.arrayContaining(["WHO=me"]),
      ExposedPorts: { "80/tcp": {}, "443/tcp": {} },
      Labels: { version: "1.0" },
      Volumes: { "/data": {} },
    });
  });

  test("exports the file system to a tar, and nothing of it where exporting fails", async () => {
    const { artifact } = await build({ image: base, export_path: "deep/er/image.tar" }, ["echo x > /exported"]);
    expect(artifact).toMatchObject({
      builderId: "packer.docker",
      id: "Container",
      description: "Exported Docker file: deep/er/image.tar",
    });
    const names = execFileSync("tar", ["tf", join(folder, "deep/er/image.tar")], { encoding: "utf8", maxBuffer: 1e8 });
    expect(names.split("\n")).toContain("exported");
    expect(readdirSync(join(folder, "deep/er"))).toEqual(["image.tar"]);

    writeFileSync(join(folder, "a-file"), "");
    await expect(build({ image: base, export_path: "a-file/image.tar" })).rejects.toThrow(/a-file/);
  });

  test("makes nothing where the container is discarded", async () => {
    const { artifact, output } = await build({ image: base, discard: true }, ["echo ran"]);
    expect(artifact).toBeUndefined();
    expect(output).toBe("ran\n");
  });

  test("starts the container as the run command says", async () => {
    const name = `web-${randomBytes(4).toString("hex")}`;
    const run_command = [
      "-dit",
      "-u",
      "42",
      "--entrypoint=/bin/bash",
      "-eA=b",
      "-v",
      "/data",
      "-w",
      "/tmp",
      "--name",
      name,
      "--",
      "{{.Image}}",
    ];
    const { output, image } = await build({ image: base, commit: true, run_command }, [
      "id -u; pwd; echo $A; grep -c /data /proc/mounts",
    ]);
    expect(output).toBe("42\n/tmp\nb\n1\n");
    expect(image).toMatchObject({ User: "42", WorkingDir: "/tmp", Env: expect.arrayContaining(["A=b"]) });
    expect(image.Entrypoint ?? []).not.toContain("/bin/bash");
  });

  test("gives the container volumes, devices, capabilities and places in memory", async () => {
    writeFileSync(join(folder, "shared"), "from the host\n");
    const options = {
      volumes: { [folder]: "/shared:ro" },
      tmpfs: ["/scratch:size=1m"],
      device: ["/dev/null:/dev/nothing"],
      cap_add: ["NET_ADMIN"],
      cap_drop: ["CHOWN"],
      network: "none",
    };
    const { output } = await build({ image: base, discard: true, ...options }, [
      "cat /shared/shared; stat -f -c %T /scratch; test -c /dev/nothing && echo device; ls /sys/class/net; grep CapBnd /proc/self/status | cut -f2",
    ]);
    const [shared, scratch, device, network, capabilities] = output.split("\n");
    expect([shared, scratch, device, network]).toEqual(["from the host", "tmpfs", "device", "lo"]);
    const bits = BigInt(`0x${capabilities}`);
    expect([bits & 1n, (bits >> 12n) & 1n]).toEqual([0n, 1n]);
  });

  test("says what the container's process said when it ends at once", async () => {
    const run_command = ["-d", "--entrypoint=/bin/sh", "{{.Image}}", "-c", "echo no such thing; exit 4"];
    const { config } = await decodeConfig(
      dockerBuilder,
      { image: base, pull: false, discard: true, run_command },
      host,
    );
    const provision = async (machine: Machine, signal: AbortSignal) => {
      docker("wait", machine.facts.ID);
      await machine.connect(signal);
    };
    const told = testBuild({ host, kinds: dockerBuilder.owns, provision });
    const building = Promise.resolve(dockerBuilder.run(config, told.build)).finally(() => told.undo());
    await expect(building).rejects.toMatchObject({
      message: expect.stringMatching(/exit code 4.*no such thing/s),
      hint: expect.stringContaining("run_command"),
    });
  });

  test("lets the docker command start what only it understands", async () => {
    const run_command = ["-it", "--entrypoint=/bin/sh", "--use-api-socket=false", "{{.Image}}"];
    const { output } = await build({ image: base, discard: true, run_command }, ["echo ran"]);
    expect(output).toBe("ran\n");
  });

  test("starts from a Dockerfile, which its ignore file keeps things from", async () => {
    const context = mkdtempSync(join(folder, "context-"));
    writeFileSync(
      join(context, "Dockerfile"),
      `FROM ${base}\nARG WHO\nCOPY . /context\nRUN echo $WHO > /who\nENTRYPOINT ["/bin/cat"]\n`,
    );
    writeFileSync(join(context, ".dockerignore"), "*.secret\n!public.secret\n");
    for (const file of ["a", "b.secret", "public.secret"]) writeFileSync(join(context, file), file);
    const dockerfile = { path: join(context, "Dockerfile"), build_dir: context, pull: false, arguments: { WHO: "me" } };
    const { output, image } = await build({ build: dockerfile, commit: true }, ["cat /who; ls /context"]);
    expect(output).toBe("me\nDockerfile\na\npublic.secret\n");
    expect(image.Entrypoint).toEqual(["/bin/cat"]);
    await build({ build: { ...dockerfile, compress: true }, discard: true });
  });

  test("starts from a Dockerfile that lies outside of its context, without copying it in", async () => {
    const context = mkdtempSync(join(folder, "context-"));
    writeFileSync(join(context, "a"), "a");
    writeFileSync(join(folder, "Outside"), `FROM ${base}\nCOPY . /context\n`);
    const { output } = await build({ build: { path: "Outside", build_dir: context, pull: false }, discard: true }, [
      "ls -A /context",
    ]);
    expect(output).toBe("a\n");
  });

  test("says which instruction of a Dockerfile failed", async () => {
    writeFileSync(join(folder, "Failing"), `FROM ${base}\nRUN echo doing; exit 7\n`);
    const dockerfile = { path: "Failing", build_dir: mkdtempSync(join(folder, "context-")), pull: false };
    await expect(build({ build: dockerfile, discard: true })).rejects.toThrow(/exit 7.*returned a non-zero code: 7/s);
  });
});

interface ImageConfig {
  readonly User?: string;
  readonly Entrypoint?: readonly string[] | null;
  readonly Cmd?: readonly string[] | null;
}

function inspect(image: string): ImageConfig {
  return JSON.parse(docker("inspect", "--format", "{{json .Config}}", image));
}
