import { expect, test } from "vitest";
import { Bench } from "../../../../test/support/component-at-work.ts";
import { decodeConfig } from "../../../../test/support/decode-config.ts";
import { noneCommunicator } from "../../../sdk/none-communicator.ts";
import { sleep } from "./provisioner.ts";

test("it waits as long as it is told", async () => {
  const slept: number[] = [];
  using bench = new Bench({ sleep: async (milliseconds) => void slept.push(milliseconds) });
  const { config } = await decodeConfig(sleep, { duration: "1m30s" }, bench.host);

  await sleep.run(config, bench.provisioning(noneCommunicator()));

  expect(slept).toEqual([90_000]);
});

test("a cancelled build does not wait", async () => {
  using bench = new Bench();
  const { config } = await decodeConfig(sleep, { duration: "1h" }, bench.host);
  const waiting = sleep.run(config, bench.provisioning(noneCommunicator()));
  bench.controller.abort(new Error("stop"));
  await expect(waiting).rejects.toThrow("stop");
});
