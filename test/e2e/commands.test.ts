import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { type StartOptions, Workplace } from "../support/program.ts";

const GOLDEN = resolve(import.meta.dirname, "../golden/commands");
const UGLY = "a {\nb=1\n  cc = 2\n}\n";
const NEAT = "a {\n  b  = 1\n  cc = 2\n}\n";

describe("fmt", () => {
  test("rewrites what is not in the canonical layout, says what, and keeps modes and links", async () => {
    await using bench = new Bench({
      "t/a.pkr.hcl": UGLY,
      "t/b.pkrvars.hcl": UGLY,
      "t/neat.pkr.hcl": NEAT,
      "real.hcl": UGLY,
    });
    for (const other of [
      "t/.hidden.pkr.hcl",
      "t/old.pkr.hcl~",
      "t/#x.pkr.hcl#",
      "t/x.hcl",
      "t/x.pkr.json",
      "t/sub/d.pkr.hcl",
    ]) {
      bench.put(other, UGLY);
    }
    chmodSync(bench.path("t/a.pkr.hcl"), 0o640);
    symlinkSync("../real.hcl", bench.path("t/link.pkr.hcl"));

    const first = await bench.run(["fmt", "t"]);
    const second = await bench.run(["fmt", "t"]);

    expect(first).toEqual({ code: 0, stdout: "t/a.pkr.hcl\nt/b.pkrvars.hcl\nt/link.pkr.hcl\n", stderr: "" });
    expect(second).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(bench.read("t/a.pkr.hcl")).toBe(NEAT);
    expect(statSync(bench.path("t/a.pkr.hcl")).mode & 0o777).toBe(0o640);
    expect(bench.read("real.hcl")).toBe(NEAT);
    expect(bench.read("t/sub/d.pkr.hcl")).toBe(UGLY);
    expect(bench.read("t/.hidden.pkr.hcl")).toBe(UGLY);
    expect(bench.read("t/x.pkr.json")).toBe(UGLY);
  });

  test("with -recursive goes into folders, but not into hidden ones", async () => {
    await using bench = new Bench({ "a/b/c.pkr.hcl": UGLY, "a/.git/d.pkr.hcl": UGLY });

    expect((await bench.run(["fmt", "-recursive", "."])).stdout).toBe("a/b/c.pkr.hcl\n");
    expect(bench.read("a/.git/d.pkr.hcl")).toBe(UGLY);
  });

  test("-check changes nothing and exits with 3; -diff shows what would change", async () => {
    await using bench = new Bench({ "a.pkr.hcl": UGLY, "neat.pkr.hcl": NEAT });

    expect(await bench.run(["fmt", "-check", "-diff", "a.pkr.hcl"])).toEqual({
      code: 3,
      stdout:
        "a.pkr.hcl\n--- old/a.pkr.hcl\n+++ new/a.pkr.hcl\n@@ -1,4 +1,4 @@\n a {\n-b=1\n+  b  = 1\n   cc = 2\n }\n",
      stderr: "",
    });
    expect((await bench.run(["fmt", "-check", "neat.pkr.hcl"])).code).toBe(0);
    expect((await bench.run(["fmt", "-write=false", "a.pkr.hcl"])).code).toBe(0);
    expect(bench.read("a.pkr.hcl")).toBe(UGLY);
  });

  test("- takes standard input to standard output", async () => {
    await using bench = new Bench({});

    expect(await bench.run(["fmt", "-"], { stdin: UGLY })).toEqual({ code: 0, stdout: NEAT, stderr: "" });
    expect(await bench.run(["fmt", "-check", "-"], { stdin: UGLY })).toEqual({ code: 3, stdout: "", stderr: "" });
    expect(await bench.run(["fmt", "-"], { stdin: NEAT })).toEqual({ code: 0, stdout: NEAT, stderr: "" });
  });

  test("what it cannot format is said and exits with 1, and the rest is formatted", async () => {
    await using bench = new Bench({ "a.pkr.hcl": UGLY, "bad.pkr.hcl": "x {\n", "t.txt": UGLY });
    writeFileSync(bench.path("latin.pkr.hcl"), Buffer.from([0x61, 0x20, 0x3d, 0x20, 0x22, 0xe9, 0x22, 0x0a]));

    const { code, stdout } = await bench.run(["fmt", "nothing", "t.txt", "."]);

    expect(code).toBe(1);
    expect(stdout).toContain("There is no file or folder nothing");
    expect(stdout).toContain("Cannot tell whether t.txt contains HCL2 configuration data");
    expect(stdout).toContain("on bad.pkr.hcl line 1");
    expect(stdout).toContain("Invalid character encoding");
    expect(bench.read("a.pkr.hcl")).toBe(NEAT);
    expect(readFileSync(bench.path("latin.pkr.hcl"))[5]).toBe(0xe9);
  });
});

const VALUES = `
variable "fruit" {
  default = "banana"
}
variable "unset" {
  type = string
}
variable "password" {
  default   = "hunter2-secret"
  sensitive = true
}
variable "images" {
  default = { key = "value", size = 1.5, list = ["a", null] }
}
locals {
  upper = upper(var.fruit)
}
`;

describe("console", () => {
  test("evaluates every line of a pipe", async () => {
    await using bench = new Bench({ "v.pkr.hcl": VALUES });
    const lines = ["var.fruit", "", "upper(var.fruit)", "1 + 5", "local.upper", "var.images", "var.unset", "path.root"];

    expect(await bench.run(["console", "v.pkr.hcl"], { stdin: lines.join("\n") })).toEqual({
      code: 0,
      stdout:
        'banana\nBANANA\n6\nBANANA\n{\n  "key" = "value"\n  "list" = [\n    "a",\n    null,\n  ]\n  "size" = 1.5\n}\n<unknown>\n.\n',
      stderr: "",
    });
    const variables = ["console", "-var", "fruit=kiwi", "v.pkr.hcl"];
    expect((await bench.run(variables, { stdin: "var.fruit\nexit\nvar.fruit\n" })).stdout).toBe("kiwi\n");
  });

  test("prints each value as a line of JSON, faults apart", async () => {
    await using bench = new Bench({ "v.pkr.hcl": VALUES });
    const lines = ["var.images", "var.unset", "var.password", "nothing", "[1, 2]"];

    const { code, stdout, stderr } = await bench.run(["console", "-json", "v.pkr.hcl"], { stdin: lines.join("\n") });

    expect(code).toBe(1);
    expect(stdout.split("\n")).toEqual([
      '{"key":"value","list":["a",null],"size":1.5}',
      '"<unknown>"',
      '"<sensitive>"',
      "[1,2]",
      "",
    ]);
    expect(JSON.parse(stderr)).toMatchObject({ severity: "error", summary: "Unknown variable" });
  });

  test("shows what is wrong with a line where it is, goes on, and exits with 1", async () => {
    await using bench = new Bench({ "v.pkr.hcl": VALUES });

    const { code, stdout } = await bench.run(["console", "v.pkr.hcl"], { stdin: "upper(var.friut)\n(1\nvar.fruit\n" });

    expect(code).toBe(1);
    expect(stdout).toContain("on <console-input> line 1:\n   1: upper(var.friut)\n");
    expect(stdout).toContain('Did you mean "fruit"?');
    expect(stdout.endsWith("\nbanana\n")).toBe(true);
  });

  test("shows no secret, in whatever it is used", async () => {
    await using bench = new Bench({ "v.pkr.hcl": VALUES });
    const lines = [
      "var.password",
      '"<${var.password}>"',
      "var",
      "variables",
      'base64encode("${var.password}")',
      "{ a = var.password }",
    ];

    const { stdout, stderr } = await bench.run(["console", "v.pkr.hcl"], { stdin: lines.join("\n") });

    expect(stdout).toContain("<sensitive>");
    expect(stdout + stderr).not.toMatch(/hunter2|aHVudGVyMi/);
  });

  test("without a template knows functions, and the old template language unless told otherwise", async () => {
    await using bench = new Bench({});

    const old = await bench.run(["console"], { stdin: 'upper("a")\n{{upper `b`}}\n' });
    const hcl = await bench.run(["console", "-config-type=hcl2"], { stdin: "{{upper `b`}}\n" });

    expect(old).toEqual({ code: 0, stdout: "A\nB\n", stderr: "" });
    expect(hcl.code).toBe(1);
  });

  test("renders the old template language with the variables of an old template", async () => {
    await using bench = new Bench({ "t.json": '{"variables": {"a": "x"}, "builders": [{"type": "null"}]}' });

    expect((await bench.run(["console", "-var", "a=y", "t.json"], { stdin: "{{user `a`}}-1\n" })).stdout).toBe("y-1\n");
  });
});

const noTerminal = /util-linux/.test(spawnSync("script", ["--version"], { encoding: "utf8" }).stdout ?? "")
  ? undefined
  : "no script program of util-linux here";

test.skipIf(noTerminal !== undefined)(
  `the console at a terminal remembers lines across sessions, and no secret${noTerminal ? ` (skipped: ${noTerminal})` : ""}`,
  async () => {
    await using bench = new Bench({ "v.pkr.hcl": VALUES });
    const ingot = resolve(import.meta.dirname, "../../bin/ingot");
    const session = (keys: string) =>
      bench.run(["-qec", `${ingot} console v.pkr.hcl`, "/dev/null"], { program: "script", stdin: keys });

    const first = await session('upper("kiwi")\r"hunter2-secret"\rexit\r');
    const second = await session("\u001b[A\u001b[A\rexit\r");

    expect(first.stdout).toContain("KIWI\r\n");
    expect(second.stdout).toContain("KIWI\r\n");
    const history = join(bench.place.state, "console-history");
    expect(readFileSync(history, "utf8")).toBe('upper("kiwi")\nexit\nupper("kiwi")\nexit\n');
    expect(statSync(history).mode & 0o777).toBe(0o600);
  },
);

const WEB = `
variable "image" {
  default = "debian:12"
}
variable "token" {
  default   = "hunter2-secret"
  sensitive = true
}
locals {
  name = "\${var.image}-x"
  tags = [for t in ["a", "b"] : "\${local.name}:\${t}"]
}
source "docker" "base" {
  image   = var.image
  commit  = true
  changes = ["ENV TOKEN=\${var.token}"]
}
source "file" "out" {
  target  = "\${source.name}.txt"
  content = local.name
}
build {
  name    = "web"
  sources = ["source.docker.base"]
  source "source.file.out" {
    name = "other"
  }
  provisioner "shell" {
    name             = "setup"
    only             = ["docker.base"]
    script           = "setup.sh"
    environment_vars = ["ID=\${build.ID}"]
    pause_before     = "10s"
    timeout          = "1m"
    max_retries      = 2
  }
  dynamic "provisioner" {
    for_each = local.tags
    labels   = ["shell-local"]
    content {
      inline = ["echo \${provisioner.value}"]
    }
  }
  error-cleanup-provisioner "shell-local" {
    inline = ["echo \${build.Host}"]
  }
  post-processors {
    post-processor "docker-tag" {
      only       = ["docker.base"]
      repository = "a/b"
      tags       = local.tags
    }
    post-processor "manifest" {
      keep_input_artifact = true
    }
  }
  post-processor "shell-local" {
    name   = "last"
    inline = ["true"]
  }
}
`;

describe("plan", () => {
  test("reads the same, whole, as text and as JSON, and makes nothing", async () => {
    await using bench = new Bench({ "web.pkr.hcl": WEB, "setup.sh": "echo hi\n" });

    const text = await bench.run(["plan", "web.pkr.hcl"]);
    const json = await bench.run(["plan", "-json", "-var", "image=debian:13", "-only=*.file.*", "web.pkr.hcl"]);

    expect([text.code, json.code, text.stderr, json.stderr]).toEqual([0, 0, "", ""]);
    expect(text.stdout + json.stdout).not.toContain("hunter2");
    await expect(text.stdout).toMatchFileSnapshot(`${GOLDEN}/plan.txt`);
    await expect(json.stdout).toMatchFileSnapshot(`${GOLDEN}/plan.json`);
    expect(existsSync(bench.path("other.txt"))).toBe(false);
    expect(existsSync(bench.place.state)).toBe(false);
  });

  test("shows what is wrong as validate does, and with it nothing else", async () => {
    await using bench = new Bench({ "web.pkr.hcl": WEB.replace("commit  = true", "comit = true") });

    const { code, stdout } = await bench.run(["plan", "-json", "web.pkr.hcl"]);
    const detailed = await bench.run(["plan", "-detailed-exitcode", "web.pkr.hcl"]);

    expect([code, detailed.code]).toEqual([1, 10]);
    expect(stdout).toContain('Did you mean "commit"?');
    expect(stdout).not.toContain('"schema"');
  });
});

describe("graph", () => {
  test("is the same, whole, for Graphviz and for Mermaid", async () => {
    await using bench = new Bench({ "web.pkr.hcl": WEB });

    const dot = await bench.run(["graph", "web.pkr.hcl"]);
    const mermaid = await bench.run(["graph", "-format=mermaid", "-only=*.file.*", "web.pkr.hcl"]);

    expect([dot.code, mermaid.code, dot.stderr, mermaid.stderr]).toEqual([0, 0, "", ""]);
    await expect(dot.stdout).toMatchFileSnapshot(`${GOLDEN}/graph.dot`);
    await expect(mermaid.stdout).toMatchFileSnapshot(`${GOLDEN}/graph.mmd`);
  });

  test("needs no plugin", async () => {
    await using bench = new Bench({
      "a.pkr.hcl": `data "amazon-ami" "x" {}
locals { id = data.amazon-ami.x.id }
source "amazon-ebs" "y" { ami = local.id }
build { sources = ["source.amazon-ebs.y"] }
`,
    });

    const { code, stdout } = await bench.run(["graph", "a.pkr.hcl"]);

    expect(code).toBe(0);
    for (const edge of ['"data.amazon-ami.x" -> "local.id"', '"local.id" -> "source.amazon-ebs.y"']) {
      expect(stdout).toContain(edge);
    }
  });

  test("draws a template of the old format", async () => {
    await using bench = new Bench({
      "t.json": `{
        "variables": {"a": "x", "b": "{{user \`a\`}}"},
        "builders": [{"type": "null", "name": "one"}, {"type": "file", "target": "{{user \`b\`}}"}],
        "provisioners": [{"type": "shell-local", "only": ["one"], "inline": ["true"]}],
        "post-processors": [["manifest", {"type": "shell-local", "inline": ["true"]}]]
      }`,
    });

    expect((await bench.run(["graph", "-format=mermaid", "t.json"])).stdout.split("\n").slice(-7)).toEqual([
      "  n0 --> n1",
      "  n2 ==> n3",
      "  n3 ==> n4",
      "  n4 ==> n5",
      "  n1 --> n6",
      "  n6 ==> n4",
      "",
    ]);
  });
});

const REQUIRING = `packer {
  required_plugins {
    docker = {
      source  = "github.com/hashicorp/docker"
      version = ">= 1.0.0, < 2"
    }
    amazon = {
      source  = "github.com/hashicorp/amazon"
      version = "~> 1.2"
    }
  }
}
source "null" "a" {
  communicator = "none"
}
build {
  sources = ["null.a"]
}
`;

describe.skipIf(process.platform === "win32")("plugins", () => {
  test("that are required, are found where they are built in or installed, and are missed where not", async () => {
    await using bench = new Bench({ "r.pkr.hcl": REQUIRING });
    const script = `#!/bin/sh\n[ "$1" = describe ] && echo '{"version":"1.2.5","api_version":"x5.0"}'\n`;
    bench.put("plugin", script);
    chmodSync(bench.path("plugin"), 0o755);

    const missing = await bench.run(["init", "r.pkr.hcl"]);
    const build = await bench.run(["build", "r.pkr.hcl"]);
    const install = await bench.run(["plugins", "install", "-path", "plugin", "github.com/hashicorp/amazon"]);
    const again = await bench.run(["plugin", "install", "github.com/hashicorp/amazon", "~> 1.2"]);
    const installed = await bench.run(["plugins", "installed"]);
    const required = await bench.run(["plugins", "required", "r.pkr.hcl"]);
    const init = await bench.run(["init", "r.pkr.hcl"]);
    const validate = await bench.run(["validate", "r.pkr.hcl"]);

    const path = installed.stdout.trim();
    expect(missing.code).toBe(1);
    expect(missing.stdout).toContain("docker (github.com/hashicorp/docker) is built into Ingot");
    expect(missing.stdout).toContain('Failed getting the "github.com/hashicorp/amazon" plugin:');
    expect(missing.stdout).toContain("ingot plugins install -path FILE github.com/hashicorp/amazon");
    expect(build.code).toBe(0);
    expect(build.stdout).toContain("Warning: Missing plugins\n\n  on r.pkr.hcl line 7");
    expect(install.stdout).toBe(`Successfully installed plugin github.com/hashicorp/amazon from plugin to ${path}\n`);
    expect(path).toMatch(
      /plugins\/github\.com\/hashicorp\/amazon\/packer-plugin-amazon_v1\.2\.5_x5\.0_[a-z]+_[a-z0-9]+$/,
    );
    expect(readFileSync(`${path}_SHA256SUM`, "utf8")).toBe(createHash("sha256").update(script).digest("hex"));
    expect(again).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(required.stdout).toBe(
      `docker github.com/hashicorp/docker ">= 1.0.0,< 2"\namazon github.com/hashicorp/amazon "~> 1.2" ${path}\n`,
    );
    expect(init.code).toBe(0);
    expect(validate).toEqual({ code: 0, stdout: "The configuration is valid.\n", stderr: "" });

    writeFileSync(path, `${script}# changed\n`);
    const changed = await bench.run(["init", "r.pkr.hcl"]);
    const removed = await bench.run(["plugins", "remove", "github.com/hashicorp/amazon"]);

    expect(changed.code).toBe(1);
    expect(changed.stdout).toContain("cannot be used: its digest is not that of");
    expect(removed).toEqual({ code: 0, stdout: `${path}\n`, stderr: "" });
    expect(existsSync(path) || existsSync(`${path}_SHA256SUM`)).toBe(false);
    expect((await bench.run(["plugins", "remove", "github.com/hashicorp/amazon"])).code).toBe(1);
  });

  test("are none of an old template's, and nothing to do where none is required", async () => {
    await using bench = new Bench({ "t.json": '{"builders": [{"type": "null"}]}', "n.pkr.hcl": VALUES });

    const old = await bench.run(["init", "t.json"]);
    const none = await bench.run(["init", "n.pkr.hcl"]);

    expect([old.code, none.code]).toEqual([1, 0]);
    expect(old.stdout).toContain("packer init only works with HCL2 templates");
    expect(none.stdout).toContain("No plugin is required");
  });

  test("without a subcommand shows how it is called", async () => {
    await using bench = new Bench({});

    for (const argv of [["plugins"], ["plugin"], ["plugins", "required"], ["plugins", "nothing", "x"]]) {
      const { code, stdout } = await bench.run(argv);
      expect([code, stdout.split("\n")[0]]).toEqual([1, expect.stringContaining("Usage: ingot plugins [options]")]);
    }
  });
});

test("-machine-readable makes lines of what every command says", async () => {
  await using bench = new Bench({ "r.pkr.hcl": REQUIRING, "ugly.pkr.hcl": UGLY, "web.pkr.hcl": WEB, "setup.sh": "" });
  const calls: [argv: string[], stdin?: string][] = [
    [["-machine-readable", "fmt", "-check", "-diff", "ugly.pkr.hcl"]],
    [["console", "-machine-readable", "web.pkr.hcl"], "local.tags\nnothing\n"],
    [["plan", "-machine-readable", "web.pkr.hcl"]],
    [["graph", "web.pkr.hcl", "-machine-readable"]],
    [["-machine-readable", "init", "r.pkr.hcl"]],
    [["plugins", "required", "-machine-readable", "r.pkr.hcl"]],
    [["-machine-readable", "validate", "-nothing"]],
    [["inspect", "-machine-readable", "web.pkr.hcl"]],
  ];

  for (const [argv, stdin = ""] of calls) {
    const { stdout } = await bench.run(argv, { stdin });
    expect(
      stdout.split("\n").filter((line) => !/^\d+,,ui,(say|error),|^$/.test(line)),
      argv.join(" "),
    ).toEqual([]);
    expect(stdout, argv.join(" ")).not.toBe("");
  }
});

test("misplaced flags, unknown ones and missing operands show the help of the command that was meant", async () => {
  await using bench = new Bench({});

  const misplaced = await bench.run(["-only=x", "build", "t"]);
  const unknown = await bench.run(["build", "-nothing", "t"]);
  const missing = await bench.run(["build"]);
  const autocomplete = await bench.run(["-autocomplete-install"]);

  expect([misplaced.code, unknown.code, missing.code, autocomplete.code]).toEqual([1, 1, 1, 0]);
  expect(misplaced.stdout).toMatch(
    /^Invalid flags before the subcommand[\s\S]*\nUsage: ingot build \[options\] TEMPLATE\n/,
  );
  expect(unknown.stdout).toMatch(/^Usage: ingot build [\s\S]*\nflag provided but not defined: -nothing\n$/);
  expect(missing.stdout).toMatch(/^Usage: ingot build /);
  expect(autocomplete.stdout).toContain("source <(ingot completion bash)");
});

/** A workplace with files; what a run printed, without more. */
class Bench implements AsyncDisposable {
  readonly place = new Workplace();

  constructor(files: Readonly<Record<string, string>>) {
    for (const [name, text] of Object.entries(files)) this.put(name, text);
  }

  path(name: string): string {
    return join(this.place.cwd, name);
  }

  put(name: string, text: string): void {
    mkdirSync(join(this.path(name), ".."), { recursive: true });
    writeFileSync(this.path(name), text);
  }

  read(name: string): string {
    return readFileSync(this.path(name), "utf8");
  }

  async run(argv: readonly string[], options: StartOptions = {}) {
    const { code, stdout, stderr } = await this.place.run(argv, options);
    return { code, stdout, stderr };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.place[Symbol.asyncDispose]();
  }
}
