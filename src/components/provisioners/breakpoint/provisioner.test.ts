import { expect, test } from "vitest";
import { Bench } from "../../../../test/support/component-at-work.ts";
import { decodeConfig } from "../../../../test/support/decode-config.ts";
import { noneCommunicator } from "../../../sdk/none-communicator.ts";
import { breakpoint } from "./provisioner.ts";

async function pauses(options: Parameters<typeof decodeConfig>[1]): Promise<string[]> {
  using bench = new Bench();
  const { config } = await decodeConfig(breakpoint, options, bench.host);
  const interaction = {
    available: true,
    pause: async (message: string) => void bench.heard.lines.push(`pause: ${message}`),
    choose: async () => "",
  };
  await breakpoint.run(config, bench.provisioning(noneCommunicator(), { interaction }));
  return bench.heard.lines;
}

test("it pauses with its note", async () => {
  expect(await pauses({})).toEqual(["say: Pausing at breakpoint provisioner.", "pause: Press enter to continue."]);
  expect(await pauses({ note: "look" })).toEqual([
    'say: Pausing at breakpoint provisioner with note "look".',
    "pause: Press enter to continue.",
  ]);
});

test("disabled, it only says so", async () => {
  expect(await pauses({ disable: true, note: "look" })).toEqual([
    'say: Breakpoint provisioner with note "look" disabled; continuing...',
  ]);
});

test("where nobody can answer it is a fault", async () => {
  using bench = new Bench();
  const { config } = await decodeConfig(breakpoint, {}, bench.host);
  await expect(breakpoint.run(config, bench.provisioning(noneCommunicator()))).rejects.toThrow("nobody to ask");
});
