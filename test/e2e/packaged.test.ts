import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Workplace } from "../support/program.ts";

const ROOT = resolve(import.meta.dirname, "../..");

describe("the executable, alone in an empty folder", () => {
  const folder = mkdtempSync(join(tmpdir(), "ingot-packaged-"));
  const program = join(folder, "ingot");
  // No node on the path: the executable must not need one.
  const environment = { PATH: "/usr/bin:/bin" };

  beforeAll(() => {
    execFileSync(process.execPath, [join(ROOT, "scripts/package.ts"), program], { stdio: "ignore" });
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("is one file", () => {
    expect(readdirSync(folder)).toEqual(["ingot"]);
  });

  test("says its version, helps, and refuses what it does not know", async () => {
    await using place = new Workplace();

    const version = await place.run(["version"], { program, environment });
    const help = await place.run(["help", "build"], { program, environment });
    const unknown = await place.run(["nosuch"], { program, environment });

    expect(version).toMatchObject({ code: 0, stderr: "" });
    expect(version.stdout).toMatch(/^Ingot v\d+\.\d+\.\d+, compatible with Packer v1\.16\.0\n$/);
    expect(help.stdout).toContain("-parallel-builds=1");
    expect(unknown.code).toBe(127);
  });

  test("validates, inspects, builds, replays and collects", async () => {
    await using place = new Workplace();
    writeFileSync(
      join(place.cwd, "all.pkr.hcl"),
      `
locals {
  text = join(",", [upper("a"), base64encode(yamlencode({ b = regex("[0-9]+", "x12") })), bcrypt("c") != "" ? "d" : "e"])
}
data "null" "here" {
  input = formatdate("YYYY", timestamp())
}
source "file" "one" {
  content = "\${local.text} \${data.null.here.output}"
  target  = "one.txt"
}
build {
  sources = ["source.file.one"]
  provisioner "shell-local" {
    inline = ["echo {{isotime}}"]
  }
  post-processor "checksum" {
    checksum_types = ["sha256"]
  }
  post-processor "compress" {
    output = "one.zip"
    keep_input_artifact = true
  }
  post-processor "manifest" {}
}
`,
    );

    const codes: (number | null)[] = [];
    for (const argv of [
      ["validate", "all.pkr.hcl"],
      ["inspect", "all.pkr.hcl"],
      ["build", "all.pkr.hcl"],
      ["runs", "show", "last"],
      ["gc"],
    ]) {
      const { code, stdout, stderr } = await place.run(argv, { program, environment });
      codes.push(code);
      expect(stderr, stdout).toBe("");
    }

    expect(codes).toEqual([0, 0, 0, 0, 0]);
    const yaml = Buffer.from('"b": "12"\n').toString("base64");
    expect(readFileSync(join(place.cwd, "one.txt"), "utf8")).toBe(`A,${yaml},d ${new Date().getUTCFullYear()}`);
    expect(readdirSync(place.cwd).sort()).toEqual([
      "all.pkr.hcl",
      "one.txt",
      "one.zip",
      "packer-manifest.json",
      "packer_one_file_sha256.checksum",
    ]);
  });
});
