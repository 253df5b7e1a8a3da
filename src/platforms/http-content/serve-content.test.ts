import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { localHost } from "../../sdk/local-host/local-host.ts";
import { type Content, serveContent } from "./serve-content.ts";

const host = localHost();
const top = mkdtempSync(join(tmpdir(), "ingot-test-http-"));
const folder = join(top, "served");
mkdirSync(join(folder, "sub"), { recursive: true });
mkdirSync(join(top, "served-too"));
writeFileSync(join(top, "secret"), "secret");
writeFileSync(join(top, "served-too/secret"), "secret");
writeFileSync(join(folder, "preseed.cfg"), "0123456789");
writeFileSync(join(folder, "sub/a & <b>#?.txt"), "odd");
writeFileSync(join(folder, "empty"), "");
for (const [name, target] of [
  ["in", "sub/../preseed.cfg"],
  ["out", "../secret"],
  ["abs", join(top, "secret")],
  ["dir", "../served-too"],
  ["up", "sub/back"],
  ["loop", "loop"],
] as const)
  symlinkSync(target, join(folder, name));
symlinkSync("../../secret", join(folder, "sub/back"));
afterAll(() => rmSync(top, { recursive: true }));

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

async function serve(content: Content = { folder }): Promise<{
  get(path: string, headers?: Record<string, string>, method?: string): Promise<Answer>;
  lines: string[];
  port: number;
}> {
  const lines: string[] = [];
  const port = await host.freePort();
  const server = await serveContent(host, {
    content,
    ports: { min: port, max: port },
    onAnswer: (line) => void lines.push(line),
  });
  onTestFinished(() => server[Symbol.asyncDispose]());
  const get = (path: string, headers: Record<string, string> = {}, method = "GET") =>
    new Promise<Answer>((resolve, reject) => {
      request({ host: "127.0.0.1", port, path, method, headers, agent: false }, async (response) => {
        const text = Buffer.concat(await response.toArray()).toString();
        resolve({ status: response.statusCode, headers: response.headers, text });
      })
        .on("error", reject)
        .end();
    });
  return { get, lines, port };
}

describe("a folder", () => {
  test("is served by file, with a line for each answer", async () => {
    const { get, lines } = await serve();
    expect(await get("/preseed.cfg?x=1")).toMatchObject({
      status: 200,
      text: "0123456789",
      headers: { "content-length": "10", "content-type": "text/plain; charset=utf-8" },
    });
    expect(await get("/in")).toMatchObject({ status: 200, text: "0123456789" });
    expect(await get("/empty")).toMatchObject({ status: 200, text: "" });
    expect(await get("/preseed.cfg", {}, "HEAD")).toMatchObject({
      status: 200,
      text: "",
      headers: { "content-length": "10" },
    });
    expect(await get("/none")).toMatchObject({ status: 404 });
    expect(await get("/preseed.cfg", {}, "POST")).toMatchObject({ status: 405 });
    expect(lines.slice(-2)).toEqual([
      "GET /none: 404, not found",
      "POST /preseed.cfg: 405, only GET and HEAD are served",
    ]);
    expect(lines[0]).toBe("GET /preseed.cfg?x=1: 200, 10 bytes");
  });

  test.each([
    "/../secret",
    "/%2e%2e/secret",
    "/sub/..%2f..%2fsecret",
    "/sub/../../secret",
    "/..%5csecret",
    "/out",
    "/abs",
    "/dir/secret",
    "/up",
    "/sub/back",
    "/loop",
    "//etc/passwd",
    "/%00",
    "/%zz",
  ])("gives nothing for %s", async (path) => {
    const { status, text } = await (await serve()).get(path);
    expect([400, 404]).toContain(status);
    expect(text).not.toContain("secret");
  });

  test("lists what is in it, names as they must be asked for", async () => {
    const { get } = await serve();
    expect(await get("/sub")).toMatchObject({ status: 301, headers: { location: "sub/" } });
    const { text } = await get("/sub/");
    const [, link = ""] = /href="\.\/(a[^"]*)"/.exec(text) ?? [];
    expect(text).toContain("a &#38; &#60;b&#62;#?.txt");
    expect(await get(`/sub/${link.replaceAll("&#38;", "&")}`)).toMatchObject({ status: 200, text: "odd" });
  });

  test.each<[string, number, string, string | undefined]>([
    ["bytes=2-4", 206, "234", "bytes 2-4/10"],
    ["bytes=7-", 206, "789", "bytes 7-9/10"],
    ["bytes=-3", 206, "789", "bytes 7-9/10"],
    ["bytes=0-99", 206, "0123456789", "bytes 0-9/10"],
    ["bytes=10-", 416, "", "bytes */10"],
    ["bytes=4-2", 200, "0123456789", undefined],
    ["bytes=0-1,3-4", 200, "0123456789", undefined],
  ])("gives the part that %s asks for", async (range, status, text, shown) => {
    const { get } = await serve();
    const answer = await get("/preseed.cfg", { range });
    expect(answer).toMatchObject({ status, text });
    expect(answer.headers["content-range"]).toBe(shown);
  });

  test("gives all of what has changed since", async () => {
    const { get } = await serve();
    const { etag = "" } = (await get("/preseed.cfg")).headers;
    expect((await get("/preseed.cfg", { range: "bytes=1-1", "if-range": String(etag) })).status).toBe(206);
    expect((await get("/preseed.cfg", { range: "bytes=1-1", "if-range": '"other"' })).status).toBe(200);
  });

  test("that is not there is a Failure", async () => {
    await expect(serve({ folder: join(top, "none") })).rejects.toThrow("there is no such folder");
  });
});

test("texts are served under their paths, and nothing else is", async () => {
  const { get } = await serve({ texts: { "/a.cfg": "ä", "b/c": "two" } });
  expect(await get("/a.cfg")).toMatchObject({ status: 200, text: "ä" });
  expect(await get("/b/c", { range: "bytes=1-" })).toMatchObject({ status: 206, text: "wo" });
  expect(await get("/preseed.cfg")).toMatchObject({ status: 404 });
  expect(await get("/constructor")).toMatchObject({ status: 404 });
});

test("a range without a free port is a Failure; a server that ends frees its own, and cuts who is connected", async () => {
  const { port } = await serve();
  await expect(serveContent(host, { content: { folder }, ports: { min: port, max: port } })).rejects.toMatchObject({
    message: `No port from ${port} to ${port} is free for the HTTP server`,
    hint: expect.stringContaining("http_port_max"),
  });
  const other = await host.freePort();
  const options = { content: { folder }, ports: { min: other, max: other } };
  const server = await serveContent(host, options);
  const idle = connect(other, "127.0.0.1");
  const cut = new Promise((done) => idle.once("close", done));
  idle.on("error", () => {});
  await new Promise((done) => idle.once("connect", done));
  await server[Symbol.asyncDispose]();
  await cut;
  await (await serveContent(host, options))[Symbol.asyncDispose]();
});
