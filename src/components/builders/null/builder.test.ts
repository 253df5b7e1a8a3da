import { expect, test } from "vitest";
import { Bench } from "../../../../test/support/component-at-work.ts";
import { decodeConfig } from "../../../../test/support/decode-config.ts";
import { nullBuilder } from "./builder.ts";

test('with communicator "none" provisioners run, on no machine', async () => {
  using bench = new Bench();
  const { config } = await decodeConfig(nullBuilder, { communicator: "none" }, bench.host);
  const { signal } = bench.controller;
  let exitCode: number | undefined;

  const artifact = await nullBuilder.run(
    config,
    bench.build({
      provision: async (machine) => {
        expect(machine.facts).toMatchObject({ ID: "Null", ConnType: "none" });
        const communicator = await machine.connect(signal);
        ({ exitCode } = await communicator.run({ line: "anything" }, signal));
        await expect(communicator.uploadFolder("a", "b", {}, signal)).rejects.toThrow(
          "UploadDir is not implemented when communicator = 'none'",
        );
        return machine;
      },
    }),
  );

  expect(exitCode).toBe(0);
  expect(artifact).toMatchObject({
    builderId: "fnoeding.null",
    id: "Null",
    description: "Did not export anything. This is the null builder",
    files: [],
  });
});

test("a machine that refuses connections is named, and so is the layer that failed", async () => {
  using bench = new Bench();
  const port = await bench.host.freePort();
  const options = {
    ssh_host: "127.0.0.1",
    ssh_port: port,
    ssh_username: "u",
    ssh_password: "p",
    ssh_timeout: "300ms",
  };
  const { config } = await decodeConfig(nullBuilder, options, bench.host);
  const build = bench.build({
    provision: async (machine) => {
      expect(machine.facts).toMatchObject({ Host: "127.0.0.1", Port: port, User: "u", ConnType: "ssh" });
      await machine.connect(bench.controller.signal);
      return machine;
    },
  });
  await expect(nullBuilder.run(config, build)).rejects.toMatchObject({
    message: "Timeout waiting for SSH.",
    hint: expect.stringContaining(`127.0.0.1:${port} refuses connections`),
  });
  expect(bench.heard.lines).toContain("say: Using SSH communicator to connect: 127.0.0.1");
});

test.each([
  [{ communicator: "none" }, []],
  [{ communicator: "pigeon" }, ["error: Communicator type pigeon is invalid"]],
  [
    {},
    [
      "error: A host must be specified",
      "error: ssh_username must be specified",
      "error: One authentication method must be specified",
    ],
  ],
  [{ ssh_host: "h", ssh_username: "u", ssh_agent_auth: true }, []],
  [
    { ssh_host: "h", ssh_username: "u", ssh_agent_auth: true, ssh_password: "p" },
    ["error: Only one of ssh_agent_auth, ssh_password, and ssh_private_key_file must be specified"],
  ],
  [
    { ssh_host: "h", ssh_username: "u", ssh_private_key_file: "missing" },
    [expect.stringMatching(/^error: ssh_private_key_file is invalid: Cannot read .*missing/)],
  ],
  [
    { ssh_host: "h", ssh_username: "u", ssh_password: "p", ssh_bastion_host: "b", ssh_proxy_host: "x" },
    [
      "error: please specify either ssh_bastion_host or ssh_proxy_host, not both",
      "error: ssh_bastion_password or ssh_bastion_private_key_file must be specified",
    ],
  ],
  [
    { ssh_host: "h", ssh_username: "u", ssh_password: "p", ssh_local_tunnels: ["80:h"], ssh_remote_tunnels: ["1:h:2"] },
    ["error: ssh_local_tunnels ('80:h') is invalid"],
  ],
  [
    { communicator: "winrm", winrm_host: "h", winrm_username: "u", winrm_password: "p" },
    ["warning: This version of Ingot cannot connect by winrm yet"],
  ],
])("%j: %j", async (options, expected) => {
  using bench = new Bench();
  expect((await decodeConfig(nullBuilder, options, bench.host)).faults).toEqual(expected);
});
