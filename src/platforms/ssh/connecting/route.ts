import type { Duplex } from "node:stream";
import type { Host } from "../../../sdk/host.ts";
import type { HostKeyTrust } from "../keys/host-key-trust.ts";
import type { SshServer, SshSettings } from "../settings/ssh-settings.ts";
import { addressText, dialTo } from "./dial.ts";
import { type Dial, firstAnswer } from "./first-answer.ts";
import { logIn } from "./log-in.ts";
import type { SshConnection } from "./ssh-connection.ts";
import { SshFault } from "./ssh-fault.ts";

/** The way to a server, for as many connections as it takes. */
export interface Route {
  readonly dial: Dial;
  end(): Promise<void>;
}

/** Straight, through a proxy, or through a bastion, which is logged in to once. */
export function routeTo(
  ways: { readonly host: Host; readonly settings: SshSettings; readonly bastionTrust: HostKeyTrust },
  signal: AbortSignal,
): Route {
  const { host, settings } = ways;
  const { server, bastion, proxy } = settings;
  if (bastion === undefined) return { dial: dialTo(host, server, proxy), end: async () => {} };
  let login: Promise<SshConnection> | undefined;
  return {
    async dial(dialSignal) {
      login ??= logInToBastion({ ...ways, bastion }, signal);
      const current = login;
      try {
        const connection = await current;
        return await forwarded(connection, server, dialSignal);
      } catch (fault) {
        // The next one logs in anew, unless another has done so meanwhile.
        const lost = await current.then(
          ({ gone }) => gone.aborted,
          () => true,
        );
        if (lost && login === current) login = undefined;
        throw fault;
      }
    },
    async end() {
      const connection = await login?.catch(() => undefined);
      await connection?.end();
    },
  };
}

async function logInToBastion(
  ways: {
    readonly host: Host;
    readonly settings: SshSettings;
    readonly bastion: SshServer;
    readonly bastionTrust: HostKeyTrust;
  },
  signal: AbortSignal,
): Promise<SshConnection> {
  const { host, bastion, bastionTrust: trust } = ways;
  const where = `The bastion ${addressText(bastion)}`;
  const settings = { ...ways.settings, forwardedAgent: undefined };
  const stream = await firstAnswer(dialTo(host, bastion, undefined), where, signal);
  try {
    return await logIn({ stream, where, login: bastion.login, trust, settings }, signal);
  } catch (fault) {
    if (!(fault instanceof SshFault) || fault.layer !== "authentication") throw fault;
    // It is there and will not change its mind, unlike a machine that still boots.
    throw new SshFault("bastion", fault.message, { cause: fault.cause, hint: fault.hint, permanent: true });
  }
}

function forwarded(
  { client, gone }: SshConnection,
  to: { readonly host: string; readonly port: number },
  signal: AbortSignal,
): Promise<Duplex> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<Duplex>();
  const stop = (): void => reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  try {
    client.forwardOut("127.0.0.1", 0, to.host, to.port, (error, channel) => {
      if (error) {
        const text = `The bastion cannot connect to ${addressText(to)}: ${error.message.replace(/^\(SSH\) /, "")}`;
        reject(new SshFault("bastion", text, { cause: error }));
      } else if (signal.aborted) channel.destroy();
      else resolve(channel);
    });
  } catch (error) {
    reject(new SshFault("bastion", "The connection to the bastion was lost", { cause: gone.reason ?? error }));
  }
  return promise.finally(() => signal.removeEventListener("abort", stop));
}
