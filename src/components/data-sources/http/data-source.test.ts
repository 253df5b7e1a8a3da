import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { Bench } from "../../../../test/support/component-at-work.ts";
import { decodeConfig } from "../../../../test/support/decode-config.ts";
import type { Value } from "../../../hcl/values/value.ts";
import { http } from "./data-source.ts";

type Options = Parameters<typeof decodeConfig>[1];
type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A server on loopback that answers one request after the other as told; the last handler answers all that follow. */
async function server(...handlers: Handler[]): Promise<AsyncDisposable & { url: string; requests: string[] }> {
  const requests: string[] = [];
  const listening = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const handler = handlers.length > 1 ? handlers.shift() : handlers[0];
    handler?.(request, response);
  });
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  const address = listening.address();
  if (typeof address !== "object" || address === null) throw new Error("no address");
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    async [Symbol.asyncDispose]() {
      listening.closeAllConnections();
      await new Promise((resolve) => listening.close(resolve));
    },
  };
}

const answers =
  (status: number, body = "", headers: Record<string, string | string[]> = { "content-type": "text/plain" }): Handler =>
  (_request, response) => {
    response.writeHead(status, headers).end(body);
  };

/** A bench that notes what it is told to wait, and does not. */
function impatientBench(): { bench: Bench; slept: number[] } {
  const slept: number[] = [];
  return { bench: new Bench({ sleep: async (milliseconds) => void slept.push(milliseconds) }), slept };
}

async function read(bench: Bench, options: Options): Promise<ReadonlyMap<string, Value>> {
  const { config, faults } = await decodeConfig(http, options, bench.host);
  expect(faults).toEqual([]);
  const value = await http.read(config, bench.work);
  expect(value.type).toEqual(http.output);
  if (!(value.data instanceof Map)) throw new Error("no object");
  return value.data;
}

function plain(value: Value | undefined): unknown {
  if (!(value?.data instanceof Map)) return value?.data;
  return Object.fromEntries([...value.data].map(([key, item]) => [key, plain(item)]));
}

test("it sends what it is told and gives the answer, its headers named as Go names them", async () => {
  using bench = new Bench();
  const received: unknown[] = [];
  await using there = await server((request, response) => {
    void text(request).then((body) => {
      received.push([request.method, request.headers["x-token"], body]);
      response.writeHead(201, {
        "content-type": "application/json",
        "set-cookie": ["a=1", "b=2"],
        "x-rate-limit": "9",
      });
      response.end('{"é":1}');
    });
  });

  const output = await read(bench, {
    url: `${there.url}/x?q=1`,
    method: "POST",
    request_headers: { "X-Token": "t" },
    request_body: "hello",
  });

  expect(received).toEqual([["POST", "t", "hello"]]);
  expect(plain(output.get("body"))).toBe('{"é":1}');
  expect(plain(output.get("url"))).toBe(`${there.url}/x?q=1`);
  expect(String(plain(output.get("status_code")))).toBe("201");
  expect(plain(output.get("request_headers"))).toMatchObject({
    "Content-Type": "application/json",
    "Set-Cookie": "a=1, b=2",
    "X-Rate-Limit": "9",
  });
  expect(output.get("response_headers")).toEqual(output.get("request_headers"));
  expect(bench.heard.lines).toEqual([]);
});

test("an answer that is no success is a fault, which does not tell the query", async () => {
  using bench = new Bench();
  await using there = await server(answers(404));
  await expect(read(bench, { url: `${there.url}/x?token=secret` })).rejects.toThrow(
    `HTTP request error. Response code: 404, from ${there.url}/x`,
  );
  expect(there.requests).toHaveLength(1);
});

test("429, 5xx and lost connections are tried again, each time later, or when the server says", async () => {
  const { bench, slept } = impatientBench();
  using _ = bench;
  await using there = await server(
    answers(503, "", { connection: "close" }),
    (request) => request.socket.destroy(),
    answers(429, "", { "retry-after": "7" }),
    answers(200, "at last"),
  );

  const output = await read(bench, { url: there.url });

  expect(plain(output.get("body"))).toBe("at last");
  expect(slept).toEqual([1000, 2000, 7000]);
  expect(bench.heard.lines[0]).toBe("warn: The server answered 503. Trying again in 1 s (1 of 3)...");
});

test("after the last retry the last answer counts", async () => {
  const { bench, slept } = impatientBench();
  using _ = bench;
  await using there = await server(answers(500));
  await expect(read(bench, { url: there.url, retries: 1 })).rejects.toThrow("Response code: 500");
  expect(slept).toEqual([1000]);
});

test("POST is not sent twice", async () => {
  const { bench, slept } = impatientBench();
  using _ = bench;
  await using there = await server(answers(500));
  await expect(read(bench, { url: there.url, method: "POST" })).rejects.toThrow("Response code: 500");
  expect(slept).toEqual([]);
});

test("a server that never ends its answer is given up", async () => {
  const { bench } = impatientBench();
  using _ = bench;
  await using there = await server((_request, response) => {
    response.writeHead(200, { "content-type": "text/plain" }).write("begun");
  });
  await expect(read(bench, { url: there.url, timeout: "50ms", retries: 0 })).rejects.toThrow(
    `The answer of ${there.url}/ took longer than 0.05 s`,
  );
});

test("an answer that is longer than allowed is given up at once", async () => {
  const { bench, slept } = impatientBench();
  using _ = bench;
  await using there = await server(answers(200, "x".repeat(1000)));
  await expect(read(bench, { url: there.url, max_body_size: 999 })).rejects.toThrow("longer than 999 bytes");
  expect(slept).toEqual([]);
});

test("an answer that is no text is taken, with a warning", async () => {
  using bench = new Bench();
  await using there = await server(answers(200, "PNG", { "content-type": "image/png" }));
  expect(plain((await read(bench, { url: there.url })).get("body"))).toBe("PNG");
  expect(bench.heard.lines[0]).toContain("is not known to be text (image/png)");
});

test("a cancelled run does not wait for the answer", async () => {
  using bench = new Bench();
  await using there = await server(() => bench.controller.abort(new Error("stop")));
  await expect(read(bench, { url: there.url })).rejects.toThrow("stop");
});

test.each<[Options, string[]]>([
  [{ url: "ftp://x" }, ["error: Invalid URL"]],
  [{ url: "x" }, ["error: Invalid URL"]],
  [
    { url: "http://x", client_key_file: "k" },
    ["error: client_certificate_file and client_key_file must be set together"],
  ],
])("%j: %j", async (options, expected) => {
  using bench = new Bench();
  expect((await decodeConfig(http, options, bench.host)).faults).toEqual(expected);
});
