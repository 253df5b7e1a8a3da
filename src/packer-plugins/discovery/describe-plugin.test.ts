import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { localHost } from "../../sdk/local-host/local-host.ts";
import { componentKey, describePlugin, digestOf } from "./describe-plugin.ts";

const never = new AbortController().signal;

const DESCRIPTION =
  '{"version":"1.2.3-dev","sdk_version":"0.6.10","api_version":"x5.0","builders":["tiny"],"post_processors":null,"provisioners":["-packer-default-plugin-name-"],"protocol_version":"v2"}';

test("a plugin is asked once, and again when its binary has changed", async () => {
  const { host, plugin, runs } = pluginThat(`echo '${DESCRIPTION}'`);
  const ask = async () => await describePlugin(host, plugin, await digestOf(host, plugin, never), never);
  const expected = {
    version: "1.2.3-dev",
    sdkVersion: "0.6.10",
    api: "5.0",
    protobuf: true,
    builders: ["tiny"],
    provisioners: ["-packer-default-plugin-name-"],
    postProcessors: [],
    dataSources: [],
  };
  expect(await ask()).toEqual(expected);
  expect(await ask()).toEqual(expected);
  expect(runs()).toBe(1);

  writeFileSync(plugin, readFileSync(plugin, "utf8").replace('"tiny"', '"large"').replace("v2", ""));
  expect(await ask()).toEqual({ ...expected, builders: ["large"], protobuf: false });
  expect(runs()).toBe(2);
});

test("what is damaged in the cache is asked for anew", async () => {
  const { host, plugin, runs } = pluginThat(`echo '${DESCRIPTION}'`);
  const digest = await digestOf(host, plugin, never);
  await describePlugin(host, plugin, digest, never);
  await host.files.write(join(host.cacheFolder, "plugins", `${digest}.json`), DESCRIPTION.slice(0, 30));
  expect((await describePlugin(host, plugin, digest, never)).version).toBe("1.2.3-dev");
  expect(runs()).toBe(2);
});

test.each([
  ["prints something else", "echo hello", /does not describe itself as plugins do/],
  ["leaves out its API", 'echo \'{"version":"1.0.0"}\'', /does not describe itself as plugins do/],
  ["fails", "echo no such command >&2; exit 1", /ended with status 1\nno such command/],
  ["floods", "yes | head -c 3000000", /does not describe itself as plugins do/],
])("a binary that %s is no plugin, and nothing is kept of it", async (_, script, message) => {
  const { host, plugin } = pluginThat(script);
  await expect(describePlugin(host, plugin, "0".repeat(64), never)).rejects.toThrow(message);
  expect(existsSync(join(host.cacheFolder, "plugins"))).toBe(false);
});

test("components are called by their plugin's name and their own", () => {
  expect(componentKey("docker", "-packer-default-plugin-name-")).toBe("docker");
  expect(componentKey("docker", "tag")).toBe("docker-tag");
});

function pluginThat(script: string) {
  const folder = mkdtempSync(join(tmpdir(), "plugin-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const plugin = join(folder, "packer-plugin-x");
  const count = join(folder, "count");
  writeFileSync(plugin, `#!/bin/sh\necho run >> ${count}\n${script}\n`);
  chmodSync(plugin, 0o755);
  const host = localHost({ cwd: folder, environment: { ...process.env, PACKER_CACHE_DIR: join(folder, "cache") } });
  return { host, plugin, runs: () => readFileSync(count, "utf8").split("\n").length - 1 };
}
