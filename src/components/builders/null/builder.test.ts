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

test("a machine to log in to cannot be reached yet, and the fault says so", async () => {
  using bench = new Bench();
  const options = { ssh_host: "h", ssh_username: "u", ssh_password: "p" };
  const { config } = await decodeConfig(nullBuilder, options, bench.host);
  const build = bench.build({
    provision: async (machine) => {
      await machine.connect(bench.controller.signal);
      return machine;
    },
  });
  await expect(nullBuilder.run(config, build)).rejects.toThrow("cannot connect by ssh yet");
});

const NOT_YET = "warning: This version of Ingot cannot connect by ssh yet";

test.each([
  [{ communicator: "none" }, []],
  [{ communicator: "pigeon" }, ["error: Communicator type pigeon is invalid"]],
  [
    {},
    [
      "error: A host must be specified",
      "error: ssh_username must be specified",
      "error: One authentication method must be specified",
      NOT_YET,
    ],
  ],
  [{ ssh_host: "h", ssh_username: "u", ssh_agent_auth: true }, [NOT_YET]],
  [
    { ssh_host: "h", ssh_username: "u", ssh_agent_auth: true, ssh_password: "p" },
    ["error: Only one of ssh_agent_auth, ssh_password, and ssh_private_key_file must be specified", NOT_YET],
  ],
  [
    { communicator: "winrm", winrm_host: "h", winrm_username: "u", winrm_password: "p" },
    ["warning: This version of Ingot cannot connect by winrm yet"],
  ],
])("%j: %j", async (options, expected) => {
  using bench = new Bench();
  expect((await decodeConfig(nullBuilder, options, bench.host)).faults).toEqual(expected);
});
