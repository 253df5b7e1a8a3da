import type { Certificate } from "../keys/certificate.ts";
import type { PrivateKey } from "../keys/private-key.ts";

/** All that is needed to work on a machine by SSH; made from a template's options by `sshSettings`. */
export interface SshSettings {
  readonly server: SshServer;
  readonly bastion: SshServer | undefined;
  readonly proxy: ProxyServer | undefined;
  readonly ciphers: readonly string[] | undefined;
  readonly keyExchanges: readonly string[] | undefined;
  readonly pty: boolean;
  /** Milliseconds; 0: none. */
  readonly keepAlive: number;
  /** Longest silence of the connection in milliseconds; 0: no limit. */
  readonly silence: number;
  /** Milliseconds until the machine must have let us in; undefined: no limit. */
  readonly timeout: number | undefined;
  /** How many logins may be refused; undefined: no limit. */
  readonly attempts: number | undefined;
  /** Milliseconds between a first connection, which is dropped, and the real one; 0: none. */
  readonly pause: number;
  /** Socket of the agent that commands in the guest can use. */
  readonly forwardedAgent: string | undefined;
  readonly localTunnels: readonly Tunnel[];
  readonly remoteTunnels: readonly Tunnel[];
  /** "sftp": never anything else. "scp": whatever is best. */
  readonly transfer: "scp" | "sftp";
}

export interface SshServer {
  readonly host: string;
  readonly port: number;
  readonly login: Login;
  /** "SHA256:…", pinned by the template. */
  readonly fingerprints: readonly string[];
  /** Content of the known_hosts file; undefined: the template names none. */
  readonly knownHosts: string | undefined;
}

export interface Login {
  readonly user: string;
  readonly keys: readonly PrivateKey[];
  /** Of the first key. */
  readonly certificate: Certificate | undefined;
  readonly password: string | undefined;
  /** Socket of an agent whose keys are offered: "first" before all else, "last" when all else was refused. */
  readonly agent: { readonly path: string; readonly when: "first" | "last" } | undefined;
}

export interface ProxyServer {
  readonly kind: "socks5" | "http";
  readonly host: string;
  readonly port: number;
  readonly user: string | undefined;
  readonly password: string | undefined;
}

/** A port that listens on one side leads to a host that is seen from the other. */
export interface Tunnel {
  readonly port: number;
  readonly host: string;
  readonly hostPort: number;
}
