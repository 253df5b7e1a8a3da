import { Failure } from "../../../sdk/failure.ts";
import type { Host } from "../../../sdk/host.ts";
import { readDockerConfig } from "../engine/docker-config.ts";
import type { DockerEngine } from "../engine/engine.ts";

/** Who we are to one registry. Sent with each request that needs it; never written anywhere. */
export interface RegistryLogin {
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
  readonly registrytoken?: string;
  readonly serveraddress: string;
}

/** Docker Hub's key in config.json and in credential stores. */
const DOCKER_HUB = "https://index.docker.io/v1/";

/** Asks the registry, through the engine, whether it takes these credentials; throws a Failure where it does not. */
export async function logIn(
  engine: DockerEngine,
  options: { server?: string | undefined; username?: string | undefined; password?: string | undefined },
  signal: AbortSignal,
): Promise<RegistryLogin> {
  const serveraddress = options.server || DOCKER_HUB;
  const login = { username: options.username ?? "", password: options.password ?? "", serveraddress };
  const answer = await engine.json<{ IdentityToken?: string } | undefined>(
    { what: `Could not log in to ${serveraddress}`, method: "POST", path: "/auth", body: login },
    signal,
  );
  const identitytoken = answer?.IdentityToken;
  return identitytoken ? { username: login.username, identitytoken, serveraddress } : login;
}

/**
 * The header by which a pull or push is authorised: the given login, where it is for this registry (or for none in
 * particular), else what config.json and its credential helpers know. Empty: anonymous.
 */
export async function registryHeaders(
  host: Host,
  registry: string,
  login: RegistryLogin | undefined,
  signal: AbortSignal,
): Promise<Record<string, string>> {
  const known = await loginFor(host, registry, login, signal);
  // The engine wants the header even where it is empty: some versions refuse to push without.
  return { "X-Registry-Auth": encode(known ?? {}) };
}

/** Who we are to a registry: by the given login where it is for it, else by config.json. undefined: nobody. */
export async function loginFor(
  host: Host,
  registry: string,
  login: RegistryLogin | undefined,
  signal: AbortSignal,
): Promise<RegistryLogin | undefined> {
  return login !== undefined && serves(login, registry) ? login : configuredLogin(host, registry, signal);
}

/** All that a Dockerfile's build may need, by registry. */
export async function buildHeaders(
  host: Host,
  login: RegistryLogin | undefined,
  signal: AbortSignal,
): Promise<Record<string, string>> {
  const logins: Record<string, RegistryLogin> = {};
  const config = await readDockerConfig(host);
  for (const server of new Set([...Object.keys(config.auths ?? {}), ...Object.keys(config.credHelpers ?? {})])) {
    const known = await configuredLogin(host, hostName(server), signal);
    if (known !== undefined) logins[server] = known;
  }
  if (login !== undefined) logins[login.serveraddress] = login;
  return { "X-Registry-Config": encode(logins) };
}

function serves(login: RegistryLogin, registry: string): boolean {
  return hostName(login.serveraddress) === (registry === "docker.io" ? hostName(DOCKER_HUB) : registry);
}

/** "https://registry.example:5000/v2/" and "registry.example:5000" are one registry. */
function hostName(server: string): string {
  const name = server.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
  return name === "docker.io" || name === "registry-1.docker.io" ? "index.docker.io" : name;
}

async function configuredLogin(host: Host, registry: string, signal: AbortSignal): Promise<RegistryLogin | undefined> {
  const config = await readDockerConfig(host);
  const wanted = hostName(registry);
  const named = (servers: Readonly<Record<string, unknown>> | undefined) =>
    Object.keys(servers ?? {}).find((server) => hostName(server) === wanted);

  const helped = named(config.credHelpers);
  const helper = helped === undefined ? config.credsStore : config.credHelpers?.[helped];
  const written = named(config.auths);
  const serveraddress = helped ?? written ?? (wanted === "index.docker.io" ? DOCKER_HUB : registry);
  const entry = written === undefined ? undefined : config.auths?.[written];
  if (helper !== undefined && !entry?.auth) {
    const stored = await fromHelper(host, helper, serveraddress, signal);
    if (stored !== undefined) return stored;
  }
  if (entry === undefined) return undefined;
  return { ...userAndPassword(entry.auth), ...entry, serveraddress };
}

async function fromHelper(
  host: Host,
  helper: string,
  serveraddress: string,
  signal: AbortSignal,
): Promise<RegistryLogin | undefined> {
  const program = `docker-credential-${helper}`;
  const result = await host.run({ argv: [program, "get"], stdin: serveraddress }, signal);
  if (result.code !== 0) {
    if (/credentials not found/i.test(result.stdout + result.stderr)) return undefined;
    throw new Failure(
      `${program} gave no credentials for ${serveraddress}: ${(result.stderr || result.stdout).trim()}`,
      {
        hint: "It is named by credsStore or credHelpers in the docker configuration.",
      },
    );
  }
  return parseStored(program, result.stdout, serveraddress);
}

function parseStored(program: string, output: string, serveraddress: string): RegistryLogin {
  try {
    const { Username, Secret }: { Username?: string; Secret?: string } = JSON.parse(output);
    // By convention this name says that the secret is an identity token.
    if (Username === "<token>") return { identitytoken: Secret ?? "", serveraddress };
    return { username: Username ?? "", password: Secret ?? "", serveraddress };
  } catch (cause) {
    throw new Failure(`${program} answered something that is no JSON`, { cause });
  }
}

function userAndPassword(auth: string | undefined): { username?: string; password?: string } {
  if (!auth) return {};
  const decoded = Buffer.from(auth, "base64").toString("utf8").replace(/\0+$/, "");
  const colon = decoded.indexOf(":");
  return colon < 0 ? {} : { username: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}

/** base64url with its padding: engines take a header without it for an empty one. */
function encode(login: object): string {
  return Buffer.from(JSON.stringify(login)).toString("base64").replaceAll("+", "-").replaceAll("/", "_");
}
