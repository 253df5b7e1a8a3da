import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Bench } from "../../../../test/support/component-at-work.ts";
import { decodeConfig } from "../../../../test/support/decode-config.ts";
import { localCommunicator } from "../../../../test/support/local-communicator.ts";
import { shellLocalProvisioner } from "./provisioner.ts";

type Options = Parameters<typeof decodeConfig>[1];

async function provision(bench: Bench, options: Options): Promise<string> {
  const { config, faults } = await decodeConfig(shellLocalProvisioner, options, bench.host);
  expect(faults.filter((fault) => fault.startsWith("error"))).toEqual([]);
  await shellLocalProvisioner.run(config, bench.provisioning(localCommunicator(bench.host)));
  return bench.heard.lines.flatMap((line) => (line.startsWith("stdout: ") ? [line.slice(8)] : [])).join("");
}

test("inline commands run here, in the working folder, from a file of ours that is gone afterwards", async () => {
  using bench = new Bench();

  const output = await provision(bench, { inline: ["pwd", "ls -l $0 | cut -c1-10"] });

  expect(output).toBe(`${bench.folder}\n-rwx------\n`);
  expect(bench.heard.lines[0]).toMatch(/^say: Running local shell script: .*\/tmp\/ingot-[0-9a-f-]{36}$/);
  expect(bench.heard.owned.map(({ kind }) => kind)).toEqual(["temporary-path"]);
  expect(readdirSync(bench.path("tmp"))).toEqual([]);
});

test("the script is gone after a fault, too", async () => {
  using bench = new Bench();

  await expect(provision(bench, { inline: ["exit 7"], valid_exit_codes: [0, 2] })).rejects.toThrow(
    "Script exited with non-zero exit status: 7. Allowed exit codes are: [0 2]",
  );
  expect(readdirSync(bench.path("tmp"))).toEqual([]);
});

test("scripts of the template are named as written, may have blanks in their names, and stay", async () => {
  using bench = new Bench();
  writeFileSync(bench.path("my script.sh"), "#!/bin/sh\necho mine");
  chmodSync(bench.path("my script.sh"), 0o755);

  expect(await provision(bench, { scripts: ["my script.sh"] })).toBe("mine\n");
  expect(bench.heard.lines[0]).toBe("say: Running local shell script: my script.sh");
  expect(existsSync(bench.path("my script.sh"))).toBe(true);
});

test("environment values arrive unharmed, whatever characters they hold", async () => {
  using bench = new Bench();
  const hard = `it's "so" $HOME \`id\` \\n {{.Script}} {{ é 漢 🙂\nsecond line`;

  expect(await provision(bench, { inline: ['printf %s "$HARD"'], env: { HARD: hard } })).toBe(hard);
});

test("scripts learn what is built and in which run", async () => {
  using bench = new Bench();

  expect(await provision(bench, { inline: ["echo $PACKER_BUILD_NAME $PACKER_BUILDER_TYPE $PACKER_RUN_UUID"] })).toBe(
    "box null 11111111-2222-3333-4444-555555555555\n",
  );
});

test("execute_command is a program and its arguments, each rendered", async () => {
  using bench = new Bench();

  const output = await provision(bench, {
    inline: ["echo script $A $1"],
    env: { A: "a" },
    execute_command: ["/usr/bin/env", "-S", "{{.Vars}}", "/bin/sh", "{{.Script}}", "{{.ID}}"],
  });

  expect(output).toBe("script a machine-1\n");
});

test("a program that does not exist is named in the fault", async () => {
  using bench = new Bench();

  await expect(provision(bench, { inline: ["x"], execute_command: ["/no/such/shell", "{{.Script}}"] })).rejects.toThrow(
    "Cannot start /no/such/shell",
  );
});

test("only_on of another system does nothing and says so", async () => {
  using bench = new Bench();

  expect(await provision(bench, { inline: ["echo x"], only_on: ["windows"] })).toBe("");
  expect(bench.heard.lines).toEqual(["say: Skipping shell-local due to runtime OS"]);
  expect(await provision(bench, { inline: ["echo x"], only_on: ["windows", "linux", "darwin"] })).toBe("x\n");
});

test("tempfile_extension ends the name of the script", async () => {
  using bench = new Bench();
  expect(await provision(bench, { inline: ["echo ${0##*.}"], tempfile_extension: ".sh" })).toBe("sh\n");
});

test("use_linux_pathing gives the path of a Windows script as Linux there has it", async () => {
  using bench = new Bench();
  mkdirSync(bench.path("C:"), { recursive: true });
  using windows = new Bench({
    files: { ...bench.host.files, resolve: () => "C:\\scripts\\a.sh" },
  });
  writeFileSync(bench.path("a.sh"), "");

  const output = await provision(windows, {
    script: "a.sh",
    use_linux_pathing: true,
    execute_command: ["/bin/echo", "{{.Script}}"],
  });

  expect(output).toBe("/mnt/c/scripts/a.sh\n");
});

test("a cancelled build ends the script and all that it started", async () => {
  using bench = new Bench();
  const started = provision(bench, {
    inline: [
      `(trap '' TERM; echo child $$ > ${bench.path("started")}; sleep 60; touch ${bench.path("survived")}) &`,
      "wait",
    ],
  });
  while (!existsSync(bench.path("started"))) await new Promise((resolve) => setTimeout(resolve, 5));

  bench.controller.abort(new Error("stop"));

  await expect(started).rejects.toThrow("stop");
  const group = readFileSync(bench.path("started"), "utf8").trim().split(" ")[1];
  expect(() => process.kill(-Number(group), 0)).toThrow();
  expect(readdirSync(bench.path("tmp"))).toEqual([]);
});

test.each<[Options, string[]]>([
  [{}, ["error: Command, Inline, Script and Scripts options cannot all be empty"]],
  [
    { command: "a", inline: ["b"] },
    [
      'warning: Deprecated argument "command"',
      "error: You may only specify one of the following options: Command, Inline, Script or Scripts",
    ],
  ],
  [{ inline: ["a"], only_on: ["linux", "beos"] }, ["error: Invalid OS specified in only_on: 'beos'"]],
  [
    { inline: ["a"], use_linux_pathing: true },
    ["error: Unable to use the Command and Inline features with the Windows Linux Subsystem"],
  ],
  [{ script: "nope" }, ["error: Bad script 'nope'"]],
  [{ inline: ["a"], environment_vars: ["x"] }, ["error: Environment variable not in format 'key=value'"]],
])("%j is faulty", async (options, expected) => {
  using bench = new Bench();
  expect((await decodeConfig(shellLocalProvisioner, options, bench.host)).faults).toEqual(expected);
});
