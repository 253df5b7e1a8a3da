import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { SecureContext } from "node:tls";
import type { HttpTls } from "../../host.ts";
import { secureContext } from "./authorities.ts";
import { TunnelAgent } from "./tunnel-agent.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** The pools of connections, one for each way to connect. Idle connections do not keep the process alive. */
export class Agents {
  private readonly environment: Environment;
  private readonly agents = new Map<string, HttpAgent>();

  constructor(environment: Environment) {
    this.environment = environment;
  }

  /** `secure`: the URL is https. A plain request to a proxy is an ordinary one, so it needs no agent of its own. */
  agent(secure: boolean, proxy: URL | undefined, tls: HttpTls | undefined): HttpAgent {
    const key = JSON.stringify([secure, secure ? proxy?.href : proxy?.protocol, tls]);
    const agent = this.agents.get(key) ?? this.make(secure, proxy, tls);
    this.agents.set(key, agent);
    return agent;
  }

  private make(secure: boolean, proxy: URL | undefined, tls: HttpTls | undefined): HttpAgent {
    const pool = { keepAlive: true, scheduling: "lifo" } as const;
    if (!secure)
      return proxy?.protocol === "https:" ? new HttpsAgent({ ...pool, ...this.trust() }) : new HttpAgent(pool);
    const trust = {
      ...this.trust(tls),
      rejectUnauthorized: tls?.insecure !== true,
      ...(tls?.serverName !== undefined && { servername: tls.serverName }),
    };
    if (!proxy) return new HttpsAgent({ ...pool, ...trust });
    return new TunnelAgent({ ...pool, ...trust }, proxy, () => this.agent(false, proxy, undefined));
  }

  private trust(tls?: HttpTls): { secureContext: SecureContext } {
    return { secureContext: secureContext(this.environment, tls) };
  }
}
