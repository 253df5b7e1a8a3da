import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { localHost } from "../../sdk/local-host/local-host.ts";
import { type Algorithm, findInList, parseChecksum } from "./checksum.ts";
import { obtainFile } from "./obtain-file.ts";
import { sourceOf } from "./source.ts";

const content = Buffer.alloc(9_000_000, "an image of some size; ");
const digest = (algorithm: Algorithm = "sha256", bytes: Uint8Array = content) =>
  createHash(algorithm).update(bytes).digest("hex");
const sha256 = { algorithm: "sha256" as const, value: digest() };
let top = "";
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), "ingot-test-downloads-"));
  onTestFinished(() => rmSync(top, { recursive: true }));
});

function working(signal: AbortSignal = AbortSignal.timeout(15_000)) {
  const told: string[] = [];
  const host = {
    ...localHost({ cwd: top, environment: { PACKER_CACHE_DIR: join(top, "cache") } }),
    sleep: async () => signal.throwIfAborted(),
  };
  const progress = (title: string) => {
    told.push(title);
    return { update: () => {}, done: () => {} };
  };
  return {
    told,
    work: {
      host,
      signal,
      say: (text: string) => void told.push(text),
      warn: (text: string) => void told.push(`! ${text}`),
      progress,
    },
  };
}

/** Answers as `answers` say, the last one for all that come later; keeps the ranges that were asked for. */
async function serve(
  ...answers: ((request: IncomingMessage, response: ServerResponse) => void)[]
): Promise<{ url: string; ranges: (string | undefined)[] }> {
  const ranges: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    ranges.push(request.headers.range);
    (answers.length > 1 ? answers.shift() : answers[0])?.(request, response);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}/pool/disk.iso?token=1`,
    ranges,
  };
}

const whole = (request: IncomingMessage, response: ServerResponse): void => {
  const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
  const same = request.headers["if-range"] === '"1"';
  if (from > 0 && same)
    response
      .writeHead(206, {
        etag: '"1"',
        "content-length": content.length - from,
        "content-range": `bytes ${from}-${content.length - 1}/${content.length}`,
      })
      .end(content.subarray(from));
  else response.writeHead(200, { etag: '"1"', "content-length": content.length }).end(content);
};
const cutAfter =
  (bytes: number, headers: Record<string, string> = { etag: '"1"' }) =>
  (_: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(200, { ...headers, "content-length": content.length });
    response.write(content.subarray(0, bytes), () => setImmediate(() => response.socket?.end()));
  };
const status =
  (code: number) =>
  (_: IncomingMessage, response: ServerResponse): void =>
    void response.writeHead(code).end();

test("a file is downloaded once, checked, and taken from the cache the next time", async () => {
  const { url, ranges } = await serve(whole);
  const { work, told } = working();
  const { path } = await obtainFile({ urls: [url], checksum: sha256 }, work);
  expect(path).toBe(join(top, `cache/ingot-sha256-${sha256.value}.iso`));
  expect(readFileSync(path).equals(content)).toBe(true);
  expect((await obtainFile({ urls: [url], checksum: sha256 }, work)).path).toBe(path);
  expect(ranges).toEqual([undefined]);
  expect(told).toEqual([`Downloading ${url.replace("?token=1", "")}`, `Using ${path}, downloaded before`]);
  expect(readdirSync(join(top, "cache"))).toEqual([`ingot-sha256-${sha256.value}.iso`]);
});

test("two that want the same file at once download it once", async () => {
  const { url, ranges } = await serve(whole);
  const paths = await Promise.all([1, 2, 3].map(() => obtainFile({ urls: [url], checksum: sha256 }, working().work)));
  expect(new Set(paths.map(({ path }) => path)).size).toBe(1);
  expect(ranges).toHaveLength(1);
});

test("what was cut off goes on where it ended", async () => {
  const { url, ranges } = await serve(cutAfter(5_000_000), whole);
  const { path } = await obtainFile({ urls: [url], checksum: sha256 }, working().work);
  expect(readFileSync(path).equals(content)).toBe(true);
  expect(ranges).toEqual([undefined, expect.stringMatching(/^bytes=[1-9]\d*-$/)]);
});

test("a download that was cancelled goes on in the next run", async () => {
  const stop = new AbortController();
  const { url, ranges } = await serve((_, response) => {
    response.writeHead(200, { etag: '"1"', "content-length": content.length });
    response.write(content.subarray(0, 8_500_000));
  }, whole);
  const first = working(stop.signal).work;
  const watched = {
    ...first,
    progress: () => ({
      update: (current: number) => void (current > 4_000_000 && stop.abort(new Error("enough"))),
      done: () => {},
    }),
  };
  await expect(obtainFile({ urls: [url], checksum: sha256 }, watched)).rejects.toThrow("enough");
  await obtainFile({ urls: [url], checksum: sha256 }, working().work);
  expect(ranges).toEqual([undefined, expect.stringMatching(/^bytes=[1-9]\d*-$/)]);
});

test.each([
  ["has changed in between", { etag: '"0"' }],
  ["cannot tell whether it has changed", { etag: 'W/"1"' }],
])("a file that %s is downloaded from its start", async (_, headers) => {
  const { url } = await serve(cutAfter(5_000_000, headers), whole);
  const { path } = await obtainFile({ urls: [url], checksum: sha256 }, working().work);
  expect(readFileSync(path).equals(content)).toBe(true);
});

test("mirrors are tried in turn, and the last fault names them all", async () => {
  const [missing, broken, good] = [await serve(status(404)), await serve(status(503)), await serve(whole)];
  const { work, told } = working();
  expect((await obtainFile({ urls: [missing.url, broken.url, good.url], checksum: sha256 }, work)).url).toBe(good.url);
  expect(missing.ranges).toHaveLength(1);
  expect(told.join("\n")).toContain("answered 404 Not Found. Trying the next source...");
  await expect(
    obtainFile(
      { urls: [missing.url, "s3::https://x/y"], checksum: { algorithm: "sha1", value: "0".repeat(40) } },
      work,
    ),
  ).rejects.toThrow(
    /^None of 2 sources gave the file:\n- http:.*answered 404 Not Found\n- s3::https:\/\/x\/y cannot be downloaded/,
  );
});

test("what fails its check is told with both digests, and not kept", async () => {
  const { url } = await serve(whole);
  const wanted = { algorithm: "sha1" as const, value: "0".repeat(40) };
  await expect(obtainFile({ urls: [url], checksum: wanted }, working().work)).rejects.toThrow(
    `its sha1 is ${digest("sha1")}, wanted is ${"0".repeat(40)}`,
  );
  expect(readdirSync(join(top, "cache"))).toEqual([]);
});

test("a file of the cache that was altered is downloaded again", async () => {
  const { url, ranges } = await serve(whole);
  const { work } = working();
  const { path } = await obtainFile({ urls: [url], checksum: sha256 }, work);
  writeFileSync(path, "bad");
  await obtainFile({ urls: [url], checksum: sha256 }, work);
  expect(readFileSync(path).equals(content)).toBe(true);
  expect(ranges).toHaveLength(2);
});

test("a full disk is not the server's fault", async () => {
  const { url, ranges } = await serve(whole);
  const { work } = working();
  const files = { ...work.host.files, append: () => Promise.reject(new Error("no space")) };
  await expect(
    obtainFile({ urls: [url], checksum: sha256 }, { ...work, host: { ...work.host, files } }),
  ).rejects.toThrow("no space");
  expect(ranges).toHaveLength(1);
});

test("files of this machine stay where they are, and are checked", async () => {
  writeFileSync(join(top, "a b.iso"), "x");
  const { work } = working();
  const checksum = { algorithm: "md5" as const, value: digest("md5", Buffer.from("x")) };
  for (const url of ["a b.iso", join(top, "a b.iso"), `file://${top}/a%20b.iso`]) {
    expect((await obtainFile({ urls: [url], checksum }, work)).path).toBe(join(top, "a b.iso"));
  }
  await expect(obtainFile({ urls: ["none.iso"], checksum: "none" }, work)).rejects.toThrow("There is no file none.iso");
  await expect(obtainFile({ urls: ["a b.iso"], checksum: sha256 }, work)).rejects.toThrow(
    "is not what the template asks for",
  );
  expect(existsSync(join(top, "cache"))).toBe(false);
});

test("a list of checksums gives the one of the file", async () => {
  const { url } = await serve(whole);
  writeFileSync(join(top, "SHA256SUMS"), `${"0".repeat(64)}  other/disk.iso\n${digest()} *pool/disk.iso\n`);
  const { checksum } = await obtainFile({ urls: [url], checksum: { listedIn: "SHA256SUMS" } }, working().work);
  expect(checksum).toEqual(sha256);
  writeFileSync(join(top, "SHA256SUMS"), `${digest()}  disk2.iso\n`);
  await expect(obtainFile({ urls: [url], checksum: { listedIn: "SHA256SUMS" } }, working().work)).rejects.toThrow(
    "lists no checksum for /pool/disk.iso",
  );
});

test.each<[string, string, string, string | undefined]>([
  [`${"a".repeat(64)}  ./disk.iso`, "/x/disk.iso", "SUMS", "sha256"],
  [`SHA512 (disk.iso) = ${"B".repeat(128)}`, "/x/disk.iso", "SUMS", "sha512"],
  [`${"c".repeat(40)}\n`, "/x/disk.iso", "disk.iso.sha1", "sha1"],
  [`# ${"a".repeat(64)}  disk.iso`, "/x/disk.iso", "SUMS", undefined],
  [`${"a".repeat(64)}  my-disk.iso`, "/x/disk.iso", "SUMS", undefined],
])("the list %j has for %s", (list, path, name, algorithm) => {
  expect(findInList(list, path, name)?.algorithm).toBe(algorithm);
});

test("a checksum is told by its name or its length", () => {
  expect(parseChecksum("none")).toBe("none");
  expect(parseChecksum(`SHA256:${"A".repeat(64)}`)).toEqual({ algorithm: "sha256", value: "a".repeat(64) });
  expect(parseChecksum("d".repeat(32))).toEqual({ algorithm: "md5", value: "d".repeat(32) });
  expect(parseChecksum("file:http://x/SUMS")).toEqual({ listedIn: "http://x/SUMS" });
  for (const bad of ["", "sha256:abc", `md5:${"a".repeat(64)}`, "file:", "x"])
    expect(parseChecksum(bad)).toBeUndefined();
});

test("a source is a URL, a file's URL or a path", () => {
  expect(sourceOf("file:///a/b%20c")).toEqual({ kind: "file", path: "/a/b c" });
  expect(sourceOf("file://rel/x.iso")).toEqual({ kind: "file", path: "rel/x.iso" });
  expect(sourceOf("C:\\x.iso")).toEqual({ kind: "file", path: "C:\\x.iso" });
  for (const other of ["git::https://x", "ftp://u:p@x/y", "s3://b/k"])
    expect(() => sourceOf(other)).toThrow("cannot be downloaded");
  expect(() => sourceOf("ftp://u:p@x/y")).toThrow("ftp://x/y cannot");
});
