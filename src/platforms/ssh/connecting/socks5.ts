import { isIPv4 } from "node:net";
import type { Duplex } from "node:stream";
import type { ProxyServer } from "../settings/ssh-settings.ts";
import { type Address, addressText } from "./dial.ts";
import { readBytes } from "./read-bytes.ts";
import { SshFault } from "./ssh-fault.ts";

/** Asks a SOCKS5 proxy (RFC 1928, RFC 1929) for a connection. Names are looked up by the proxy. */
export async function throughSocks(
  stream: Duplex,
  to: Address,
  proxy: ProxyServer,
  signal: AbortSignal,
): Promise<void> {
  const what = `The SOCKS5 proxy ${addressText(proxy)}`;
  const withPassword = proxy.user !== undefined;
  const ask = async (question: Uint8Array, enough: (heard: Buffer) => number | undefined): Promise<Buffer> => {
    stream.write(question);
    try {
      return await readBytes(stream, enough, signal);
    } catch (error) {
      signal.throwIfAborted();
      throw new SshFault("proxy", `${what} is no use: ${error instanceof Error ? error.message : error}`);
    }
  };

  const [version, method] = await ask(Buffer.from(withPassword ? [5, 2, 0, 2] : [5, 1, 0]), () => 2);
  if (version !== 5) throw new SshFault("proxy", `${what} does not speak SOCKS5`, { permanent: true });
  if (method === 2 && withPassword) {
    const [user, password] = [Buffer.from(proxy.user ?? ""), Buffer.from(proxy.password ?? "")];
    const login = Buffer.concat([Buffer.from([1, user.length]), user, Buffer.from([password.length]), password]);
    const [, status] = await ask(login, () => 2);
    if (status !== 0) throw refusedLogin(what, "it refused the user or the password");
  } else if (method !== 0) {
    throw refusedLogin(what, "it wants another kind of login");
  }
  const port = Buffer.from([to.port >> 8, to.port & 0xff]);
  const answer = await ask(Buffer.concat([Buffer.from([5, 1, 0]), addressBytes(to.host), port]), lengthOfReply);
  const code = answer[1] ?? 1;
  if (code !== 0) {
    const why = REPLIES[code] ?? `error ${code}`;
    throw new SshFault("proxy", `${what} cannot connect to ${addressText(to)}: ${why}`, { permanent: code === 2 });
  }
}

function refusedLogin(what: string, why: string): SshFault {
  return new SshFault("proxy", `${what} does not let us in: ${why}`, {
    permanent: true,
    hint: "Look at ssh_proxy_username and ssh_proxy_password.",
  });
}

const REPLIES: Readonly<Record<number, string>> = {
  1: "a general failure of the proxy",
  2: "its rules do not allow it",
  3: "the network cannot be reached",
  4: "the host cannot be reached",
  5: "the connection was refused",
  6: "the connection timed out",
  7: "it does not know the command",
  8: "it does not know the kind of address",
};

function addressBytes(host: string): Buffer {
  if (isIPv4(host)) return Buffer.from([1, ...host.split(".").map(Number)]);
  const name = Buffer.from(host);
  return Buffer.concat([Buffer.from([3, name.length]), name]);
}

function lengthOfReply(heard: Buffer): number | undefined {
  if (heard.length < 5) return undefined;
  const kind = heard[3];
  if (kind === 1) return 4 + 4 + 2;
  return kind === 4 ? 4 + 16 + 2 : 4 + 1 + (heard[4] ?? 0) + 2;
}
