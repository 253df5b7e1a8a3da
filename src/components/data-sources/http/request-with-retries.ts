import type { Reading } from "../../../sdk/component.ts";
import { Failure, TimedOut } from "../../../sdk/failure.ts";
import type { HttpResponse, HttpTls } from "../../../sdk/host.ts";
import type { Config } from "../../../spec/field.ts";
import type { fields } from "./fields.ts";
import { shownUrl } from "./shown-url.ts";

type HttpConfig = Config<typeof fields>;

export interface Answer {
  readonly status: number;
  /** By name as it is usually written ("Content-Type"); several of one name joined. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

/** Milliseconds before the first further attempt; each next wait is twice as long. */
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 60_000;

/** Sends the request, again while it is worth it. The last answer, or the last fault, is the one that counts. */
export async function requestWithRetries(config: HttpConfig, reading: Reading): Promise<Answer> {
  const { host, signal } = reading;
  const retries = config.method === "POST" || config.method === "PATCH" ? 0 : config.retries;
  const tls = await tlsOf(config, reading);
  for (let attempt = 0; ; attempt++) {
    const outcome = await attemptOnce(config, tls, reading);
    if (attempt >= retries || !isWorthRetrying(outcome)) {
      if ("fault" in outcome) throw outcome.fault;
      return outcome;
    }
    const wait = Math.min(LONGEST_WAIT, askedFor(outcome, host.now()) ?? FIRST_WAIT * 2 ** attempt);
    const why = "fault" in outcome ? outcome.fault.message : `The server answered ${outcome.status}`;
    reading.warn(`${why}. Trying again in ${wait / 1000} s (${attempt + 1} of ${retries})...`);
    await host.sleep(wait, signal);
  }
}

type Outcome = Answer | { readonly fault: Failure };

async function attemptOnce(config: HttpConfig, tls: HttpTls, { host, signal }: Reading): Promise<Outcome> {
  const timeout = AbortSignal.timeout(config.timeout);
  try {
    const response = await host.http.request(
      {
        url: config.url,
        method: config.method,
        headers: config.request_headers ?? {},
        timeout: config.timeout,
        tls,
        ...(config.request_body !== undefined && { body: config.request_body }),
      },
      AbortSignal.any([signal, timeout]),
    );
    return {
      status: response.status,
      headers: headersOf(response),
      body: await bodyOf(response, config.max_body_size),
    };
  } catch (fault) {
    signal.throwIfAborted();
    if (timeout.aborted)
      return { fault: new TimedOut(`The answer of ${shownUrl(config.url)}`, config.timeout, { cause: fault }) };
    if (fault instanceof Failure) return { fault };
    throw fault;
  }
}

async function bodyOf(response: HttpResponse, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response.body) {
    length += chunk.length;
    if (length > limit) {
      throw new Failure(`The answer of ${shownUrl(response.url)} is longer than ${limit} bytes`, {
        permanent: true,
        hint: "Raise max_body_size.",
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function isWorthRetrying(outcome: Outcome): boolean {
  return "fault" in outcome ? !outcome.fault.permanent : outcome.status === 429 || outcome.status >= 500;
}

/** Milliseconds that the server asked to wait (`Retry-After`: seconds, or a date). */
function askedFor(outcome: Outcome, now: Date): number | undefined {
  const text = "fault" in outcome ? undefined : outcome.headers.get("Retry-After");
  if (text === undefined) return undefined;
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now.getTime();
  return wait >= 0 ? wait : undefined;
}

/** Node gives all names in lower case; templates look them up as Go writes them. */
function headersOf(response: HttpResponse): ReadonlyMap<string, string> {
  const entries = Object.entries(response.headers).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const usual = name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
    return [[usual, Array.isArray(value) ? value.join(", ") : value] as const];
  });
  return new Map(entries);
}

async function tlsOf(config: HttpConfig, { host }: Reading): Promise<HttpTls> {
  const text = async (path: string | undefined): Promise<string | undefined> =>
    path === undefined ? undefined : await host.files.readText(path);
  const [ca, cert, key] = await Promise.all([
    text(config.ca_file),
    text(config.client_certificate_file),
    text(config.client_key_file),
  ]);
  return {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(config.insecure && { insecure: true }),
  };
}
