import { BlockList, isIP, isIPv4 } from "node:net";
import { Failure } from "../../failure.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy for a URL, by the rules of Go's programs: HTTP_PROXY or HTTPS_PROXY by the URL's scheme (lower case too),
 * not for what NO_PROXY names, never for this machine itself. Throws a Failure for a proxy that cannot be used.
 */
export function proxyFor(url: URL, environment: Environment): URL | undefined {
  const name = url.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const text = environment[name] || environment[name.toLowerCase()];
  if (!text || isDirect(url, environment.NO_PROXY || environment.no_proxy || "")) return undefined;
  const proxy = URL.parse(text.includes("://") ? text : `http://${text}`);
  if (proxy?.protocol === "http:" || proxy?.protocol === "https:") return proxy;
  const why = proxy ? `proxies of the kind ${proxy.protocol.slice(0, -1)} are not supported` : "it is not a URL";
  throw new Failure(`The proxy that ${name} names cannot be used: ${why}`, {
    hint: `Set ${name} to http://HOST:PORT, or name the servers to reach without a proxy in NO_PROXY.`,
  });
}

/** The value of Proxy-Authorization, where the proxy's URL has a user. */
export function proxyAuthorization(proxy: URL): string | undefined {
  if (proxy.username === "") return undefined;
  const credentials = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return `Basic ${Buffer.from(credentials).toString("base64")}`;
}

function isDirect(url: URL, noProxy: string): boolean {
  const host = bare(url.hostname);
  if (host === "localhost" || host.endsWith(".localhost") || isLoopback(host)) return true;
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  return noProxy.split(/[\s,]+/).some((entry) => entry !== "" && covers(entry.toLowerCase(), host, port));
}

function covers(entry: string, host: string, port: string): boolean {
  if (entry === "*") return true;
  const [, address, bits] = /^([0-9a-f.:]+)\/(\d+)$/.exec(entry) ?? [];
  if (address !== undefined && bits !== undefined) return isIP(host) !== 0 && isIn(host, address, Number(bits));
  const [, bracketed, plain, entryPort] = /^(?:\[([^\]]+)\]|([^:]*))(?::(\d+))?$/.exec(entry) ?? [];
  const name = bracketed ?? plain ?? entry; // A bare IPv6 address has colons, and no port.
  if (entryPort !== undefined && entryPort !== port) return false;
  if (isIP(name)) return isIP(host) !== 0 && isIn(host, name, isIPv4(name) ? 32 : 128);
  if (name.startsWith("*.")) return host.endsWith(name.slice(1));
  if (name.startsWith(".")) return host.endsWith(name);
  return name !== "" && (host === name || host.endsWith(`.${name}`));
}

function isLoopback(host: string): boolean {
  return isIP(host) !== 0 && (isIn(host, "127.0.0.0", 8) || isIn(host, "::1", 128));
}

function isIn(host: string, network: string, bits: number): boolean {
  const kind = isIPv4(network) ? "ipv4" : "ipv6";
  if (isIP(network) === 0 || bits > (kind === "ipv4" ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(network, bits, kind);
  return list.check(host, isIPv4(host) ? "ipv4" : "ipv6");
}

function bare(hostname: string): string {
  return hostname
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "")
    .toLowerCase();
}
