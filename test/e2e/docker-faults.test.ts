import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer, type Server, type Socket, connect as tcpConnect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dockerBuilder } from "../../src/components/builders/docker/builder.ts";
import { connectEngine } from "../../src/platforms/docker/engine/engine.ts";
import { EngineLost } from "../../src/platforms/docker/engine/engine-failure.ts";
import { dockerContainerKind } from "../../src/platforms/docker/owned/owned-container.ts";
import { Disconnected } from "../../src/sdk/communicator.ts";
import { Failure } from "../../src/sdk/failure.ts";
import { localHost } from "../../src/sdk/local-host/local-host.ts";
import type { Machine } from "../../src/sdk/machine.ts";
import { type TestBuild, testBuild } from "../conformance/describe-builder-build.ts";
import { decodeConfig, type Plain } from "../support/decode-config.ts";
import { baseImage, noDocker } from "../support/docker.ts";

const never = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), "ingot-docker-faults-"));
const noEngine = noDocker ?? whyNoOwnEngine();

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("without an engine", () => {
  const failing = async (DOCKER_HOST: string) => failureOf(connectEngine(hostWith({ DOCKER_HOST }), never));

  test("the address, what is wrong with it, and what names it are told", async () => {
    const fault = await failing(`unix://${join(folder, "none.sock")}`);
    expect(fault).toBeInstanceOf(EngineLost);
    expect(fault.message).toBe(
      `Could not reach the Docker engine: no Docker engine listens at unix://${join(folder, "none.sock")} (DOCKER_HOST)`,
    );
    expect(fault.hint).toContain("DOCKER_HOST");
  });

  test("a refused connection is told from a host that does not exist", async () => {
    expect((await failing("tcp://127.0.0.1:1")).message).toContain("no Docker engine answers at tcp://127.0.0.1:1");
    expect((await failing("tcp://nowhere.invalid:2375")).message).toContain("nowhere.invalid");
  });

  test("a server that is no engine is told as such", async () => {
    await using server = await listen(createHttpServer((_request, response) => response.end("hello")));
    const fault = await failing(`tcp://127.0.0.1:${server.port}`);
    expect(fault.message).toContain("is not a Docker engine");
  });

  test("the builder says so before it makes anything", async () => {
    const { building } = await build(
      { image: "x", commit: true },
      { DOCKER_HOST: `unix://${join(folder, "none.sock")}` },
    );
    await expect(building).rejects.toThrow(/no Docker engine listens/);
    expect(await dockerBuilder.readiness?.(hostWith({ DOCKER_HOST: "tcp://127.0.0.1:1" }), never)).toMatchObject([
      { state: "missing", hint: expect.stringContaining("DOCKER_HOST") },
    ]);
  });
});

describe.skipIf(noEngine !== undefined)(`with an engine of its own${noEngine ? ` (skipped: ${noEngine})` : ""}`, () => {
  let engine: OwnEngine;
  const base = "base:latest";

  beforeAll(async () => {
    engine = new OwnEngine();
    await engine.start();
    engine.load(baseImage(), base);
  });
  afterAll(() => engine?.remove());

  const commit = { image: base, pull: false, commit: true, network: "none" };

  test("a container that is killed in the middle of a command is told as such", async () => {
    const provision = provisionWith("sleep 60", (machine) => engine.docker("kill", machine.facts.ID));
    const { building, told } = await build(commit, engine.environment, provision);
    await expect(building).rejects.toThrow(/^The container \w+ ended while a command ran in it/);
    await told.undo();
    expect(engine.inventory()).toEqual([`image ${base}`]);
  });

  test("a container that somebody removed is told as such when it is committed", async () => {
    const provision = async (machine: Machine) => void engine.docker("rm", "-f", machine.facts.ID);
    const { building, told } = await build(commit, engine.environment, provision);
    await expect(building).rejects.toThrow(/does not exist any more/);
    await told.undo();
    expect(engine.inventory()).toEqual([`image ${base}`]);
  });

  test("an engine that is killed in the middle of a command is told as such, and leaves nothing once it is back", async () => {
    const provision = provisionWith("sleep 60", () => engine.kill());
    const { building, told } = await build(commit, engine.environment, provision);
    const fault = await building.then(
      () => undefined,
      (each: unknown) => each,
    );
    expect(fault).toBeInstanceOf(Disconnected);
    const undo = await failureOf(told.undo());
    expect(undo.message).toContain("Could not reach the Docker engine");

    await engine.start();
    await told.undo();
    expect(engine.inventory()).toEqual([`image ${base}`]);
  });

  test("a connection that breaks off in the middle of a command is told as such", async () => {
    await using proxy = await proxyTo(engine.socket);
    const environment = { DOCKER_HOST: `unix://${proxy.path}` };
    const { building, told } = await build(
      commit,
      environment,
      provisionWith("sleep 60", () => proxy.cut()),
    );
    await expect(building).rejects.toBeInstanceOf(Disconnected);
    await told.undo();
    expect(engine.inventory()).toEqual([`image ${base}`]);
  });

  test("a name that another container has is told, with what to do, and that container is left alone", async () => {
    engine.docker("create", "--name", "taken", base, "true");
    const options = { ...commit, run_command: ["-dit", "--name", "taken", "--entrypoint=/bin/sh", "{{.Image}}"] };
    const { building, told } = await build(options, engine.environment);
    await expect(building).rejects.toMatchObject({ hint: expect.stringContaining("--name") });
    await told.undo();
    expect(engine.inventory()).toEqual(["container taken", `image ${base}`]);
    engine.docker("rm", "taken");
  });

  test("a container that was renamed by somebody is left alone", async () => {
    const { building, told } = await build(commit, engine.environment, async (machine) => {
      engine.docker("rename", machine.facts.ID, "adopted");
      throw new Error("stop here");
    });
    await expect(building).rejects.toThrow("stop here");
    const [owned] = told.holding();
    if (owned === undefined) throw new Error("it owns nothing");
    // Not found under its name, and its id was never journaled: nothing of ours.
    expect(await dockerContainerKind.destroy(owned, hostWith(engine.environment), never)).toBe("gone");
    expect(engine.inventory()).toContain("container adopted");
    engine.docker("rm", "-f", "adopted");
  });

  test("a commit that was asked for by a process that died is waited for before it is undone", async () => {
    const { building, told } = await build(
      { ...commit, discard: true, commit: false },
      engine.environment,
      async (machine) => {
        const communicator = await machine.connect(never);
        await communicator.run({ line: "head -c 200000000 /dev/urandom > /large" }, never);
        const [container] = told.holding();
        const image = `ingot-private/${"a".repeat(16)}:latest`;
        // As if we had been killed right after asking: the engine goes on by itself.
        const asking = spawn("docker", ["-H", `unix://${engine.socket}`, "commit", container?.id ?? "", image], {
          stdio: "ignore",
        });
        while (engine.docker("inspect", "--format", "{{.State.Paused}}", machine.facts.ID) !== "true");
        asking.kill("SIGKILL");
        const [imageKind] = dockerBuilder.owns.filter(({ kind }) => kind === "docker-image");
        const data = { ...Object(container?.data), container: container?.id ?? "" };
        const destroyed = await imageKind?.destroy(
          { kind: "docker-image", id: image, mark: image, data },
          hostWith(engine.environment),
          never,
        );
        expect(destroyed).toBe("destroyed");
      },
    );
    await building;
    await told.undo();
    expect(engine.inventory()).toEqual([`image ${base}`]);
  });

  test("a full disk is told, with what to do, and leaves nothing", async () => {
    const small = new OwnEngine({ megabytes: 330 });
    await small.start();
    try {
      small.load(baseImage(), base);
      // What is left takes the file once, and not a second time for the commit.
      const fill = provisionWith('head -c $(( $(stat -f -c "%a * %S" /) * 6 / 10 )) /dev/urandom > /large');
      const { building, told } = await build(commit, small.environment, fill);
      await expect(building).rejects.toMatchObject({
        message: expect.stringMatching(/commit the container.*no space left on device/),
        hint: expect.stringContaining("docker system df"),
      });
      await told.undo();
      expect(small.inventory()).toEqual([`image ${base}`]);
    } finally {
      await small.remove();
    }
  });

  test("an engine behind TLS is reached by DOCKER_HOST and by a context, and its certificate is checked", async () => {
    const certificates = makeCertificates();
    await using server = await listen(tlsProxy(engine.socket, certificates));
    const address = `tcp://127.0.0.1:${server.port}`;
    const byHost = { DOCKER_HOST: address, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: certificates };
    (await connectEngine(hostWith(byHost), never)).close();

    const config = mkdtempSync(join(folder, "config-"));
    const docker = (...argv: string[]) => execFileSync("docker", ["--config", config, ...argv], { stdio: "ignore" });
    docker(
      "context",
      "create",
      "far",
      "--docker",
      `host=${address},ca=${certificates}/ca.pem,cert=${certificates}/cert.pem,key=${certificates}/key.pem`,
    );
    for (const environment of [{ DOCKER_CONFIG: config, DOCKER_CONTEXT: "far" }, useContext(config)]) {
      const far = await connectEngine(hostWith(environment), never);
      expect(far.endpoint.from).toBe("docker context far");
      far.close();
    }

    const other = makeCertificates();
    const fault = await failureOf(connectEngine(hostWith({ ...byHost, DOCKER_CERT_PATH: other }), never));
    expect(fault.hint).toContain("DOCKER_CERT_PATH");
    (
      await connectEngine(hostWith({ DOCKER_HOST: address, DOCKER_TLS: "1", DOCKER_CERT_PATH: certificates }), never)
    ).close();

    function useContext(DOCKER_CONFIG: string) {
      docker("context", "use", "far");
      return { DOCKER_CONFIG };
    }
  });

  test("commands run through a TLS connection, their input ended", async () => {
    const certificates = makeCertificates();
    await using server = await listen(tlsProxy(engine.socket, certificates));
    const environment = {
      DOCKER_HOST: `tcp://127.0.0.1:${server.port}`,
      DOCKER_TLS_VERIFY: "1",
      DOCKER_CERT_PATH: certificates,
    };
    let output = "";
    const { building, told } = await build(
      { ...commit, commit: false, discard: true },
      environment,
      async (machine) => {
        const communicator = await machine.connect(never);
        const { Readable } = await import("node:stream");
        const onStdout = (chunk: Buffer) => {
          output += chunk;
        };
        await communicator.run({ line: "cat; echo end", stdin: Readable.from([Buffer.from("in ")]), onStdout }, never);
      },
    );
    await building;
    await told.undo();
    expect(output).toBe("in end\n");
  });
});

type Provision = (machine: Machine, signal: AbortSignal) => Promise<void>;

/** Runs a command; `meanwhile` happens once it has begun. */
function provisionWith(line: string, meanwhile?: (machine: Machine) => unknown): Provision {
  return async (machine, signal) => {
    const communicator = await machine.connect(signal);
    let begun = false;
    const onStdout = () => {
      if (!begun) void meanwhile?.(machine);
      begun = true;
    };
    const { exitCode } = await communicator.run({ line: `echo begun; ${line}`, onStdout }, signal);
    if (exitCode !== 0) throw new Failure(`it exited with ${exitCode}`);
  };
}

async function build(
  options: Readonly<Record<string, Plain>>,
  environment: Readonly<Record<string, string>>,
  provision?: Provision,
): Promise<{ building: Promise<unknown>; told: TestBuild }> {
  const host = hostWith(environment);
  const { config } = await decodeConfig(dockerBuilder, options, host);
  const told = testBuild({ host, kinds: dockerBuilder.owns, ...(provision && { provision }) });
  const building = dockerBuilder.run(config, told.build);
  building.catch(() => {});
  return { building, told };
}

function hostWith(environment: Readonly<Record<string, string>>) {
  const none = { DOCKER_HOST: undefined, DOCKER_CONTEXT: undefined, DOCKER_TLS_VERIFY: undefined };
  return localHost({ cwd: folder, environment: { ...process.env, ...none, ...environment } });
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  try {
    await work;
  } catch (fault) {
    if (fault instanceof Failure) return fault;
    throw fault;
  }
  throw new Error("It did not fail");
}

/** A dockerd that nobody else uses: it can be killed. */
class OwnEngine {
  readonly folder: string = mkdtempSync(join(folder, "engine-"));
  readonly socket: string = join(this.folder, "docker.sock");
  #process: ChildProcess | undefined;

  /** `megabytes`: of its disk. */
  constructor(options: { megabytes?: number } = {}) {
    mkdirSync(join(this.folder, "data"));
    if (options.megabytes === undefined) return;
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${options.megabytes}m`, "tmpfs", join(this.folder, "data")]);
  }

  get environment(): Record<string, string> {
    return { DOCKER_HOST: `unix://${this.socket}` };
  }

  async start(): Promise<void> {
    rmSync(join(this.folder, "pid"), { force: true });
    const log = openSync(join(this.folder, "log"), "a");
    const place = (name: string) => join(this.folder, name);
    const argv = [
      "-H",
      `unix://${this.socket}`,
      "--data-root",
      place("data"),
      "--exec-root",
      place("exec"),
      "--pidfile",
      place("pid"),
    ];
    // In a network namespace of its own: an engine without a bridge deletes docker0, also that of another engine.
    const dockerd = ["dockerd", ...argv, "--bridge=none", "--iptables=false", "--ip6tables=false"];
    this.#process = spawn("unshare", ["--net", ...dockerd], { stdio: ["ignore", log, log] });
    const deadline = Date.now() + 30_000;
    for (;;) {
      const engine = await connectEngine(hostWith(this.environment), never).catch(() => undefined);
      engine?.close();
      if (engine !== undefined) return;
      if (Date.now() > deadline)
        throw new Error(`dockerd did not start:\n${readFileSync(place("log"), "utf8").slice(-2000)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** As a crash: no clean-up, and its containers run on. */
  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    const ended = new Promise<void>((resolve) => this.#process?.once("exit", () => resolve()));
    this.#process?.kill(signal);
    await ended;
    // Its own containerd outlives a crash, and keeps the next one from starting.
    const containerd = join(this.folder, "exec", "containerd", "containerd.pid");
    if (existsSync(containerd)) killQuietly(Number(readFileSync(containerd, "utf8")));
    rmSync(containerd, { force: true });
  }

  async remove(): Promise<void> {
    try {
      for (const id of this.docker("ps", "-aq").split("\n")) if (id !== "") this.docker("rm", "-f", id);
    } finally {
      if (this.#process?.exitCode === null) await this.kill("SIGTERM");
      // What watches over containers outlives a crash too.
      for (const id of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
        if (commandOf(id).includes(this.folder)) killQuietly(Number(id));
      }
      const mounts = readFileSync("/proc/mounts", "utf8")
        .split("\n")
        .map((line) => line.split(" ")[1] ?? "");
      const own = mounts
        .filter((path) => path.startsWith(this.folder))
        .sort()
        .reverse();
      for (const path of own) execFileSync("umount", ["-l", path]);
    }
  }

  docker(...argv: string[]): string {
    return execFileSync("docker", ["-H", `unix://${this.socket}`, ...argv], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    }).trim();
  }

  load(from: string, name: string): void {
    const saved = join(this.folder, "image.tar");
    execFileSync("docker", ["save", "-o", saved, from]);
    this.docker("load", "-i", saved);
    this.docker("tag", from, name);
    if (from !== name) this.docker("rmi", from);
    rmSync(saved);
  }

  inventory(): string[] {
    return [
      ...this.docker("ps", "-a", "--format", "container {{.Names}}").split("\n"),
      ...this.docker("images", "-a", "--format", "image {{.Repository}}:{{.Tag}}").split("\n"),
      ...this.docker("volume", "ls", "--format", "volume {{.Name}}").split("\n"),
    ]
      .filter((line) => line !== "")
      .sort();
  }
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

/** Passes bytes on to a socket, until it is told to cut all connections once. */
async function proxyTo(target: string) {
  const open = new Set<Socket>();
  const server = createServer((client) => join2(client, tcpConnect(target), open));
  const path = join(folder, `proxy-${Math.floor(performance.now() * 1000)}.sock`);
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const cut = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    path,
    cut,
    async [Symbol.asyncDispose]() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function tlsProxy(target: string, certificates: string): Server {
  const read = (name: string) => readFileSync(join(certificates, name));
  const options = {
    key: read("key.pem"),
    cert: read("cert.pem"),
    ca: read("ca.pem"),
    requestCert: true,
    allowHalfOpen: true,
  };
  return createTlsServer(options, (client) =>
    join2(client, tcpConnect({ path: target, allowHalfOpen: true }), new Set()),
  );
}

function join2(a: Socket, b: Socket, open: Set<Socket>): void {
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    open.add(from);
    from.pipe(to);
    from.on("error", () => to.destroy());
    from.on("close", () => open.delete(from));
  }
}

async function listen(server: Server | ReturnType<typeof createHttpServer>) {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return {
    port: address.port,
    async [Symbol.asyncDispose]() {
      server.close();
    },
  };
}

/** An authority of its own, and one certificate for both sides. */
function makeCertificates(): string {
  const place = mkdtempSync(join(folder, "certificates-"));
  const openssl = (...argv: string[]) => execFileSync("openssl", argv, { cwd: place, stdio: "ignore" });
  openssl(
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-nodes",
    "-keyout",
    "ca.key",
    "-out",
    "ca.pem",
    "-subj",
    "/CN=test authority",
    "-days",
    "2",
  );
  openssl(
    "req",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-nodes",
    "-keyout",
    "key.pem",
    "-out",
    "request.pem",
    "-subj",
    "/CN=localhost",
  );
  writeFileSync(join(place, "names"), "subjectAltName=IP:127.0.0.1,DNS:localhost\n");
  openssl(
    "x509",
    "-req",
    "-in",
    "request.pem",
    "-CA",
    "ca.pem",
    "-CAkey",
    "ca.key",
    "-CAcreateserial",
    "-out",
    "cert.pem",
    "-days",
    "2",
    "-extfile",
    "names",
  );
  return place;
}

function whyNoOwnEngine(): string | undefined {
  if (process.getuid?.() !== 0) return "an engine of its own needs root";
  const found = (process.env.PATH ?? "").split(":").some((place) => existsSync(join(place, "dockerd")));
  return found ? undefined : "there is no dockerd";
}
