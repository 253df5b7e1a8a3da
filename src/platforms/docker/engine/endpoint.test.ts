import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Host } from "../../../sdk/host.ts";
import { localHost } from "../../../sdk/local-host/local-host.ts";
import { clientArguments, findEndpoint } from "./endpoint.ts";

const folder = mkdtempSync(join(tmpdir(), "ingot-endpoint-"));
const config = join(folder, "docker");
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A host with nothing but this in its environment, and no usual socket but these. */
function hostWith(environment: Record<string, string>, sockets: readonly string[] = []): Host {
  const host = localHost({ cwd: "/", environment: { HOME: "/home/me", DOCKER_CONFIG: config, ...environment } });
  const exists = async (path: string) => (path.endsWith(".sock") ? sockets.includes(path) : host.files.exists(path));
  return { ...host, home: "/home/me", files: { ...host.files, exists } };
}

function writeContext(name: string, docker: object, tls: readonly string[] = []): void {
  const id = createHash("sha256").update(name).digest("hex");
  mkdirSync(join(config, "contexts/meta", id), { recursive: true });
  writeFileSync(join(config, "contexts/meta", id, "meta.json"), JSON.stringify({ Name: name, Endpoints: { docker } }));
  mkdirSync(join(config, "contexts/tls", id, "docker"), { recursive: true });
  for (const file of tls) writeFileSync(join(config, "contexts/tls", id, "docker", file), "");
}

test("DOCKER_HOST comes before everything else", async () => {
  writeContext("far", { Host: "tcp://far:2376" });
  const found = await findEndpoint(hostWith({ DOCKER_HOST: "unix:///x.sock", DOCKER_CONTEXT: "far" }));
  expect(found).toEqual({ address: "unix:///x.sock", from: "DOCKER_HOST" });
});

test("DOCKER_CONTEXT comes before the current context of config.json", async () => {
  writeContext("far", { Host: "tcp://far:2375" });
  writeContext("near", { Host: "unix:///near.sock" });
  writeFileSync(join(config, "config.json"), '{"currentContext":"near"}');
  expect(await findEndpoint(hostWith({}))).toEqual({ address: "unix:///near.sock", from: "docker context near" });
  expect(await findEndpoint(hostWith({ DOCKER_CONTEXT: "far" }))).toMatchObject({ address: "tcp://far:2375" });
  const byDefault = await findEndpoint(hostWith({ DOCKER_CONTEXT: "default" }, ["/var/run/docker.sock"]));
  expect(byDefault.from).toBe("the default");
});

test("a context's certificates are used, and SkipTLSVerify is obeyed", async () => {
  writeContext("far", { Host: "tcp://far:2376", SkipTLSVerify: true }, ["ca.pem", "cert.pem", "key.pem"]);
  const found = await findEndpoint(hostWith({ DOCKER_CONTEXT: "far" }));
  expect(found.tls).toEqual({
    verify: false,
    ca: expect.stringMatching(/ca\.pem$/),
    certificate: expect.stringMatching(/cert\.pem$/),
    key: expect.stringMatching(/key\.pem$/),
  });
  expect(clientArguments(found)).toEqual(expect.arrayContaining(["--host", "tcp://far:2376", "--tls", "--tlscacert"]));
});

test("a context that does not exist is a fault that names it", async () => {
  await expect(findEndpoint(hostWith({ DOCKER_CONTEXT: "gone" }))).rejects.toThrow('"gone" does not exist');
});

test("TLS hosts take their keys from DOCKER_CERT_PATH, else from the docker folder", async () => {
  const environment = { DOCKER_HOST: "tcp://far:2376", DOCKER_TLS_VERIFY: "1" };
  expect((await findEndpoint(hostWith(environment))).tls).toMatchObject({ ca: `${config}/ca.pem`, verify: true });
  expect((await findEndpoint(hostWith({ ...environment, DOCKER_CERT_PATH: "/keys" }))).tls).toMatchObject({
    key: "/keys/key.pem",
  });
  expect((await findEndpoint(hostWith({ DOCKER_HOST: "tcp://far:2375" }))).tls).toBeUndefined();
});

test.each<[readonly string[], Record<string, string>, string]>([
  [["/var/run/docker.sock", "/run/podman/podman.sock"], {}, "unix:///var/run/docker.sock"],
  [["/run/user/7/docker.sock"], { XDG_RUNTIME_DIR: "/run/user/7" }, "unix:///run/user/7/docker.sock"],
  [["/home/me/.docker/run/docker.sock"], {}, "unix:///home/me/.docker/run/docker.sock"],
  [["/run/user/7/podman/podman.sock"], { XDG_RUNTIME_DIR: "/run/user/7" }, "unix:///run/user/7/podman/podman.sock"],
  [[], {}, "unix:///var/run/docker.sock"],
])("of the sockets %j the first usual one is taken", async (sockets, environment, address) => {
  expect((await findEndpoint(hostWith(environment, sockets))).address).toBe(address);
});

test("Podman's socket comes first where the template wants podman", async () => {
  const host = hostWith({}, ["/var/run/docker.sock", "/run/podman/podman.sock"]);
  expect((await findEndpoint(host, { podman: true })).address).toBe("unix:///run/podman/podman.sock");
});

test.each([
  ["tcp://1.2.3.4:2375", "tcp://1.2.3.4:2375"],
  ["https://x:2376", "tcp://x:2376"],
  ["1.2.3.4:2375", "tcp://1.2.3.4:2375"],
  [":2375", "tcp://127.0.0.1:2375"],
  ["npipe:////./pipe/docker_engine", "npipe:////./pipe/docker_engine"],
])("DOCKER_HOST=%s is understood", async (written, address) => {
  expect((await findEndpoint(hostWith({ DOCKER_HOST: written }))).address).toBe(address);
});

test.each(["nonsense", "ftp://x", "ssh://me@far"])("DOCKER_HOST=%s is refused with what to do", async (DOCKER_HOST) => {
  await expect(findEndpoint(hostWith({ DOCKER_HOST }))).rejects.toMatchObject({ hint: expect.stringMatching(/\S/) });
});
