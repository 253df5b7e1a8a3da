import type { Duplex } from "node:stream";
import ssh2, { type Client, type ConnectConfig } from "ssh2";
import { useCertificates } from "../keys/certificate.ts";
import type { HostKeyTrust } from "../keys/host-key-trust.ts";
import type { Login, SshSettings } from "../settings/ssh-settings.ts";
import { batchWrites } from "./batch-writes.ts";
import { loginMethods } from "./login-methods.ts";
import { openConnection, type SshConnection } from "./ssh-connection.ts";
import { type Layer, SshFault } from "./ssh-fault.ts";

/** Milliseconds for key exchange and login. */
const HANDSHAKE = 60_000;
/** So long may a machine that is paused, or busy, answer no sign of life. */
const LONGEST_SILENCE = 120_000;

export interface LoginRequest {
  readonly stream: Duplex;
  readonly where: string;
  readonly login: Login;
  readonly trust: HostKeyTrust;
  readonly settings: Pick<SshSettings, "ciphers" | "keyExchanges" | "keepAlive" | "silence" | "forwardedAgent">;
}

/** One try: key exchange, host key, login. Throws an SshFault that names the layer; then the stream is closed. */
export function logIn(request: LoginRequest, signal: AbortSignal): Promise<SshConnection> {
  const { stream, where, login, trust, settings } = request;
  const client: Client = new ssh2.Client();
  const methods = loginMethods(login);
  const { promise, resolve, reject } = Promise.withResolvers<SshConnection>();
  let layer: Layer = "key exchange";
  let hostKeyFault: string | undefined;
  const negotiation: string[] = [];
  let asked = 0;
  let roundTrip = 0;

  const failed = (cause?: Error): void => {
    if (hostKeyFault !== undefined) reject(hostKeyRefused(where, hostKeyFault));
    else if (layer === "authentication") reject(loginRefused(where, login, methods, cause));
    else reject(keyExchangeFailed(where, negotiation, cause));
    stream.destroy();
  };
  const stop = (): void => {
    reject(signal.reason);
    stream.destroy();
  };
  signal.addEventListener("abort", stop, { once: true });
  client.on("handshake", () => {
    layer = "authentication";
  });
  client.on("error", (error) => {
    // The agent's faults do not end the login: other methods follow.
    if (!("level" in error && error.level === "agent")) failed(error);
  });
  client.on("close", () => failed());
  client.once("ready", () => {
    trust.settle();
    client.removeAllListeners("close");
    resolve(openConnection(client, stream, settings, roundTrip));
  });
  try {
    batchWrites(stream);
    client.connect({
      ...algorithms(settings, trust.types()),
      sock: stream as never, // Any stream will do; the types ask for a Readable.
      username: login.user,
      ...(settings.forwardedAgent !== undefined && { agent: settings.forwardedAgent }),
      authHandler: (left: unknown, _partial: unknown, next: (method: never) => void) =>
        next(methods.next(left as readonly string[] | null) as never),
      hostVerifier: (key: Buffer) => {
        hostKeyFault = trust.check(key);
        return hostKeyFault === undefined;
      },
      readyTimeout: HANDSHAKE,
      keepaliveInterval: settings.keepAlive,
      keepaliveCountMax: settings.keepAlive > 0 ? Math.max(3, Math.ceil(LONGEST_SILENCE / settings.keepAlive)) : 0,
      debug: (text) => {
        // The request for the login service is answered without any work: that is how far the machine is away.
        if (text === SERVICE_ASKED) asked = performance.now();
        else if (text === SERVICE_ANSWERED) roundTrip = performance.now() - asked;
        if (layer === "key exchange" && /^Handshake: \((remote|local)\)/.test(text)) negotiation.push(text);
      },
    } as ConnectConfig);
    if (login.certificate !== undefined) useCertificates(client);
  } catch (error) {
    failed(error instanceof Error ? error : undefined);
  }
  return promise.finally(() => signal.removeEventListener("abort", stop));
}

const SERVICE_ASKED = "Outbound: Sending SERVICE_REQUEST (ssh-userauth)";
const SERVICE_ANSWERED = "Inbound: Received SERVICE_ACCEPT (ssh-userauth)";

/** Old, but all that some systems have: asked for last. */
const OLD_KEY_EXCHANGES = ["diffie-hellman-group14-sha1", "diffie-hellman-group-exchange-sha1"];
/** Signatures that go with a type of key. */
const RSA = ["rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"];

function algorithms(
  { ciphers, keyExchanges }: LoginRequest["settings"],
  hostKeyTypes: readonly string[],
): Pick<ConnectConfig, "algorithms"> {
  const known = hostKeyTypes.flatMap((type) => (type === "ssh-rsa" ? RSA : [type]));
  // The names come from the template; the library refuses those that it does not know.
  return {
    algorithms: {
      kex: keyExchanges ? keyExchanges : { append: OLD_KEY_EXCHANGES, prepend: [], remove: [] },
      ...(ciphers && { cipher: ciphers }),
      ...(known.length > 0 && { serverHostKey: { prepend: known, append: [], remove: [] } }),
    } as unknown as NonNullable<ConnectConfig["algorithms"]>,
  };
}

function hostKeyRefused(where: string, why: string): SshFault {
  return new SshFault("host key", `${where} cannot be trusted: ${why}`, {
    permanent: true,
    hint:
      "Either another machine answers at this address, or the machine was made anew. If that is so, correct " +
      "ssh_host_key_fingerprint or the file that ssh_known_hosts_file names.",
  });
}

function keyExchangeFailed(where: string, negotiation: readonly string[], cause: Error | undefined): SshFault {
  const unsupported = /^Unsupported algorithm: (.*)/.exec(cause?.message ?? "")?.[1];
  if (unsupported !== undefined) {
    return new SshFault("key exchange", `The algorithm ${unsupported} is not supported`, {
      permanent: true,
      hint: "Look at ssh_ciphers and ssh_key_exchange_algorithms.",
    });
  }
  const [, kind] = /no matching (.*)/.exec(cause?.message ?? "") ?? [];
  if (kind !== undefined) {
    const offers = negotiation.slice(-2).map((text) => text.replace(/^Handshake: /, ""));
    return new SshFault("key exchange", `${where} and we have no ${kind} in common. ${offers.join("; ")}`, {
      permanent: true,
      hint: "ssh_ciphers and ssh_key_exchange_algorithms say what is offered.",
    });
  }
  const answer = cause === undefined ? "it closed the connection" : cause.message;
  return new SshFault("key exchange", `${where} speaks SSH, but the key exchange failed: ${answer}`, { cause });
}

function loginRefused(
  where: string,
  { user }: Login,
  { tried, offered }: { readonly tried: readonly string[]; readonly offered: readonly string[] },
  cause: Error | undefined,
): SshFault {
  const attempts = tried.length === 0 ? "nothing could be tried" : `tried: ${tried.join("; ")}`;
  const takes = offered.length === 0 ? "" : `. It takes: ${offered.join(", ")}`;
  const said = cause === undefined || cause.message.startsWith("All configured") ? "" : ` (${cause.message})`;
  return new SshFault("authentication", `${where} refused to log in ${user}${said}; ${attempts}${takes}`, {
    cause,
    hint: "Is the user right? Is the password, or is the public key in ~/.ssh/authorized_keys of that user?",
  });
}
