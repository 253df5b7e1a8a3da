import { createHash } from "node:crypto";
import { Failure } from "../../../sdk/failure.ts";
import type { Host } from "../../../sdk/host.ts";
import { dockerConfigFolder, readDockerConfig } from "./docker-config.ts";

/**
 * Where a Docker engine listens, as plain data (a type, not an interface, so that it is Json): it is journaled, so that
 * another process finds the same engine. No secrets: TLS keys by path.
 */
export type Endpoint = {
  /** `unix:///run/docker.sock`, `npipe:////./pipe/docker_engine`, `tcp://host:2376`. */
  readonly address: string;
  readonly tls?: EndpointTls;
  /** Who named it, for people: "DOCKER_HOST", "docker context prod", "the default". */
  readonly from: string;
};

export type EndpointTls = {
  readonly ca?: string;
  readonly certificate?: string;
  readonly key?: string;
  /** False: the server's certificate is not checked. */
  readonly verify: boolean;
};

/**
 * The engine that the `docker` command would talk to: DOCKER_HOST, then DOCKER_CONTEXT, then the current context of
 * config.json, then the first usual socket that exists (rootful, rootless, Docker Desktop, Podman). `podman`: Podman's
 * sockets before Docker's.
 */
export async function findEndpoint(host: Host, options: { podman?: boolean } = {}): Promise<Endpoint> {
  const address = host.environment.DOCKER_HOST;
  if (address) return fromEnvironment(host, address);
  const context = host.environment.DOCKER_CONTEXT || (await readDockerConfig(host)).currentContext;
  if (context && context !== "default" && !options.podman) return fromContext(host, context);
  return fromUsualPlaces(host, options.podman === true);
}

/** "unix:///run/docker.sock (DOCKER_HOST)". */
export function describeEndpoint(endpoint: Endpoint): string {
  return `${endpoint.address} (${endpoint.from})`;
}

/** Where the engine's address and keys come from: "docker context prod", "DOCKER_HOST". */
export function engineLabel(endpoint: Endpoint): string {
  return endpoint.from === "the default" ? "the default docker engine" : endpoint.from;
}

/** The arguments that make the `docker` command talk to this engine. */
export function clientArguments(endpoint: Endpoint): string[] {
  const { tls } = endpoint;
  if (tls === undefined) return ["--host", endpoint.address];
  return [
    "--host",
    endpoint.address,
    tls.verify ? "--tlsverify" : "--tls",
    ...(tls.ca === undefined ? [] : ["--tlscacert", tls.ca]),
    ...(tls.certificate === undefined ? [] : ["--tlscert", tls.certificate]),
    ...(tls.key === undefined ? [] : ["--tlskey", tls.key]),
  ];
}

function fromEnvironment(host: Host, written: string): Endpoint {
  const address = normalAddress(written, "DOCKER_HOST");
  const verify = Boolean(host.environment.DOCKER_TLS_VERIFY);
  const wantsTls = verify || Boolean(host.environment.DOCKER_TLS);
  if (!address.startsWith("tcp:") || !wantsTls) return { address, from: "DOCKER_HOST" };
  const folder = host.environment.DOCKER_CERT_PATH || dockerConfigFolder(host);
  return {
    address,
    tls: {
      ca: host.files.resolve(folder, "ca.pem"),
      certificate: host.files.resolve(folder, "cert.pem"),
      key: host.files.resolve(folder, "key.pem"),
      verify,
    },
    from: "DOCKER_HOST",
  };
}

interface ContextFile {
  readonly Endpoints?: { readonly docker?: { readonly Host?: string; readonly SkipTLSVerify?: boolean } };
}

async function fromContext(host: Host, name: string): Promise<Endpoint> {
  // The docker command files contexts under the SHA-256 of their name.
  const folder = createHash("sha256").update(name).digest("hex");
  const contexts = host.files.resolve(dockerConfigFolder(host), "contexts");
  const metaPath = host.files.resolve(contexts, "meta", folder, "meta.json");
  if (!(await host.files.exists(metaPath))) {
    throw new Failure(`The docker context "${name}" does not exist: there is no ${metaPath}`, {
      hint: "`docker context ls` lists the contexts; DOCKER_CONTEXT or `docker context use` choose one.",
    });
  }
  const meta = await readContextFile(host, name, metaPath);
  const docker = meta.Endpoints?.docker;
  if (!docker?.Host) throw new Failure(`The docker context "${name}" names no docker engine (in ${metaPath})`);
  const address = normalAddress(docker.Host, `docker context ${name}`);
  const from = `docker context ${name}`;
  const tls = await contextTls(
    host,
    host.files.resolve(contexts, "tls", folder, "docker"),
    docker.SkipTLSVerify === true,
  );
  return tls === undefined || !address.startsWith("tcp:") ? { address, from } : { address, tls, from };
}

async function readContextFile(host: Host, name: string, path: string): Promise<ContextFile> {
  try {
    return JSON.parse(await host.files.readText(path));
  } catch (cause) {
    throw new Failure(`Could not read the docker context "${name}" from ${path}`, { cause });
  }
}

async function contextTls(host: Host, folder: string, skipVerify: boolean): Promise<EndpointTls | undefined> {
  const [ca, certificate, key] = ["ca.pem", "cert.pem", "key.pem"].map((file) => host.files.resolve(folder, file));
  const hasCa = ca !== undefined && (await host.files.exists(ca));
  const hasPair = certificate !== undefined && (await host.files.exists(certificate));
  if (!hasCa && !hasPair && !skipVerify) return undefined;
  return { verify: !skipVerify, ...(hasCa && { ca }), ...(hasPair && key !== undefined && { certificate, key }) };
}

async function fromUsualPlaces(host: Host, podman: boolean): Promise<Endpoint> {
  if (host.platform === "win32") return { address: "npipe:////./pipe/docker_engine", from: "the default" };
  const runtime = host.environment.XDG_RUNTIME_DIR;
  const dockers = [
    "/var/run/docker.sock",
    ...(runtime ? [`${runtime}/docker.sock`] : []),
    `${host.home}/.docker/run/docker.sock`,
  ];
  const podmans = [...(runtime ? [`${runtime}/podman/podman.sock`] : []), "/run/podman/podman.sock"];
  const sockets = podman ? [...podmans, ...dockers] : [...dockers, ...podmans];
  for (const path of sockets) {
    if (await host.files.exists(path)) return { address: `unix://${path}`, from: "the default" };
  }
  return { address: "unix:///var/run/docker.sock", from: "the default" };
}

function normalAddress(written: string, from: string): string {
  if (/^(unix|npipe|tcp):\/\/./.test(written)) return written;
  if (/^https?:\/\//.test(written)) return written.replace(/^https?:/, "tcp:");
  if (/^fd:/.test(written)) return "unix:///var/run/docker.sock";
  if (/^[^/:]*:\d+$/.test(written)) return `tcp://${written.startsWith(":") ? `127.0.0.1${written}` : written}`;
  if (written.startsWith("ssh://")) {
    throw new Failure(`${from} is ${written}: engines over SSH are not reached directly`, {
      hint: "Forward the engine's socket, for example `ssh -nNT -L /tmp/docker.sock:/var/run/docker.sock HOST`, and set DOCKER_HOST=unix:///tmp/docker.sock.",
    });
  }
  throw new Failure(`${from} is "${written}", which is no address of a Docker engine`, {
    hint: "It looks like unix:///var/run/docker.sock, tcp://host:2376 or npipe:////./pipe/docker_engine.",
  });
}
