import { expect, test } from "vitest";
import { Bench } from "../../../../test/support/component-at-work.ts";
import { decodeConfig, type Plain } from "../../../../test/support/decode-config.ts";
import { communicatorFields } from "../../../sdk/communicator-options.ts";
import { defineBuilder } from "../../../sdk/component.ts";
import { shellPath } from "../files/shell-path.ts";
import { checkSsh } from "./check-ssh.ts";
import { parseTunnel } from "./parse-tunnel.ts";
import { readSshSettings } from "./read-settings.ts";

const anyBuilder = defineBuilder({
  name: "any",
  doc: "",
  fields: communicatorFields,
  generates: [],
  owns: [],
  ownership: "journaled",
  check: checkSsh,
  run: async () => undefined,
});

async function settingsOf(options: Record<string, Plain>) {
  using bench = new Bench();
  const all = { ssh_host: "h", ssh_username: "u", ssh_password: "p", ...options };
  const { config } = await decodeConfig(anyBuilder, all, bench.host);
  return await readSshSettings({ ...bench.host, environment: {} }, config);
}

test.each([
  [{}, 300_000, 10],
  [{ ssh_timeout: "1m" }, 60_000, undefined],
  [{ ssh_handshake_attempts: 3 }, undefined, 3],
  [{ ssh_timeout: "1m", ssh_handshake_attempts: 3 }, 60_000, 3],
  [{ ssh_timeout: "1m", ssh_wait_timeout: "2m" }, 120_000, undefined],
])("with %j it waits %s ms and takes %s refusals", async (options, timeout, attempts) => {
  expect(await settingsOf(options)).toMatchObject({ timeout, attempts });
});

test("a negative interval sends no signs of life", async () => {
  expect((await settingsOf({ ssh_keep_alive_interval: "-1s" })).keepAlive).toBe(0);
});

test.each([
  ["8080:localhost:80", { port: 8080, host: "localhost", hostPort: 80 }],
  ["1:[::1]:2", { port: 1, host: "::1", hostPort: 2 }],
  ["80:h", undefined],
  ["0:h:1", undefined],
  ["70000:h:1", undefined],
  ["x:h:1", undefined],
])("the tunnel %s", (text, expected) => {
  expect(parseTunnel(text)).toEqual(expected);
});

test.each([
  [{ ssh_host_key_fingerprint: "aa:bb" }, ["error: ssh_host_key_fingerprint is no SHA256 fingerprint"]],
  [{ ssh_known_hosts_file: "missing" }, ["error: ssh_known_hosts_file does not exist"]],
  [{ ssh_certificate_file: "missing" }, [/^error: ssh_certificate_file is invalid/, /needs ssh_private_key_file/]],
])("%j: %j", async (options, expected) => {
  using bench = new Bench();
  const { faults } = await decodeConfig(anyBuilder, options, bench.host);
  expect(faults).toEqual(expected.map((fault) => (typeof fault === "string" ? fault : expect.stringMatching(fault))));
});

test.each([
  ["/a b", "'/a b'"],
  ["~/a b", "~/'a b'"],
  ["~", "~"],
  ["-rf", "'./-rf'"],
  ["it's", `'it'\\''s'`],
])("the path %s is %s in a shell", (path, expected) => {
  expect(shellPath(path)).toBe(expected);
});
