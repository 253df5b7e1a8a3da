import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { Workplace } from "../support/program.ts";

const INGOT = resolve(import.meta.dirname, "../../bin/ingot");
const template = `
source "file" "a" {
  content = "made"
  target  = "a.txt"
}
build {
  sources = ["source.file.a"]
  provisioner "shell-local" {
    inline = ["seq 1 2000"]
  }
}
`;

test.each<[string, string, Record<string, string>?]>([
  ["the reader of its output goes away", "| head -n 1"],
  ["its output goes to a full disk", "> /dev/full"],
  ["its output is closed", ">&- 2>&-"],
  ["its log goes to a full disk", "> /dev/null", { PACKER_LOG: "1", PACKER_LOG_PATH: "/dev/full" }],
])("a build goes on when %s, and leaves nothing behind", async (_, where, environment = {}) => {
  await using place = new Workplace();
  writeFileSync(join(place.cwd, "a.pkr.hcl"), template);

  const { code, stderr } = await sh(place, `"${INGOT}" build a.pkr.hcl ${where}`, environment);

  expect(code).toBe(0);
  expect(stderr).not.toMatch(/\n\s+at |Unhandled/);
  expect(readFileSync(join(place.cwd, "a.txt"), "utf8")).toBe("made");
  const runs = JSON.parse((await place.run(["runs", "-json"])).stdout);
  expect(runs).toMatchObject([{ state: "finished", outcome: "succeeded", owns: [] }]);
});

test("a command whose answer did not fit on the disk fails, and one whose reader left does not", async () => {
  await using place = new Workplace();

  const full = await sh(place, `"${INGOT}" help > /dev/full`);
  const left = await sh(place, `"${INGOT}" help | true`);

  expect(full.code).toBe(1);
  expect(full.stderr).toMatch(/^Standard output could not be written to/);
  expect(left).toEqual({ code: 0, stderr: "" });
});

test("a log that cannot be begun is a fault before anything is built", async () => {
  await using place = new Workplace();
  writeFileSync(join(place.cwd, "a.pkr.hcl"), template);

  const { code, stdout } = await place.run(["build", "a.pkr.hcl"], {
    environment: { PACKER_LOG: "1", PACKER_LOG_PATH: "/no/such/folder/log" },
  });

  expect([code, stdout]).toEqual([1, "Error: Cannot write the log /no/such/folder/log: no such file or folder\n"]);
});

/** By way of a shell; the code is that of the program, not of what reads it. */
function sh(
  place: Workplace,
  command: string,
  environment: Record<string, string> = {},
): Promise<{ code: number; stderr: string }> {
  return new Promise((done) => {
    execFile(
      "bash",
      ["-c", `${command}; exit \${PIPESTATUS[0]}`],
      { cwd: place.cwd, env: { ...place.environment, ...environment } },
      (error, _, stderr) => done({ code: Number(error?.code ?? 0), stderr }),
    );
  });
}

test("-json says everything as JSON, what is wrong with the template included", async () => {
  await using place = new Workplace();
  writeFileSync(join(place.cwd, "bad.pkr.hcl"), template.replace("target ", "tarket "));

  const bad = await place.run(["build", "-json", "bad.pkr.hcl"]);
  const missing = await place.run(["build", "-json", "missing.pkr.hcl"]);

  const events = (bad.stdout + missing.stdout)
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(events).toMatchObject([
    { type: "diagnostic", severity: "error", data: { code: "argument-unsupported" } },
    { type: "diagnostic", severity: "error", data: { code: "argument-missing" } },
    { type: "diagnostic", severity: "error", data: { code: "template-not-found" } },
  ]);
});
