import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Workplace } from "../support/program.ts";

const hello = `
variable "who" {
  type    = string
  default = "world"
}
source "file" "one" {
  content = "hello \${var.who}\\n"
  target  = "one.txt"
}
source "null" "two" {
  communicator = "none"
}
build {
  name    = "greet"
  sources = ["source.file.one", "source.null.two"]
  provisioner "shell-local" {
    inline = ["echo from \${source.name}"]
  }
}
`;

describe("build", () => {
  test("makes what the template says, and prints it in Packer's shape", async () => {
    await using place = new Workplace();
    writeFileSync(join(place.cwd, "hello.pkr.hcl"), hello);

    const { code, stdout, stderr } = await place.run(["build", "-var", "who=you", "hello.pkr.hcl"]);

    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(readFileSync(join(place.cwd, "one.txt"), "utf8")).toBe("hello you\n");
    expect(stdout).toContain("==> greet.file.one: from one\n");
    expect(stdout).toContain("==> greet.null.two: from two\n");
    expect(stdout).toMatch(/Build 'greet\.file\.one' finished after \d+ milliseconds/);
    expect(stdout).toContain("--> greet.file.one: Stored file: one.txt\n");
  });

  test("takes flags behind the template, and -only", async () => {
    await using place = new Workplace();
    writeFileSync(join(place.cwd, "hello.pkr.hcl"), hello);

    const { code, stdout } = await place.run(["build", "hello.pkr.hcl", "-only=*.null.two"]);

    expect(code).toBe(0);
    expect(stdout).not.toContain("file.one");
  });

  test("reads a folder, and a variable file of it wins over the environment", async () => {
    await using place = new Workplace();
    writeFileSync(join(place.cwd, "hello.pkr.hcl"), hello);
    writeFileSync(join(place.cwd, "some.auto.pkrvars.hcl"), 'who = "file"\n');

    await place.run(["build", "."], { environment: { PKR_VAR_who: "environment" } });

    expect(readFileSync(join(place.cwd, "one.txt"), "utf8")).toBe("hello file\n");
  });

  test("says what became of each build in a result file and by its exit code", async () => {
    await using place = new Workplace();
    writeFileSync(join(place.cwd, "mixed.pkr.hcl"), hello.replace("echo from", "test ${source.name} = one; echo from"));

    const plain = await place.run(["build", "-result=result.json", "mixed.pkr.hcl"]);
    const detailed = await place.run(["build", "-detailed-exitcode", "mixed.pkr.hcl"]);

    expect([plain.code, detailed.code]).toEqual([1, 12]);
    const result = JSON.parse(readFileSync(join(place.cwd, "result.json"), "utf8"));
    expect(result).toMatchObject({
      schema: 1,
      outcome: "failed",
      builds: [
        { name: "greet.file.one", outcome: "succeeded", artifacts: [{ builderId: "packer.file", id: "File" }] },
        { name: "greet.null.two", outcome: "failed", error: { message: expect.stringContaining("exit status: 1") } },
      ],
    });
  });

  test("prints events as JSON lines, and replays them", async () => {
    await using place = new Workplace();
    writeFileSync(join(place.cwd, "hello.pkr.hcl"), hello);

    const live = await place.run(["build", "-json", "hello.pkr.hcl"]);
    const replayed = await place.run(["runs", "show", "last", "-json"]);

    const withoutProgress = live.stdout.split("\n").filter((line) => !line.includes('"type":"progress"'));
    expect(JSON.parse(withoutProgress[0] ?? "")).toMatchObject({ type: "run-started", schema: 1 });
    expect(replayed.stdout.split("\n")).toEqual(withoutProgress);
  });

  test("replays as it was printed", async () => {
    await using place = new Workplace();
    writeFileSync(join(place.cwd, "hello.pkr.hcl"), hello);

    const live = await place.run(["build", "hello.pkr.hcl"]);
    const replayed = await place.run(["runs", "show", "last"]);

    expect(replayed.stdout).toBe(live.stdout);
  });

  test("keeps secrets, and what is made of them, out of every output and of the journal", async () => {
    await using place = new Workplace();
    writeFileSync(
      join(place.cwd, "secret.pkr.hcl"),
      `
variable "password" {
  type      = string
  sensitive = true
}
locals {
  derived = upper("\${var.password}-suffix")
}
source "null" "x" {
  communicator = "none"
}
build {
  sources = ["source.null.x"]
  provisioner "shell-local" {
    environment_vars = ["A=\${var.password}", "B=\${local.derived}"]
    inline = ["echo plain $A; echo derived $B; printf %s $A | base64; echo $A >&2; printf 'hun'; printf 'ter2-secret\\n'"]
  }
}
`,
    );
    const environment = { PKR_VAR_password: "hunter2-secret", PACKER_LOG: "1" };

    const outputs = [
      await place.run(["build", "secret.pkr.hcl"], { environment }),
      await place.run(["build", "-machine-readable", "secret.pkr.hcl"], { environment }),
      await place.run(["build", "-json", "-result=result.json", "secret.pkr.hcl"], { environment }),
      await place.run(["build", "-var", "password=hunter2-secret", "secret.pkr.hcl"]),
      await place.run(["inspect", "secret.pkr.hcl"], { environment }),
      await place.run(["runs", "show", "last", "-json"]),
    ];

    const everything =
      outputs.map(({ stdout, stderr }) => stdout + stderr).join("\n") +
      readFileSync(join(place.cwd, "result.json"), "utf8");
    expect(outputs.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(outputs[0]?.stdout).toContain("plain <sensitive>");
    for (const form of ["hunter2-secret", "HUNTER2-SECRET", Buffer.from("hunter2-secret").toString("base64")]) {
      expect(everything).not.toContain(form);
    }
    expect(statSync(place.state).isDirectory()).toBe(true);
  });

  test("keeps a secret that is a part of a path out of every output", async () => {
    await using place = new Workplace();
    writeFileSync(
      join(place.cwd, "path.pkr.hcl"),
      `
variable "name" {
  type      = string
  sensitive = true
}
source "file" "x" {
  content = "x"
  target  = "\${var.name}.txt"
}
build {
  sources = ["source.file.x"]
}
`,
    );
    const environment = { PKR_VAR_name: "hunter2-secret" };

    const json = await place.run(["build", "-json", "path.pkr.hcl"], { environment });
    const plain = await place.run(["build", "-force", "path.pkr.hcl"], { environment });

    expect([json.code, plain.code]).toEqual([0, 0]);
    expect(json.stdout).toContain('"type":"owned"');
    expect(json.stdout + plain.stdout).not.toContain("hunter2-secret");
  });

  test("shows every fault of a template at once, with its place, and builds nothing", async () => {
    await using place = new Workplace();
    writeFileSync(
      join(place.cwd, "bad.pkr.hcl"),
      hello.replace("target  =", "tarket =").replace("source.null.two", "source.null.too"),
    );

    const { code, stdout } = await place.run(["build", "bad.pkr.hcl"]);

    expect(code).toBe(1);
    expect(stdout).toContain("on bad.pkr.hcl line 8");
    expect(stdout).toContain('Did you mean "target"?');
    expect(stdout).toContain("Unknown source null.too");
    expect((await place.run(["runs"])).stdout).toBe("No run is on record.\n");
  });
});

describe("the command line", () => {
  test.each([
    [[], 127],
    [["nosuch"], 127],
    [["verify-attestation", "x.json"], 1],
    [["build"], 1],
    [["build", "-nosuch", "x"], 1],
    [["build", "missing.pkr.hcl"], 1],
    [["-force", "build"], 1],
    [["build", "-h"], 0],
    [["--version"], 0],
    [["help", "gc"], 0],
  ])("%j exits with %d and says why", async (argv, expected) => {
    await using place = new Workplace();

    const { code, stdout, stderr } = await place.run(argv);

    expect(code).toBe(expected);
    expect(stdout).not.toBe("");
    expect(stdout + stderr).not.toMatch(/\n\s+at .*\.ts/);
  });
});
