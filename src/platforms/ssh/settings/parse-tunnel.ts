import type { Tunnel } from "./ssh-settings.ts";

/** "PORT:HOST:HOSTPORT"; an IPv6 host in brackets. undefined: it is not of that form. */
export function parseTunnel(text: string): Tunnel | undefined {
  const [, port, bracketed, plain, hostPort] = /^(\d{1,5}):(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const tunnel = { port: Number(port), host: bracketed ?? plain ?? "", hostPort: Number(hostPort) };
  return isPort(tunnel.port) && isPort(tunnel.hostPort) && tunnel.host !== "" ? tunnel : undefined;
}

function isPort(number: number): boolean {
  return number >= 1 && number <= 65_535;
}
