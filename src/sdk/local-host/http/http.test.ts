import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Failure, TimedOut } from "../../failure.ts";
import type { Http } from "../../host.ts";
import { localHttp } from "./http.ts";

const never = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), "ingot-test-http-"));
const servers: Server[] = [];
const sockets = new Set<Socket>();
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  for (const socket of sockets) socket.destroy();
});
afterAll(() => rm(folder, { recursive: true }));

const direct = localHttp({});
const get = async (http: Http, url: string): Promise<string> => (await http.request({ url }, never)).text(10_000);

describe("a request", () => {
  test("sends its method, headers and body, and gives status, headers and body", async () => {
    const url = await serve(async (request, response) => {
      response.writeHead(201, "Made", { "X-One": "1" });
      response.end(`${request.method} ${request.url} ${request.headers["x-two"]} ${await bodyOf(request)}`);
    });
    const body = Readable.from([Buffer.from("strea"), Buffer.from("med")]);
    const response = await direct.request(
      { url: `${url}/p?q=1`, method: "PUT", headers: { "X-Two": "2" }, body },
      never,
    );
    expect(response).toMatchObject({ status: 201, statusText: "Made", url: `${url}/p?q=1`, headers: { "x-one": "1" } });
    expect(await response.text(1000)).toBe("PUT /p?q=1 2 streamed");
  });

  test("names the length of a body that it knows, and the user in its URL", async () => {
    const url = await serve((request, response) => {
      response.end(`${request.headers["content-length"]} ${request.headers.authorization}`);
    });
    const response = await direct.request({ url: url.replace("//", "//me:pw@"), body: "ü" }, never);
    expect(await response.text(1000)).toBe(`2 Basic ${Buffer.from("me:pw").toString("base64")}`);
  });

  test("uses a connection again, and does without one that the server ended meanwhile", async () => {
    let connections = 0;
    const url = await serve((request, response) => {
      response.end("ok");
      // Without the header that would warn the client.
      if (request.url === "/last") response.once("finish", () => request.socket.end());
    });
    servers.at(-1)?.on("connection", () => connections++);
    for (let count = 0; count < 3; count++) await get(direct, url);
    expect(connections).toBe(1);
    await get(direct, `${url}/last`);
    expect(await get(direct, url)).toBe("ok");
  });

  test("gives no more of a body than was asked for", async () => {
    const url = await serve((_, response) => response.end("x".repeat(100)));
    const response = await direct.request({ url }, never);
    await expect(response.text(99)).rejects.toThrow(`The answer of ${url}/ is longer than 99 bytes`);
  });

  test("gets the answer of a server that did not read all of its body", async () => {
    const url = await serve((_, response) => response.writeHead(413).end("too much"));
    const body = Readable.from(
      (function* () {
        for (let count = 0; count < 200; count++) yield Buffer.alloc(65_536);
      })(),
    );
    const response = await direct.request({ url, body }, never);
    expect(response.status).toBe(413);
    expect(await response.text(100)).toBe("too much");
  });
});

describe("what goes wrong", () => {
  test.each<[string, string, string]>([
    ["nobody listens", "http://127.0.0.1:1/p?token=secret", "Cannot reach http://127.0.0.1:1/p: nothing listens there"],
    ["the name is not known", "http://name.invalid/", "Cannot reach http://name.invalid/: the name"],
    ["it is no URL", "nonsense", "This is no URL"],
    ["it is no kind that can be asked", "ftp://x/", "ftp:// is not a kind of URL"],
  ])("is a Failure: %s", async (_, url, message) => {
    const fault = await direct.request({ url }, never).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(Failure);
    expect(String(fault)).toContain(message);
    expect(String(fault)).not.toContain("secret");
  });

  test("is a Failure: the server hangs up before or within its answer", async () => {
    const url = await serve((request, response) => {
      if (request.url === "/before") request.socket.destroy();
      else response.writeHead(200, { "Content-Length": "100" }).write("begun", () => request.socket.destroy());
    });
    await expect(direct.request({ url: `${url}/before` }, never)).rejects.toThrow(
      "closed before the answer was complete",
    );
    const response = await direct.request({ url: `${url}/within` }, never);
    const fault = await response.text(1000).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(Failure);
    expect(String(fault)).toContain(`Cannot reach ${url}/within`);
  });

  test("is the limit: no answer came in time", async () => {
    const url = await serve(() => {});
    await expect(direct.request({ url, timeout: 20 }, never)).rejects.toThrow(TimedOut);
  });

  test("is the fault of the body that was to be sent", async () => {
    const url = await serve(() => {});
    const body = new Readable({ read: () => body.destroy(new Error("no such file")) });
    await expect(direct.request({ url, body }, never)).rejects.toThrow("no such file");
  });

  test("is the reason of the abort, before the answer and within it", async () => {
    const url = await serve((request, response) => {
      if (request.url === "/within") response.write("begun");
    });
    const first = new AbortController();
    const waiting = direct.request({ url: `${url}/before` }, first.signal);
    first.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");

    const second = new AbortController();
    const response = await direct.request({ url: `${url}/within` }, second.signal);
    const reading = response.text(1000);
    second.abort(new Error("enough too"));
    await expect(reading).rejects.toThrow("enough too");
  });
});

describe("a redirect", () => {
  const redirecting = (other = ""): Promise<string> =>
    serve(async (request, response) => {
      const [, status = "", ...rest] = (request.url ?? "").split("/");
      if (/^3\d\d$/.test(status))
        response.writeHead(Number(status), { Location: `${other}/${rest.join("/")}` }).end("moved");
      else if (status === "circle") response.writeHead(302, { Location: "/circle" }).end();
      else
        response.end(
          `${request.method} ${request.url} ${request.headers.authorization ?? "-"} ${await bodyOf(request)}`,
        );
    });

  test("is followed as its status says", async () => {
    const url = await redirecting();
    const post = async (path: string): Promise<string> =>
      (await direct.request({ url: `${url}${path}`, method: "POST", body: "b" }, never)).text(1000);
    expect(await post("/302/301/end")).toBe("GET /end - ");
    expect(await post("/303/end")).toBe("GET /end - ");
    expect(await post("/307/308/end")).toBe("POST /end - b");
  });

  test("does not take credentials to another server", async () => {
    const other = await redirecting();
    const url = await redirecting(other);
    const headers = { authorization: "Bearer secret" };
    const own = await redirecting();
    expect(await (await direct.request({ url: `${own}/302/end`, headers }, never)).text(1000)).toBe(
      "GET /end Bearer secret ",
    );
    expect(await (await direct.request({ url: `${url}/302/end`, headers }, never)).text(1000)).toBe("GET /end - ");
  });

  test("is followed so often and no more", async () => {
    const url = await redirecting();
    await expect(direct.request({ url: `${url}/circle` }, never)).rejects.toThrow("redirects again after 10 redirects");
    expect((await direct.request({ url: `${url}/302/end`, redirects: 0 }, never)).status).toBe(302);
  });

  test("of a stream that is gone is a Failure", async () => {
    const url = await redirecting();
    const request = { url: `${url}/307/end`, method: "PUT", body: Readable.from([Buffer.from("x")]) };
    await expect(direct.request(request, never)).rejects.toThrow("what was sent cannot be sent again");
  });
});

describe("a socket", () => {
  test("is spoken through where one is named, and its absence is said", async () => {
    const socketPath = join(folder, "socket");
    await serve((request, response) => response.end(`${request.headers.host} ${request.url}`), socketPath);
    // No proxy, whatever the environment says.
    const http = localHttp({ HTTP_PROXY: "http://127.0.0.1:1" });
    expect(await (await http.request({ url: "http://docker/x", socketPath }, never)).text(100)).toBe("docker /x");
    await expect(http.request({ url: "http://docker/", socketPath: `${socketPath}-none` }, never)).rejects.toThrow(
      `Cannot reach ${socketPath}-none: there is no such socket`,
    );
  });

  test("goes both ways after an upgrade, and can be closed one way", async () => {
    const url = await serve(() => {});
    servers.at(-1)?.on("upgrade", (request: IncomingMessage, socket: Socket) => {
      socket.write(`HTTP/1.1 101 Switched\r\nConnection: Upgrade\r\nUpgrade: ${request.headers.upgrade}\r\n\r\nhead `);
      let received = "";
      socket.on("data", (chunk) => (received += chunk));
      socket.on("end", () => socket.end(`received ${received}`));
    });
    const response = await direct.request({ url, method: "POST", headers: { Upgrade: "tcp" }, upgrade: true }, never);
    expect(response.status).toBe(101);
    response.upgraded?.end("hello");
    expect(Buffer.concat((await response.upgraded?.toArray()) ?? []).toString()).toBe("head received hello");
  });
});

describe("a proxy", () => {
  const seen: string[] = [];
  const proxy = async (status = 200): Promise<string> => {
    seen.length = 0;
    const url = await serve((request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers["proxy-authorization"] ?? "-"}`);
      const target = new URL(request.url ?? "");
      const onward = httpRequest({ host: "127.0.0.1", port: target.port, path: target.pathname }, (answer) =>
        answer.pipe(response),
      );
      request.pipe(onward);
    });
    servers.at(-1)?.on("connect", (request: IncomingMessage, socket: Socket) => {
      seen.push(`CONNECT ${request.url} ${request.headers["proxy-authorization"] ?? "-"}`);
      if (status !== 200) return void socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
      const onward = connect(Number(request.url?.split(":").at(-1)), "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        onward.pipe(socket).pipe(onward);
      });
      sockets.add(onward);
      onward.on("error", () => socket.destroy());
      socket.on("error", () => onward.destroy());
    });
    return url;
  };

  test("is asked for the whole URL where it is plain, with the user that it names", async () => {
    const port = new URL(await serve((_, response) => response.end("through"))).port;
    const http = localHttp({ HTTP_PROXY: (await proxy()).replace("//", "//me:pw@") });
    expect(await get(http, `http://example.test:${port}/path`)).toBe("through");
    expect(seen).toEqual([`GET http://example.test:${port}/path Basic ${Buffer.from("me:pw").toString("base64")}`]);
  });

  test("opens a tunnel to what speaks TLS, once for several requests", async () => {
    const port = new URL(await serveTls("example.test")).port;
    const http = localHttp({ https_proxy: await proxy(), SSL_CERT_FILE: authority.file });
    expect(await get(http, `https://example.test:${port}/a`)).toBe("secure /a");
    expect(await get(http, `https://example.test:${port}/b`)).toBe("secure /b");
    expect(seen).toEqual([`CONNECT example.test:${port} -`]);
  });

  test("does not do away with the check of the server's name", async () => {
    const port = new URL(await serveTls("example.test")).port;
    const http = localHttp({ HTTPS_PROXY: await proxy(), SSL_CERT_FILE: authority.file });
    await expect(get(http, `https://other.test:${port}/`)).rejects.toThrow("its certificate is for another name");
  });

  test("that refuses is named, and what to do", async () => {
    const http = localHttp({ HTTPS_PROXY: await proxy(407) });
    const fault = await get(http, "https://example.test/").catch((error: unknown) => error);
    expect(fault).toMatchObject({
      name: "Failure",
      message: /refused to connect to example.test:443: 407/,
      hint: /USER:PASSWORD/,
    });
  });

  test("that is not there is named", async () => {
    const fault = await get(localHttp({ HTTPS_PROXY: "http://127.0.0.1:1" }), "https://example.test/").catch(String);
    expect(fault).toContain("nothing listens there");
    expect(fault).toContain("through the proxy 127.0.0.1:1");
  });
});

describe("a server's certificate", () => {
  test.each<[string, () => Record<string, string>]>([
    ["SSL_CERT_FILE", () => ({ SSL_CERT_FILE: authority.file })],
    ["SSL_CERT_DIR", () => ({ SSL_CERT_DIR: `/nowhere:${folder}` })],
    ["NODE_EXTRA_CA_CERTS", () => ({ NODE_EXTRA_CA_CERTS: authority.file })],
  ])("is trusted by %s", async (_, environment) => {
    expect(await get(localHttp(environment()), `${await serveTls("localhost")}/`)).toBe("secure /");
  });

  test("that nobody vouches for is refused, and the way to mend it said", async () => {
    const fault = await get(direct, `${await serveTls("localhost")}/`).catch((error: unknown) => error);
    expect(fault).toMatchObject({
      name: "Failure",
      message: /signed by an authority that is not/,
      hint: /SSL_CERT_FILE/,
    });
  });

  test("is trusted by a request that brings its authority or wants no check", async () => {
    const url = await serveTls("localhost");
    const ca = readFileSync(authority.file, "utf8");
    expect((await direct.request({ url, tls: { ca } }, never)).status).toBe(200);
    expect((await direct.request({ url, tls: { insecure: true } }, never)).status).toBe(200);
    await expect(direct.request({ url }, never)).rejects.toThrow(Failure);
  });

  test("is met with one of ours where the request brings it", async () => {
    const url = await serveTls("localhost", true);
    const client = certificate("client");
    const tls = { ca: readFileSync(authority.file, "utf8"), cert: client.cert, key: client.key };
    expect(await (await direct.request({ url, tls }, never)).text(100)).toBe("secure / by client");
  });

  test("file that is not there is said", async () => {
    await expect(get(localHttp({ SSL_CERT_FILE: "/none" }), "https://localhost:1/")).rejects.toThrow(
      "Cannot read the certificates that SSL_CERT_FILE names",
    );
  });
});

const authority = { file: join(folder, "authority.pem"), key: join(folder, "authority.key") };
beforeAll(() => {
  const subject = ["-subj", "/CN=Ingot test authority", "-addext", "keyUsage=critical,keyCertSign"];
  openssl("req", "-x509", ...newKey, authority.key, "-out", authority.file, "-days", "2", ...subject);
});

const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout"];

function certificate(name: string): { cert: string; key: string } {
  const [key, out] = [join(folder, `${name}.key`), join(folder, `${name}.crt`)];
  const signed = ["-CA", authority.file, "-CAkey", authority.key, "-addext", `subjectAltName=DNS:${name}`];
  openssl("req", "-x509", ...newKey, key, "-out", out, "-days", "2", "-subj", `/CN=${name}`, ...signed);
  return { cert: readFileSync(out, "utf8"), key: readFileSync(key, "utf8") };
}

function openssl(...args: string[]): void {
  execFileSync("openssl", args, { stdio: "pipe" });
}

async function serveTls(name: string, asksForCertificate = false): Promise<string> {
  const ca = readFileSync(authority.file);
  const server = createTlsServer({ ...certificate(name), ca, requestCert: asksForCertificate }, (request, response) => {
    const { socket } = request;
    const peer =
      asksForCertificate && "getPeerCertificate" in socket ? (socket as TlsSocket).getPeerCertificate() : undefined;
    response.end(`secure ${request.url}${peer ? ` by ${peer.subject.CN}` : ""}`);
  });
  return (await listening(server)).replace("http://127.0.0.1", "https://localhost");
}

type TlsSocket = Socket & { getPeerCertificate(): { subject: { CN: string } } };

async function serve(listener: RequestListener, path?: string): Promise<string> {
  return await listening(createServer(listener), path);
}

async function listening(server: Server, path?: string): Promise<string> {
  servers.push(server);
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) =>
    path === undefined ? server.listen(0, "127.0.0.1", resolve) : server.listen(path, resolve),
  );
  const address = server.address();
  return typeof address === "object" && address !== null ? `http://127.0.0.1:${address.port}` : "";
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  return Buffer.concat(await request.toArray()).toString();
}
