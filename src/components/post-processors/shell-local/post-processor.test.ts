import { expect, test } from "vitest";
import { artifactOf, Bench } from "../../../../test/support/component-at-work.ts";
import { decodeConfig } from "../../../../test/support/decode-config.ts";
import { shellLocalPostProcessor } from "./post-processor.ts";

test("it runs its commands and hands the artifact on, which is always kept", async () => {
  using bench = new Bench();
  const input = artifactOf(["a.img"]);
  const { config } = await decodeConfig(shellLocalPostProcessor, { inline: ["echo $A"], env: { A: "1" } }, bench.host);

  const result = await shellLocalPostProcessor.run(config, input, bench.processing());

  expect(result).toEqual({ artifact: input, keepInput: true, mustKeepInput: true });
  expect(bench.heard.lines).toContain("stdout: 1\n");
});

test("an execute_command of one text is a command line", async () => {
  using bench = new Bench();
  const options = { inline: ["echo script"], execute_command: ["echo {{.ID}}; sh {{.Script}}"] };
  const { config } = await decodeConfig(shellLocalPostProcessor, options, bench.host);

  await shellLocalPostProcessor.run(config, artifactOf([]), bench.processing());

  expect(bench.heard.lines.slice(1)).toEqual(["stdout: machine-1\nscript\n"]);
});
