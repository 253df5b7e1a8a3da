import http from "node:http";
import type { Duplex, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Failure, TimedOut } from "../../../sdk/failure.ts";
import type { Endpoint } from "./endpoint.ts";
import { EngineLost, EngineRefused } from "./engine-failure.ts";

const MINUTE = 60_000;
const LONGEST_REFUSAL = 1024 * 1024;

export interface EngineRequest {
  /** What it is for, as the start of a Failure: "Could not start the container web". */
  readonly what: string;
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "DELETE";
  /** Without the version: "/containers/create". */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Plain data goes as JSON, bytes and streams as they are. */
  readonly body?: object | Uint8Array | Readable;
  /** Milliseconds without a byte in either direction until the answer starts; default 2 minutes. */
  readonly limit?: number;
}

/** How one endpoint is spoken to; the agent keeps sockets open between requests. */
export interface Connection {
  readonly request: typeof http.request;
  readonly options: http.RequestOptions;
  readonly agent: http.Agent;
}

/** A plain answer, or the connection itself. */
export type Answer = http.IncomingMessage | { socket: Duplex; head: Buffer };

/** One request and the start of its answer. Aborting later ends the answer's body too. */
export async function exchange(
  endpoint: Endpoint,
  connection: Connection,
  request: EngineRequest,
  signal: AbortSignal,
): Promise<Answer> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const body = encodeBody(request.body);
  const limit = request.limit ?? 2 * MINUTE;
  const outgoing = connection.request({
    ...connection.options,
    method: request.method,
    timeout: limit,
    path: request.path + encodeQuery(request.query),
    headers: { ...connection.options.headers, ...body.headers, ...request.headers },
  });
  let incoming: http.IncomingMessage | undefined;
  const abort = () => (incoming ?? outgoing).destroy(toError(signal.reason));
  signal.addEventListener("abort", abort, { once: true });
  const finished = () => signal.removeEventListener("abort", abort);

  outgoing.on("timeout", () => outgoing.destroy(new TimedOut(request.what, limit)));
  outgoing.on("response", (answer) => {
    incoming = answer;
    outgoing.setTimeout(0);
    answer.once("close", finished);
    resolve(answer);
  });
  outgoing.on("upgrade", (_answer, socket, head) => {
    socket.setTimeout(0);
    // From here on the socket is the caller's, and the caller watches the signal.
    finished();
    resolve({ socket, head });
  });
  outgoing.on("error", (cause) => {
    finished();
    if (signal.aborted) reject(signal.reason);
    else reject(cause instanceof Failure ? cause : new EngineLost(request.what, endpoint, cause));
  });
  // A fault of the content (a file that cannot be read) is the cause; a broken pipe is only an answer come early.
  body.send(outgoing).catch((cause) => {
    if (cause instanceof Failure) outgoing.destroy(cause);
  });
  const answer = await promise;
  if (answer instanceof http.IncomingMessage && (answer.statusCode ?? 0) >= 400) {
    throw await refusal(request.what, endpoint, answer);
  }
  return answer;
}

interface EncodedBody {
  readonly headers: Readonly<Record<string, string>>;
  send(outgoing: http.ClientRequest): Promise<void>;
}

function encodeBody(body: EngineRequest["body"]): EncodedBody {
  if (body === undefined) return { headers: {}, send: async (outgoing) => void outgoing.end() };
  if (isReadable(body)) {
    return { headers: { "Content-Type": "application/x-tar" }, send: (outgoing) => pipeline(body, outgoing) };
  }
  const bytes = body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body));
  const type = body instanceof Uint8Array ? "application/x-tar" : "application/json";
  return {
    headers: { "Content-Type": type, "Content-Length": String(bytes.length) },
    send: async (outgoing) => void outgoing.end(bytes),
  };
}

function isReadable(body: object): body is Readable {
  return "pipe" in body && typeof body.pipe === "function";
}

function encodeQuery(query: EngineRequest["query"]): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined) continue;
    for (const item of typeof value === "object" ? value : [value]) parameters.append(name, String(item));
  }
  return parameters.size === 0 ? "" : `?${parameters}`;
}

async function refusal(what: string, endpoint: Endpoint, answer: http.IncomingMessage): Promise<Failure> {
  const text = await bodyText(what, endpoint, answer, LONGEST_REFUSAL);
  return new EngineRefused(what, answer.statusCode ?? 0, messageIn(text) || answer.statusMessage || "no reason given");
}

function messageIn(text: string): string {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null && "message" in parsed) return String(parsed.message).trim();
  } catch {
    // Proxies and old engines answer in plain text.
  }
  return text.trim();
}

/** The whole body; a Failure where it is longer than `limit` bytes or breaks off. */
export async function bodyText(
  what: string,
  endpoint: Endpoint,
  answer: http.IncomingMessage,
  limit: number,
): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of answer) {
      length += chunk.length;
      if (length > limit) throw new Failure(`${what}: the Docker engine's answer is longer than ${limit} bytes`);
      chunks.push(chunk);
    }
  } catch (cause) {
    // An abort destroys the body with the signal's reason, which is passed on as it is.
    throw isAborted(cause) ? cause : new EngineLost(what, endpoint, cause);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** What an abort destroys a stream with carries no error code of the system. */
export function isAborted(cause: unknown): boolean {
  return !(cause instanceof Error && typeof Reflect.get(cause, "code") === "string");
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
