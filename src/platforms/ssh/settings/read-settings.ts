import type { communicatorFields } from "../../../sdk/communicator-options.ts";
import { Failure } from "../../../sdk/failure.ts";
import type { Host } from "../../../sdk/host.ts";
import type { Config } from "../../../spec/field.ts";
import { parseCertificate } from "../keys/certificate.ts";
import { type PrivateKey, parsePrivateKey } from "../keys/private-key.ts";
import { homePath } from "./home-path.ts";
import { parseTunnel } from "./parse-tunnel.ts";
import type { Login, SshSettings, Tunnel } from "./ssh-settings.ts";

type Options = Config<typeof communicatorFields>;

/** What a builder knows better than the template: the address it found, the key it made. */
export interface KnownToBuilder {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** Content of a private key made for this build. */
  readonly privateKey?: string | undefined;
}

/** Milliseconds. */
const TIMEOUT = 5 * 60_000;
const ATTEMPTS = 10;

/** The options of a template, with their files read. Throws a Failure for a file that is missing or no key. */
export async function readSshSettings(host: Host, config: Options, known: KnownToBuilder = {}): Promise<SshSettings> {
  const agent = agentSocket(host);
  const timeout = config.ssh_wait_timeout ?? config.ssh_timeout;
  const attempts = config.ssh_handshake_attempts;
  const knownHostsFile = config.ssh_known_hosts_file;
  const knownHosts =
    knownHostsFile === undefined ? undefined : await host.files.readText(homePath(host, knownHostsFile));
  const address = known.host ?? config.ssh_host;
  if (address === undefined) throw new Failure("The address of the machine is not known", { permanent: true });
  return {
    server: {
      host: address,
      port: known.port ?? config.ssh_port,
      login: await serverLogin(host, config, known, agent),
      fingerprints: listOf(config.ssh_host_key_fingerprint),
      knownHosts,
    },
    bastion:
      config.ssh_bastion_host === undefined
        ? undefined
        : {
            host: config.ssh_bastion_host,
            port: config.ssh_bastion_port,
            login: await bastionLogin(host, config, agent),
            fingerprints: listOf(config.ssh_bastion_host_key_fingerprint),
            knownHosts,
          },
    proxy:
      config.ssh_proxy_host === undefined
        ? undefined
        : {
            kind: config.ssh_proxy_type,
            host: config.ssh_proxy_host,
            port: config.ssh_proxy_port,
            user: config.ssh_proxy_username,
            password: config.ssh_proxy_password,
          },
    ciphers: nonEmpty(config.ssh_ciphers),
    keyExchanges: nonEmpty(config.ssh_key_exchange_algorithms),
    pty: config.ssh_pty,
    keepAlive: Math.max(0, config.ssh_keep_alive_interval),
    silence: Math.max(0, config.ssh_read_write_timeout),
    // Where only one of the two is set, the other is no limit.
    timeout: positive(timeout) ?? (positive(attempts) === undefined ? TIMEOUT : undefined),
    attempts: positive(attempts) ?? (positive(timeout) === undefined ? ATTEMPTS : undefined),
    pause: config.pause_before_connecting,
    forwardedAgent: config.ssh_disable_agent_forwarding ? undefined : agent,
    localTunnels: tunnels(config.ssh_local_tunnels),
    remoteTunnels: tunnels(config.ssh_remote_tunnels),
    transfer: config.ssh_file_transfer_method,
  };
}

async function serverLogin(
  host: Host,
  config: Options,
  known: KnownToBuilder,
  agent: string | undefined,
): Promise<Login> {
  const file = config.ssh_private_key_file;
  const made = known.privateKey ?? config.ssh_private_key;
  const keys: PrivateKey[] = [];
  if (file !== undefined) keys.push(await readKey(host, file, "ssh_private_key_file"));
  if (made !== undefined && made !== "") keys.push(parsePrivateKey(made, "made for this build"));
  if (config.ssh_agent_auth && agent === undefined) throw noAgent("ssh_agent_auth");
  // An agent that commands may use is also asked for keys, as Packer does; last, since each refused key counts.
  const last = agent !== undefined && !config.ssh_disable_agent_forwarding;
  const when = config.ssh_agent_auth ? "first" : last ? "last" : undefined;
  return {
    user: known.user ?? config.ssh_username ?? "",
    keys,
    certificate: await readCertificate(host, config.ssh_certificate_file),
    password: known.password ?? config.ssh_password,
    agent: agent !== undefined && when !== undefined ? { path: agent, when } : undefined,
  };
}

async function bastionLogin(host: Host, config: Options, agent: string | undefined): Promise<Login> {
  const file = config.ssh_bastion_private_key_file ?? config.ssh_private_key_file;
  if (config.ssh_bastion_agent_auth && agent === undefined) throw noAgent("ssh_bastion_agent_auth");
  return {
    user: config.ssh_bastion_username ?? config.ssh_username ?? "",
    keys: file === undefined ? [] : [await readKey(host, file, "ssh_bastion_private_key_file")],
    certificate: await readCertificate(host, config.ssh_bastion_certificate_file),
    password: config.ssh_bastion_password,
    agent: config.ssh_bastion_agent_auth && agent !== undefined ? { path: agent, when: "first" } : undefined,
  };
}

async function readKey(host: Host, path: string, option: string): Promise<PrivateKey> {
  const text = await host.files.readText(homePath(host, path));
  try {
    return parsePrivateKey(text, path);
  } catch (fault) {
    if (!(fault instanceof Failure)) throw fault;
    throw new Failure(`${option} is invalid: ${fault.message}`, { cause: fault, hint: fault.hint, permanent: true });
  }
}

async function readCertificate(host: Host, path: string | undefined): Promise<Login["certificate"]> {
  return path === undefined ? undefined : parseCertificate(await host.files.readText(homePath(host, path)));
}

/** Where OpenSSH's own agent of Windows listens. */
const WINDOWS_AGENT = "\\\\.\\pipe\\openssh-ssh-agent";

function agentSocket({ environment, platform }: Host): string | undefined {
  return environment.SSH_AUTH_SOCK || (platform === "win32" ? WINDOWS_AGENT : undefined);
}

function noAgent(option: string): Failure {
  return new Failure(`${option} is set, but there is no SSH agent`, {
    permanent: true,
    hint: 'SSH_AUTH_SOCK names the socket of the agent: eval "$(ssh-agent)"; ssh-add.',
  });
}

function tunnels(texts: readonly string[] | undefined): readonly Tunnel[] {
  return (texts ?? []).flatMap((text) => parseTunnel(text) ?? []);
}

function positive(number: number | undefined): number | undefined {
  return number !== undefined && number > 0 ? number : undefined;
}

function listOf(text: string | undefined): readonly string[] {
  return text === undefined ? [] : [text];
}

function nonEmpty(list: readonly string[] | undefined): readonly string[] | undefined {
  return list === undefined || list.length === 0 ? undefined : list;
}
