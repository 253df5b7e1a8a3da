import { type ClientRequest, request as httpRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Duplex } from "node:stream";
import { Readable } from "node:stream";
import { Failure, TimedOut } from "../../failure.ts";
import type { HttpRequest, HttpResponse } from "../../host.ts";
import type { Agents } from "./agents.ts";
import { httpFailure, shownUrl } from "./http-failure.ts";
import { proxyAuthorization } from "./proxy.ts";

export interface Exchange {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: HttpRequest["body"];
  readonly request: HttpRequest;
  readonly proxy: URL | undefined;
}

/** One request and its answer, redirects not followed. */
export async function exchange(what: Exchange, agents: Agents, signal: AbortSignal): Promise<HttpResponse> {
  signal.throwIfAborted();
  const place = placeOf(what);
  const asked = start(what, agents);
  const { promise, resolve, reject } = Promise.withResolvers<HttpResponse>();
  const abort = (): void => void asked.destroy(asError(signal.reason));
  signal.addEventListener("abort", abort, { once: true });
  asked.once("close", () => signal.removeEventListener("abort", abort));
  const limit = what.request.timeout ?? 60_000;
  const timer = setTimeout(() => asked.destroy(new TimedOut(`The answer of ${place}`, limit)), limit);
  const words = (error: unknown): unknown => (signal.aborted ? signal.reason : httpFailure(error, place));
  // Stays for the whole exchange: a fault after the answer has begun comes through its body as well.
  asked.on("error", (error) => reject(words(error)));
  asked.once("response", (message) => resolve(answer(what.url, withWords(message, words), message, place)));
  asked.once("upgrade", (message, socket, head) => {
    if (head.length > 0) socket.unshift(head);
    socket.setTimeout(0);
    const stop = (): void => void socket.destroy(asError(signal.reason));
    signal.addEventListener("abort", stop, { once: true });
    socket.once("close", () => signal.removeEventListener("abort", stop));
    resolve(answer(what.url, withWords(socket, words), message, place, socket));
  });
  send(asked, what.body, reject);
  try {
    return await promise;
  } catch (error) {
    // On a connection that was kept open the server may have hung up just then: it saw nothing of the request.
    if (isStale(asked, what, error) && !signal.aborted) return await exchange(what, agents, signal);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function placeOf({ url, request, proxy }: Exchange): string {
  if (request.socketPath !== undefined) return request.socketPath;
  return proxy ? `${shownUrl(url)} (through the proxy ${proxy.host})` : shownUrl(url);
}

function start({ url, method, headers, request, proxy }: Exchange, agents: Agents): ClientRequest {
  const secure = url.protocol === "https:";
  const { socketPath } = request;
  const throughProxy = !secure && proxy !== undefined;
  const authorization = throughProxy ? proxyAuthorization(proxy) : undefined;
  const server = throughProxy ? proxy : url;
  const options: RequestOptions = {
    method,
    agent: agents.agent(secure, proxy, request.tls),
    path: throughProxy ? `${url.origin}${url.pathname}${url.search}` : `${url.pathname}${url.search}`,
    headers: {
      Host: url.host,
      ...(authorization && { "Proxy-Authorization": authorization }),
      ...(request.upgrade && { Connection: "Upgrade" }),
      ...headers,
    },
    ...(socketPath === undefined
      ? {
          host: server.hostname.replace(/^\[|\]$/g, ""),
          port: server.port || (server.protocol === "https:" ? 443 : 80),
        }
      : { socketPath }),
  };
  return server.protocol === "https:" ? httpsRequest(options) : httpRequest(options);
}

function send(asked: ClientRequest, body: HttpRequest["body"], reject: (error: unknown) => void): void {
  if (!(body instanceof Readable)) {
    asked.end(body);
    return;
  }
  // Not `pipeline`: that would end the answer when a server answers before it has read everything.
  body.once("error", (error) => {
    reject(error);
    asked.destroy(error);
  });
  asked.once("close", () => body.destroy());
  body.pipe(asked);
}

function isStale(asked: ClientRequest, { method, body }: Exchange, error: unknown): boolean {
  const code =
    error instanceof Failure && error.cause instanceof Error && "code" in error.cause ? error.cause.code : "";
  const repeatable = ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"].includes(method) && !(body instanceof Readable);
  return asked.reusedSocket && repeatable && (code === "ECONNRESET" || code === "EPIPE");
}

function answer(url: URL, body: Readable, message: IncomingMessage, place: string, upgraded?: Duplex): HttpResponse {
  return {
    status: message.statusCode ?? 0,
    statusText: message.statusMessage ?? "",
    url: url.href,
    headers: message.headers,
    body,
    text: (limit) => textOf(body, limit, place),
    ...(upgraded && { upgraded }),
  };
}

async function textOf(body: Readable, limit: number, place: string): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limit) throw new Failure(`The answer of ${place} is longer than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** A stream reports its fault through `_destroy`: the one place where it can be put into words. */
function withWords<S extends Readable | Duplex>(stream: S, words: (error: unknown) => unknown): S {
  const destroy = stream._destroy.bind(stream);
  stream._destroy = (error, callback) =>
    destroy(error, (fault) => callback(fault ? asError(words(fault)) : (fault ?? null)));
  return stream;
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
