import { Failure } from "../../../sdk/failure.ts";
import { describeEndpoint, type Endpoint } from "./endpoint.ts";

/** The engine answered, and the answer is no. */
export class EngineRefused extends Failure {
  /** HTTP status. */
  readonly status: number;
  /** What the engine said, one line. */
  readonly answer: string;

  constructor(what: string, status: number, answer: string) {
    super(`${what}: the Docker engine answered ${status}: ${answer}`, { hint: hintOfAnswer(status, answer) });
    this.name = "EngineRefused";
    this.status = status;
    this.answer = answer;
  }
}

/** The engine did not answer, or stopped in the middle of an answer. */
export class EngineLost extends Failure {
  constructor(what: string, endpoint: Endpoint, cause: unknown) {
    super(`${what}: ${problem(cause)} at ${describeEndpoint(endpoint)}`, { cause, hint: hintOfFault(endpoint, cause) });
    this.name = "EngineLost";
  }
}

/** True where the engine says that the thing does not exist. */
export function isMissing(fault: unknown): boolean {
  return fault instanceof EngineRefused && fault.status === 404;
}

const FAULTS: Readonly<Record<string, string>> = {
  ENOENT: "no Docker engine listens",
  ECONNREFUSED: "no Docker engine answers",
  EACCES: "no permission to talk to the Docker engine",
  ECONNRESET: "the connection to the Docker engine broke off",
  EPIPE: "the connection to the Docker engine broke off",
  ENOTFOUND: "the host of the Docker engine is not known",
  ETIMEDOUT: "the Docker engine did not answer in time",
};

function problem(cause: unknown): string {
  const code = codeOf(cause);
  return (
    (code === undefined ? undefined : FAULTS[code]) ?? `the Docker engine could not be reached (${messageOf(cause)})`
  );
}

function hintOfFault(endpoint: Endpoint, cause: unknown): string | undefined {
  const code = codeOf(cause);
  if (code === "EACCES") {
    return "Add yourself to the group of the socket (`sudo usermod -aG docker $USER`, then log in again), or use a rootless engine.";
  }
  if (code === "ECONNRESET" || code === "EPIPE")
    return "Look at the engine's log: it may have been stopped or restarted.";
  if (code?.startsWith("CERT_") || code?.includes("SELF_SIGNED") || code?.includes("CERTIFICATE")) {
    return "Check ca.pem, cert.pem and key.pem in DOCKER_CERT_PATH (or in the docker context).";
  }
  if (endpoint.from === "the default") {
    return "Start the engine (`sudo systemctl start docker`, or Docker Desktop), install one, or name another by DOCKER_HOST or DOCKER_CONTEXT.";
  }
  return `Check ${endpoint.from} and that the engine is running there.`;
}

function hintOfAnswer(status: number, answer: string): string | undefined {
  if (/no space left on device/i.test(answer)) {
    return "The engine's disk is full: `docker system df` shows what fills it, `docker system prune` frees unused parts.";
  }
  if (/client version .* is too (new|old)/i.test(answer))
    return "Set DOCKER_API_VERSION to a version that the engine speaks.";
  if (/no such image|pull access denied|manifest unknown|repository does not exist|not found: manifest/i.test(answer)) {
    return "Check the image's name and tag, and log in if it is private.";
  }
  if (/unauthorized|authentication required|incorrect username or password|no basic auth/i.test(answer)) {
    return "Log in with `docker login`, or with login, login_server, login_username and login_password.";
  }
  if (/(dial tcp|lookup) .*(no such host|i\/o timeout|connection refused|server misbehaving)/i.test(answer)) {
    return "The engine could not reach the registry: check its network, DNS and proxy.";
  }
  if (/toomanyrequests|rate limit/i.test(answer))
    return "The registry limits anonymous pulls: log in, or use a mirror.";
  if (status === 409 && /is already in use by container/i.test(answer))
    return "Remove or rename that container, or choose another --name.";
  return undefined;
}

function codeOf(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined;
  const code: unknown = Reflect.get(cause, "code");
  if (typeof code === "string") return code;
  return cause instanceof AggregateError ? codeOf(cause.errors[0]) : undefined;
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
