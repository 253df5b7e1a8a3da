import { accessSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Bench } from "../../../test/support/component-at-work.ts";
import { decodeConfig } from "../../../test/support/decode-config.ts";
import { localCommunicator } from "../../../test/support/local-communicator.ts";
import type { PluginComponent } from "./component-process.ts";
import { pluginProvisioner } from "./plugin-provisioner.ts";

const packer = "/usr/bin/packer";
const noPacker = isMissing(packer);
const never = new AbortController().signal;

describe.skipIf(noPacker)(
  `a provisioner of Packer 1.6, as one of ours${noPacker ? " (skipped: no packer here)" : ""}`,
  () => {
    test("works on the machine by what the template says", async () => {
      using bench = new Bench();
      await bench.host.files.makeFolder(bench.host.temporaryFolder);
      const shell = await pluginProvisioner(identity("shell"), component("shell"), bench.host, never);
      const script = bench.path("script.sh");
      const { config, faults } = await decodeConfig(
        shell,
        {
          inline: ["echo $PACKER_BUILD_NAME $WHO"],
          environment_vars: ["WHO=world"],
          remote_path: script,
        },
        bench.host,
      );
      expect(faults).toEqual([]);
      await shell.run(config, bench.provisioning(localCommunicator(bench.host)));
      expect(bench.heard.lines).toContain("say: box world");
    });

    test("fails with the plugin's words", async () => {
      using bench = new Bench();
      await bench.host.files.makeFolder(bench.host.temporaryFolder);
      const shell = await pluginProvisioner(identity("shell"), component("shell"), bench.host, never);
      const { config } = await decodeConfig(
        shell,
        { inline: ["exit 7"], remote_path: bench.path("script.sh") },
        bench.host,
      );
      const run = shell.run(config, bench.provisioning(localCommunicator(bench.host)));
      await expect(run).rejects.toThrow(/exit status: 7/);
    });
  },
);

function identity(name: string) {
  return { name, coreVersion: "1.16.0" };
}

function component(name: string): PluginComponent {
  const argv = [packer, "plugin", `packer-provisioner-${name}`] as const;
  const environment = { CHECKPOINT_DISABLE: "1" };
  return {
    kind: "provisioner",
    protobuf: false,
    command: { label: `packer 1.6 ${name}`, argv, environment, withoutMinor: true },
  };
}

function isMissing(path: string): boolean {
  try {
    accessSync(path);
    return false;
  } catch {
    return true;
  }
}
