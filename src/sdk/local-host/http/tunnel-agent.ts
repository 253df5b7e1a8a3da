import { type Agent as HttpAgent, request as httpRequest } from "node:http";
import { type AgentOptions, Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { Duplex } from "node:stream";
import { type ConnectionOptions, connect } from "node:tls";
import { Failure } from "../../failure.ts";
import { proxyAuthorization } from "./proxy.ts";

type Done = (error: Error | null, stream: Duplex) => void;
type Target = ConnectionOptions & { host?: string; port?: number | string; servername?: string };

/** Connects to https servers through a proxy: a CONNECT request, and TLS within what it opens. */
export class TunnelAgent extends HttpsAgent {
  private readonly proxy: URL;
  private readonly toProxy: () => HttpAgent;

  constructor(options: AgentOptions, proxy: URL, toProxy: () => HttpAgent) {
    super(options);
    this.proxy = proxy;
    this.toProxy = toProxy;
  }

  override createConnection(target: Target, done: Done): undefined {
    const fail = (error: Error): void => done(error, undefined as unknown as Duplex); // As Node's types have it.
    const { proxy } = this;
    const name = `${target.host?.includes(":") ? `[${target.host}]` : target.host}:${target.port}`;
    const authorization = proxyAuthorization(proxy);
    const request = proxy.protocol === "https:" ? httpsRequest : httpRequest;
    const asked = request({
      host: proxy.hostname.replace(/^\[|\]$/g, ""),
      port: proxy.port || (proxy.protocol === "https:" ? 443 : 80),
      method: "CONNECT",
      path: name,
      headers: { Host: name, ...(authorization && { "Proxy-Authorization": authorization }) },
      agent: this.toProxy(),
      timeout: 30_000,
    });
    asked.once("timeout", () => asked.destroy(new Failure(`The proxy ${proxy.host} did not answer within 30 s`)));
    asked.once("error", fail);
    asked.once("connect", (response, socket, head) => {
      asked.off("error", fail);
      if (response.statusCode !== 200) {
        socket.destroy();
        return fail(refusal(proxy, name, response.statusCode ?? 0, response.statusMessage ?? ""));
      }
      socket.setTimeout(0);
      if (head.length > 0) socket.unshift(head);
      const secure = connect({ ...target, socket, servername: target.servername ?? target.host ?? "" });
      secure.once("error", fail);
      secure.once("secureConnect", () => {
        secure.off("error", fail);
        done(null, secure);
      });
    });
    asked.end();
    return undefined;
  }
}

function refusal(proxy: URL, name: string, status: number, text: string): Failure {
  const hint =
    status === 407
      ? "Put the proxy's user and password into its URL: http://USER:PASSWORD@HOST:PORT"
      : "Name the server in NO_PROXY if it is to be reached without the proxy.";
  return new Failure(`The proxy ${proxy.host} refused to connect to ${name}: ${status} ${text}`.trimEnd(), { hint });
}
