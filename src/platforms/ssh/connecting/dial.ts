import type { Duplex } from "node:stream";
import type { Host } from "../../../sdk/host.ts";
import type { ProxyServer } from "../settings/ssh-settings.ts";
import type { Dial } from "./first-answer.ts";
import { throughHttpProxy } from "./http-proxy.ts";
import { throughSocks } from "./socks5.ts";
import { SshFault, tcpFault } from "./ssh-fault.ts";

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** "10.0.0.5:22", "[::1]:22". */
export function addressText({ host, port }: Address): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Milliseconds for a TCP connection. */
const CONNECT = 15_000;

/** Straight to the server, or through the proxy. */
export function dialTo(host: Host, to: Address, proxy: ProxyServer | undefined): Dial {
  if (proxy === undefined) return (signal) => connect(host, to, addressText(to), signal);
  return async (signal) => {
    const socket = await connect(host, proxy, `The proxy ${addressText(proxy)}`, signal);
    try {
      const through = proxy.kind === "http" ? throughHttpProxy : throughSocks;
      await through(socket, to, proxy, AbortSignal.any([signal, AbortSignal.timeout(CONNECT)]));
      return socket;
    } catch (fault) {
      socket.destroy();
      throw fault;
    }
  };
}

async function connect(host: Host, to: Address, where: string, signal: AbortSignal): Promise<Duplex> {
  const limit = AbortSignal.timeout(CONNECT);
  try {
    return await host.sockets.connect(to, AbortSignal.any([signal, limit]));
  } catch (error) {
    signal.throwIfAborted();
    if (limit.aborted) throw new SshFault("TCP", `${where} does not answer (waited ${CONNECT / 1000} s)`);
    throw tcpFault(error, where);
  }
}
