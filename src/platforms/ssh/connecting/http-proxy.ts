import type { Duplex } from "node:stream";
import type { ProxyServer } from "../settings/ssh-settings.ts";
import { type Address, addressText } from "./dial.ts";
import { readBytes } from "./read-bytes.ts";
import { SshFault } from "./ssh-fault.ts";

/** Asks an HTTP proxy for a connection (CONNECT). */
export async function throughHttpProxy(
  stream: Duplex,
  to: Address,
  proxy: ProxyServer,
  signal: AbortSignal,
): Promise<void> {
  const what = `The HTTP proxy ${addressText(proxy)}`;
  const name = addressText(to);
  const credentials = Buffer.from(`${proxy.user}:${proxy.password ?? ""}`).toString("base64");
  const login = proxy.user === undefined ? "" : `Proxy-Authorization: Basic ${credentials}\r\n`;
  stream.write(`CONNECT ${name} HTTP/1.1\r\nHost: ${name}\r\n${login}\r\n`);
  let head: string;
  try {
    head = (await readBytes(stream, lengthOfHead, signal)).toString("latin1");
  } catch (error) {
    signal.throwIfAborted();
    throw new SshFault("proxy", `${what} is no use: ${error instanceof Error ? error.message : error}`);
  }
  const [, status, text] = /^HTTP\/1\.[01] (\d{3}) ?([^\r\n]*)/.exec(head) ?? [];
  if (status?.startsWith("2")) return;
  const answer = status === undefined ? "it does not speak HTTP" : `${status} ${text}`;
  throw new SshFault("proxy", `${what} cannot connect to ${name}: ${answer}`, {
    permanent: status === "407" || status === "403",
    hint: status === "407" ? "Look at ssh_proxy_username and ssh_proxy_password." : undefined,
  });
}

function lengthOfHead(heard: Buffer): number | undefined {
  const end = heard.indexOf("\r\n\r\n");
  // A server that speaks something else is told from its first bytes.
  if (end < 0)
    return heard.length > 16_384 || !"HTTP/".startsWith(heard.toString("latin1", 0, 5)) ? heard.length : undefined;
  return end + 4;
}
