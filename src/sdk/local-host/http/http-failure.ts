import { Failure } from "../../failure.ts";
import { errorCode } from "../system-failure.ts";

/** What kept a server from answering, as a Failure. `place`: the URL without its secrets, or the socket. */
export function httpFailure(error: unknown, place: string): Failure {
  if (error instanceof Failure) return error;
  const code = errorCode(error);
  const [answer, hint] = (code === undefined ? undefined : answers[code]) ?? [messageOf(error)];
  return new Failure(`Cannot reach ${place}: ${answer}`, { cause: error, hint });
}

/** The URL as messages show it: user, password and query may be secret. */
export function shownUrl(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

const proxyHint = "Where the network is behind a proxy, set HTTP_PROXY and HTTPS_PROXY.";
const authorityHint =
  "If an authority of your own signed it (a company's proxy does so), name its certificate in SSL_CERT_FILE or NODE_EXTRA_CA_CERTS.";

const answers: Readonly<Record<string, readonly [answer: string, hint?: string]>> = {
  ECONNREFUSED: ["nothing listens there (connection refused)"],
  ECONNRESET: ["the connection was closed before the answer was complete"],
  EPIPE: ["the connection was closed before the request was complete"],
  ENOTFOUND: ["the name is not known", proxyHint],
  EAI_AGAIN: ["the name server does not answer", proxyHint],
  ETIMEDOUT: ["the connection timed out", proxyHint],
  ENETUNREACH: ["the network is not reachable", proxyHint],
  EHOSTUNREACH: ["the machine is not reachable", proxyHint],
  ENOENT: ["there is no such socket", "The service that makes it may not be running."],
  EACCES: [
    "permission denied",
    "You may have to join the group that owns the socket, or log in anew after joining it.",
  ],
  DEPTH_ZERO_SELF_SIGNED_CERT: ["its certificate is self-signed", authorityHint],
  SELF_SIGNED_CERT_IN_CHAIN: ["its certificate is signed by an authority that is not trusted", authorityHint],
  UNABLE_TO_GET_ISSUER_CERT: ["its certificate is signed by an authority that is not known", authorityHint],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ["its certificate is signed by an authority that is not known", authorityHint],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ["its certificate is signed by an authority that is not known", authorityHint],
  CERT_HAS_EXPIRED: ["its certificate has expired", "Look at this machine's clock too."],
  CERT_NOT_YET_VALID: ["its certificate is not valid yet", "Look at this machine's clock."],
  ERR_TLS_CERT_ALTNAME_INVALID: ["its certificate is for another name"],
  EPROTO: ["it does not speak TLS", "Is it http:// that you meant?"],
};

function messageOf(error: unknown): string {
  // Several addresses were tried: each has its fault, the whole has no words.
  if (error instanceof AggregateError) return error.errors.map(messageOf).join("; ");
  return error instanceof Error ? error.message : String(error);
}
