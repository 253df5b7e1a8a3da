import http from "node:http";
import https from "node:https";
import type { Duplex } from "node:stream";
import { Failure } from "../../../sdk/failure.ts";
import type { Host } from "../../../sdk/host.ts";
import { describeEndpoint, type Endpoint, findEndpoint } from "./endpoint.ts";
import { bodyText, type Connection, type EngineRequest, exchange } from "./exchange.ts";

/** The newest version of the Engine API that this client was written for; the engine's own, where that is older. */
const NEWEST_API = "1.47";
const LONGEST_ANSWER = 64 * 1024 * 1024;

/** A connection to one engine, at a version of the API that both sides speak. */
export interface DockerEngine {
  readonly endpoint: Endpoint;
  /** "1.41" */
  readonly apiVersion: string;
  readonly host: Host;
  /** The answer, its body not read yet. Throws EngineRefused for 4xx and 5xx, EngineLost when nothing answers. */
  send(request: EngineRequest, signal: AbortSignal): Promise<http.IncomingMessage>;
  /** The answer's JSON; undefined where it is empty. The caller names the type that the API documents. */
  json<T>(request: EngineRequest, signal: AbortSignal): Promise<T>;
  /** Takes the connection over: from then on it carries raw bytes both ways. */
  hijack(request: EngineRequest, signal: AbortSignal): Promise<{ socket: Duplex; head: Buffer }>;
  close(): void;
}

/** Finds the user's engine (see `findEndpoint`), or takes the given one, and agrees on a version with it. */
export async function connectEngine(host: Host, signal: AbortSignal, endpoint?: Endpoint): Promise<DockerEngine> {
  const found = endpoint ?? (await findEndpoint(host));
  const connection = await connectionTo(found, host);
  try {
    return new Engine(found, host, connection, await agreeOnVersion(found, host, connection, signal));
  } catch (fault) {
    connection.agent.destroy();
    throw fault;
  }
}

/** "1.41" is at least "1.40". */
export function speaks(engine: DockerEngine, version: string): boolean {
  return compareVersions(engine.apiVersion, version) >= 0;
}

class Engine implements DockerEngine {
  readonly endpoint: Endpoint;
  readonly apiVersion: string;
  readonly host: Host;
  readonly #connection: Connection;

  constructor(endpoint: Endpoint, host: Host, connection: Connection, apiVersion: string) {
    this.endpoint = endpoint;
    this.host = host;
    this.apiVersion = apiVersion;
    this.#connection = connection;
  }

  async send(request: EngineRequest, signal: AbortSignal): Promise<http.IncomingMessage> {
    const answer = await exchange(this.endpoint, this.#connection, this.#versioned(request), signal);
    if (!(answer instanceof http.IncomingMessage)) {
      answer.socket.destroy();
      throw new Failure(`${request.what}: the Docker engine took the connection over, unasked`);
    }
    return answer;
  }

  async json<T>(request: EngineRequest, signal: AbortSignal): Promise<T> {
    const answer = await this.send(request, signal);
    const text = await bodyText(request.what, this.endpoint, answer, LONGEST_ANSWER);
    try {
      // The shape is the API's documented one: checked nowhere, so callers name only the members that they use.
      return (text.trim() === "" ? undefined : JSON.parse(text)) as T;
    } catch (cause) {
      throw new Failure(`${request.what}: the Docker engine's answer is no JSON`, { cause });
    }
  }

  async hijack(request: EngineRequest, signal: AbortSignal): Promise<{ socket: Duplex; head: Buffer }> {
    const headers = { ...request.headers, Connection: "Upgrade", Upgrade: "tcp" };
    const answer = await exchange(this.endpoint, this.#connection, { ...this.#versioned(request), headers }, signal);
    if (answer instanceof http.IncomingMessage) {
      answer.destroy();
      throw new Failure(`${request.what}: the Docker engine did not hand the connection over`, {
        hint: "A proxy between here and the engine may not pass connection upgrades on.",
      });
    }
    return answer;
  }

  close(): void {
    this.#connection.agent.destroy();
  }

  #versioned(request: EngineRequest): EngineRequest {
    return { ...request, path: `/v${this.apiVersion}${request.path}` };
  }
}

async function connectionTo(endpoint: Endpoint, host: Host): Promise<Connection> {
  const socketPath = socketPathOf(endpoint.address);
  if (socketPath !== undefined) {
    const agent = new http.Agent({ keepAlive: true });
    return { request: http.request, options: { socketPath, agent, headers: { Host: "docker" } }, agent };
  }
  const url = new URL(endpoint.address.replace(/^tcp:/, "http:"));
  const place = { host: url.hostname.replace(/^\[|\]$/g, ""), port: url.port || (endpoint.tls ? "2376" : "2375") };
  if (endpoint.tls === undefined) {
    const agent = new http.Agent({ keepAlive: true });
    return { request: http.request, options: { ...place, agent }, agent };
  }
  const { ca, certificate, key, verify } = endpoint.tls;
  const agent = new https.Agent({
    keepAlive: true,
    rejectUnauthorized: verify,
    ...(ca !== undefined && { ca: await host.files.read(ca) }),
    ...(certificate !== undefined && { cert: await host.files.read(certificate) }),
    ...(key !== undefined && { key: await host.files.read(key) }),
  });
  return { request: https.request, options: { ...place, agent }, agent };
}

function socketPathOf(address: string): string | undefined {
  if (address.startsWith("unix://")) return address.slice("unix://".length);
  if (address.startsWith("npipe://")) return address.slice("npipe://".length).replaceAll("/", "\\");
  return undefined;
}

async function agreeOnVersion(
  endpoint: Endpoint,
  host: Host,
  connection: Connection,
  signal: AbortSignal,
): Promise<string> {
  const what = "Could not reach the Docker engine";
  const answer = await exchange(endpoint, connection, { what, method: "GET", path: "/_ping", limit: 30_000 }, signal);
  if (!(answer instanceof http.IncomingMessage)) throw new Failure(`${what}: the answer is not that of an engine`);
  await bodyText(what, endpoint, answer, 1024);
  const wanted = host.environment.DOCKER_API_VERSION;
  if (wanted) return wanted.replace(/^v/, "");
  const offered = answer.headers["api-version"];
  if (typeof offered !== "string") {
    throw new Failure(`What answers at ${describeEndpoint(endpoint)} is not a Docker engine`, {
      hint: `Check ${endpoint.from}.`,
    });
  }
  return compareVersions(offered, NEWEST_API) < 0 ? offered : NEWEST_API;
}

function compareVersions(a: string, b: string): number {
  const [aMajor = 0, aMinor = 0] = a.split(".").map(Number);
  const [bMajor = 0, bMinor = 0] = b.split(".").map(Number);
  return aMajor - bMajor || aMinor - bMinor;
}
