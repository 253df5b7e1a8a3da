import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { Failure } from "../../sdk/failure.ts";
import type { Host } from "../../sdk/host.ts";
import { localHost } from "../../sdk/local-host/local-host.ts";
import { parseConstraints } from "../../template/versions/constraint.ts";
import { findPlugins, newestMatch } from "./find-plugins.ts";
import { installPluginFile } from "./install-file.ts";
import { platformOf, pluginFileName } from "./plugin-file.ts";
import { pluginFolder } from "./plugin-folder.ts";
import { removePluginAt, removePlugins } from "./remove-plugins.ts";
import { parseSourceAddress } from "./source-address.ts";

const never = new AbortController().signal;
const AMAZON = "github.com/hashicorp/amazon";

describe("plugins are found", () => {
  test("by folder, name and digest, by name and then by version; those of other machines are not there", async () => {
    using bench = new PluginBench();
    bench.put("github.com/hashicorp/docker", bench.name("docker", "1.0.0"));
    bench.put(AMAZON, bench.name("amazon", "1.10.0"));
    bench.put(AMAZON, bench.name("amazon", "1.9.0"));
    bench.put(AMAZON, "packer-plugin-amazon_v1.0.0_x5.0_plan9_mips");
    bench.put(".", bench.name("amazon", "1.0.0"));
    bench.put(AMAZON, "README.md");

    const plugins = await findPlugins(bench.host, bench.folder);

    expect(plugins.map(({ source, version, problem }) => [source, version.text, problem])).toEqual([
      [AMAZON, "1.9.0", undefined],
      [AMAZON, "1.10.0", undefined],
      ["github.com/hashicorp/docker", "1.0.0", undefined],
    ]);
    expect(await findPlugins(bench.host, join(bench.folder, "nowhere"))).toEqual([]);
  });

  test.each([
    ["a changed binary", { version: "1.0.0", sum: "0".repeat(64) }, "its digest is not that of"],
    ["no digest", { version: "1.0.0", sum: undefined }, "there is no"],
    ["a pre-release", { version: "1.0.0-beta1" }, "it is a pre-release"],
    ["metadata", { version: "1.0.0+x" }, "its version has metadata"],
    ["another protocol", { version: "1.0.0", api: "6.0" }, "it speaks the protocol x6.0"],
    ["a short version", { version: "1.0" }, "not of three numbers"],
  ])("but %s keeps one from being used", async (_what, { version, api, ...sum }: Put, problem) => {
    using bench = new PluginBench();
    bench.put(AMAZON, bench.name("amazon", version, api), "sum" in sum ? { sum: sum.sum } : {});

    const plugins = await findPlugins(bench.host, bench.folder);

    expect(plugins.map((plugin) => plugin.problem)).toEqual([expect.stringContaining(problem)]);
    expect(newestMatch(plugins, [])).toBeUndefined();
  });

  test("a development version counts as what it will become", async () => {
    using bench = new PluginBench();
    for (const version of ["1.2.0", "1.3.0-dev", "2.0.0"]) bench.put(AMAZON, bench.name("amazon", version));
    const plugins = await findPlugins(bench.host, bench.folder);
    const newest = (text: string) => {
      const constraints = parseConstraints(text);
      return "bad" in constraints ? text : newestMatch(plugins, constraints)?.version.text;
    };

    expect([newest("~> 1.2"), newest("= 1.3.0"), newest("> 2"), newest(">= 1")]).toEqual([
      "1.3.0-dev",
      "1.3.0-dev",
      undefined,
      "2.0.0",
    ]);
  });
});

describe.skipIf(process.platform === "win32")("a plugin is installed", () => {
  test("under the name that it says of itself, with its digest, and is found then", async () => {
    using bench = new PluginBench();
    const file = bench.script('{"version":"1.2.3-dev+abc","api_version":"x5.0"}');

    const path = await installPluginFile(file, AMAZON, bench.host, bench.folder, never);

    expect(path).toBe(join(bench.folder, AMAZON, bench.name("amazon", "1.2.3-dev")));
    expect(statSync(path).mode & 0o777).toBe(0o755);
    expect(readFileSync(`${path}_SHA256SUM`, "utf8")).toBe(
      createHash("sha256").update(readFileSync(file)).digest("hex"),
    );
    expect((await findPlugins(bench.host, bench.folder)).map((plugin) => [plugin.path, plugin.problem])).toEqual([
      [path, undefined],
    ]);
  });

  test.each([
    ['{"version":"1.2.3-beta","api_version":"x5.0"}', 'its version is "1.2.3-beta"'],
    ['{"version":"1.2","api_version":"x5.0"}', 'its version is "1.2"'],
    ['{"version":"1.2.3","api_version":"x4.0"}', "speaks the protocol x4.0"],
    ['{"version":1}', "does not say what it is"],
    ["hello", "does not say what it is"],
  ])("unless it says %s", async (says, problem) => {
    using bench = new PluginBench();
    const file = bench.script(says);

    await expect(installPluginFile(file, AMAZON, bench.host, bench.folder, never)).rejects.toThrow(problem);
    expect(await findPlugins(bench.host, bench.folder)).toEqual([]);
  });

  test("unless it fails", async () => {
    using bench = new PluginBench();
    const file = bench.script("", "echo broken >&2; exit 3");

    await expect(installPluginFile(file, AMAZON, bench.host, bench.folder, never)).rejects.toThrow(
      "ended with code 3: broken",
    );
  });
});

describe("plugins are removed", () => {
  test("by source and constraint, with their digests", async () => {
    using bench = new PluginBench();
    for (const version of ["1.2.0", "1.3.0", "2.0.0"]) bench.put(AMAZON, bench.name("amazon", version));
    const constraints = parseConstraints("< 2");
    if ("bad" in constraints) throw new Error("no constraint");

    const removed = await removePlugins(AMAZON, constraints, bench.host, bench.folder);

    expect(removed).toHaveLength(2);
    expect(readdirSync(join(bench.folder, AMAZON))).toEqual([
      bench.name("amazon", "2.0.0"),
      `${bench.name("amazon", "2.0.0")}_SHA256SUM`,
    ]);
    await expect(removePlugins(AMAZON, constraints, bench.host, bench.folder)).rejects.toThrow("No installed plugin");
  });

  test("by path, but nothing else", async () => {
    using bench = new PluginBench();
    const path = bench.put(AMAZON, bench.name("amazon", "1.0.0"));
    const other = bench.put(AMAZON, "notes.txt");

    await expect(removePluginAt(other, bench.host, bench.folder)).rejects.toThrow("is no installed plugin");
    await expect(removePluginAt(`${bench.folder}/../x`, bench.host, bench.folder)).rejects.toThrow("does not lie in");
    await expect(removePluginAt(`${bench.folder}-other/x`, bench.host, bench.folder)).rejects.toThrow(
      "does not lie in",
    );
    await removePluginAt(path, bench.host, bench.folder);

    expect(readdirSync(join(bench.folder, AMAZON))).toEqual(["notes.txt", "notes.txt_SHA256SUM"]);
  });
});

test("a source is host/owner/name, and never a way out of the folder", () => {
  expect(parseSourceAddress("gitlab.com/a/b/c")).toEqual(["gitlab.com", "a", "b", "c"]);
  for (const wrong of [
    ...["amazon", "a/b", "https://github.com/a/b", "github.com/a/b?x", "github.com/a/packer-plugin-b"],
    ...["github.com/../b", "github.com//b", "a/b/..", "a\\b/c/d", `${"a/".repeat(16)}b`, "a/b/c--d", "a/b/"],
  ]) {
    expect(() => parseSourceAddress(wrong), wrong).toThrow(Failure);
  }
});

test("the folder of plugins is one folder", async () => {
  const host = (environment: Record<string, string>) =>
    localHost({ cwd: "/", environment: { HOME: "/h", ...environment } });

  expect(await pluginFolder(host({ PACKER_CONFIG_DIR: "/c" }))).toBe("/c/.packer.d/plugins");
  expect(await pluginFolder(host({ PACKER_PLUGIN_PATH: "/p" }))).toBe("/p");
  await expect(pluginFolder(host({ PACKER_PLUGIN_PATH: "/p:/q" }))).rejects.toThrow("Multiple paths");
});

interface Put {
  readonly version: string;
  readonly api?: string;
  readonly sum?: string | undefined;
}

/** A folder of plugins. */
class PluginBench implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), "ingot-plugins-"));
  readonly folder = join(this.root, "plugins");
  readonly host: Host = localHost({ cwd: this.root });

  name(name: string, version: string, api = "5.0"): string {
    const { system, architecture } = platformOf(this.host);
    expect(pluginFileName(name, "1.0.0", "5.0", this.host)).toContain(`${system}_${architecture}`);
    return pluginFileName(name, version, api, this.host);
  }

  put(source: string, name: string, options: { sum?: string | undefined } = {}): string {
    const path = join(this.folder, source, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, name);
    const sum = "sum" in options ? options.sum : createHash("sha256").update(name).digest("hex");
    if (sum !== undefined) writeFileSync(`${path}_SHA256SUM`, `${sum}\n`);
    return path;
  }

  script(says: string, does = ""): string {
    const path = join(this.root, "plugin");
    writeFileSync(path, `#!/bin/sh\n${does}\n[ "$1" = describe ] && echo '${says}'\n`, { mode: 0o755 });
    return path;
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
