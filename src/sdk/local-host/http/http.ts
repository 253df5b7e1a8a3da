import { Readable } from "node:stream";
import { Failure } from "../../failure.ts";
import type { Http, HttpRequest, HttpResponse } from "../../host.ts";
import { Agents } from "./agents.ts";
import { type Exchange, exchange } from "./exchange.ts";
import { shownUrl } from "./http-failure.ts";
import { proxyFor } from "./proxy.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** HTTP from this machine, by the proxies and authorities that the environment names. */
export function localHttp(environment: Environment): Http {
  const agents = new Agents(environment);
  return {
    request: async (request, signal) => {
      let next = first(request, environment);
      const redirects = request.socketPath === undefined ? (request.redirects ?? 10) : 0;
      for (let followed = 0; ; followed++) {
        const response = await exchange(next, agents, signal);
        const location = redirects > 0 ? redirectOf(response) : undefined;
        if (location === undefined) return response;
        response.body.on("error", () => {}).resume(); // So that the connection can be used again.
        if (followed === redirects) {
          throw new Failure(`${shownUrl(next.url)} redirects again after ${redirects} redirects`);
        }
        next = redirected(next, response.status, location, environment);
      }
    },
  };
}

function first(request: HttpRequest, environment: Environment): Exchange {
  const url = parse(request.url);
  const headers = { ...request.headers };
  if (url.username !== "" && header(headers, "authorization") === undefined) {
    const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    headers.Authorization = `Basic ${Buffer.from(credentials).toString("base64")}`;
  }
  const { body } = request;
  if (body !== undefined && !(body instanceof Readable) && header(headers, "content-length") === undefined) {
    headers["Content-Length"] = String(Buffer.byteLength(body));
  }
  const method = request.method ?? (body === undefined ? "GET" : "POST");
  const proxy = request.socketPath === undefined ? proxyFor(url, environment) : undefined;
  return { url, method, headers, body, request, proxy };
}

function parse(text: string, base?: URL): URL {
  const url = URL.parse(text, base?.href);
  if (url?.protocol === "http:" || url?.protocol === "https:") return url;
  throw new Failure(url ? `${url.protocol}// is not a kind of URL that can be requested here` : "This is no URL", {
    hint: "It must begin with http:// or https://",
  });
}

function redirectOf({ status, headers }: HttpResponse): string | undefined {
  return [301, 302, 303, 307, 308].includes(status) ? headers.location?.toString() : undefined;
}

function redirected(from: Exchange, status: number, location: string, environment: Environment): Exchange {
  const url = parse(location, from.url);
  const keepsMethod = status === 307 || status === 308 || from.method === "GET" || from.method === "HEAD";
  if (keepsMethod && from.body instanceof Readable) {
    throw new Failure(`${shownUrl(from.url)} redirects to ${shownUrl(url)}, and what was sent cannot be sent again`);
  }
  // Credentials are for the server that they were given for, and never go from https to plain http.
  const sameServer = url.host === from.url.host && url.protocol === from.url.protocol;
  const dropped = new Set([
    ...(sameServer ? [] : ["authorization", "cookie"]),
    ...(keepsMethod ? [] : ["content-length", "content-type"]),
    "host",
  ]);
  return {
    ...from,
    url,
    method: keepsMethod ? from.method : "GET",
    body: keepsMethod ? from.body : undefined,
    headers: Object.fromEntries(Object.entries(from.headers).filter(([name]) => !dropped.has(name.toLowerCase()))),
    proxy: proxyFor(url, environment),
  };
}

function header(headers: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
}
