// `bin/node bench/run.ts [NAME…]`: Ingot beside Debian's Packer 1.6.6 in the same run. Medians and ratios; no verdicts.
// Needs: packer on PATH, a Docker engine, and for the executable `npm run package`.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Contender, compare, median, type Run } from "./measure.ts";

const root = resolve(import.meta.dirname, "..");
const ingot = resolve(root, "bin/ingot");
const executable = resolve(root, "dist/ingot");
const node = process.execPath;
const work = mkdtempSync(join(tmpdir(), "ingot-bench-"));

interface Bench {
  readonly title: string;
  readonly rounds: number;
  readonly contenders: () => readonly Contender[];
}

const benches: Record<string, Bench> = {
  version: {
    title: "version, against an empty Node",
    rounds: 15,
    contenders: () => [
      { name: "empty node", argv: [node, "-e", ""] },
      { name: "ingot (checkout)", argv: [ingot, "version"] },
      ...packaged("version"),
      { name: "packer", argv: ["packer", "version"] },
    ],
  },
  validate: {
    title: "validate a template of one source",
    rounds: 11,
    contenders: () => {
      const template = file("one.pkr.hcl", oneSource());
      return [
        { name: "packer", argv: ["packer", "validate", template] },
        { name: "ingot (checkout)", argv: [ingot, "validate", template] },
        ...packaged("validate", template),
      ];
    },
  },
  docker: {
    title: "a container image: three inline shell provisioners and a tag",
    rounds: 7,
    contenders: () => {
      const template = file("docker.pkr.hcl", dockerBuild(baseImage()));
      return [
        { name: "packer", argv: ["packer", "build", template] },
        { name: "ingot (checkout)", argv: [ingot, "build", template] },
        ...packaged("build", template),
      ];
    },
  },
  "upload-big": {
    title: "upload 1 GiB into a container",
    rounds: 3,
    contenders: () => {
      const big = join(work, "big.bin");
      writeFileSync(big, "");
      truncateSync(big, 2 ** 30);
      const template = file("big.pkr.hcl", upload(baseImage(), big, "/tmp/big.bin"));
      return bothBuild(template);
    },
  },
  "upload-small": {
    title: "upload a folder of 10,000 small files into a container",
    rounds: 3,
    contenders: () => {
      const folder = join(work, "small");
      for (let index = 0; index < 10_000; index++) {
        const path = join(folder, String(index % 100), `${index}.txt`);
        if (index < 100) mkdirSync(join(folder, String(index)), { recursive: true });
        writeFileSync(path, `file ${index}\n`.repeat(20));
      }
      return bothBuild(file("small.pkr.hcl", upload(baseImage(), `${folder}/`, "/tmp/small")));
    },
  },
  parallel: {
    title: "50 null builds, each with a shell-local",
    rounds: 5,
    contenders: () => bothBuild(file("fifty.pkr.hcl", fiftyNulls())),
  },
};

try {
  const wanted = process.argv.slice(2);
  for (const [name, bench] of Object.entries(benches)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    console.log(`\n${name}: ${bench.title} (${bench.rounds} rounds, medians)`);
    report(await compare(bench.contenders(), bench.rounds));
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}

function report(runs: Map<string, Run[]>): void {
  const [reference] = runs.keys();
  const base = median((runs.get(reference ?? "") ?? []).map((run) => run.milliseconds));
  for (const [name, all] of runs) {
    const time = median(all.map((run) => run.milliseconds));
    const memory = median(all.map((run) => run.peakBytes)) / 1e6;
    console.log(
      `  ${name.padEnd(20)} ${time.toFixed(0).padStart(7)} ms  ratio ${(time / base).toFixed(2)}  peak ${memory.toFixed(0).padStart(5)} MB`,
    );
  }
}

function bothBuild(template: string): Contender[] {
  return [
    { name: "packer", argv: ["packer", "build", template] },
    { name: "ingot (checkout)", argv: [ingot, "build", template] },
  ];
}

function packaged(...argv: string[]): Contender[] {
  return existsSync(executable) ? [{ name: "ingot (executable)", argv: [executable, ...argv] }] : [];
}

function file(name: string, text: string): string {
  const path = join(work, name);
  writeFileSync(path, text);
  return path;
}

function baseImage(): string {
  return execFileSync(resolve(root, "scripts/base-image.sh"), {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }).trim();
}

function oneSource(): string {
  return `variable "who" {
  default = "world"
}
locals {
  greeting = "hello \${var.who}"
}
source "file" "one" {
  content = local.greeting
  target  = "out.txt"
}
build {
  sources = ["source.file.one"]
  provisioner "shell-local" {
    inline = ["echo \${local.greeting}"]
  }
}
`;
}

function dockerBuild(image: string): string {
  return `source "docker" "bench" {
  image  = "${image}"
  pull   = false
  commit = true
}
build {
  sources = ["source.docker.bench"]
  provisioner "shell" {
    inline = ["echo one > /one"]
  }
  provisioner "shell" {
    inline = ["echo two > /two"]
  }
  provisioner "shell" {
    inline = ["echo three > /three"]
  }
  post-processor "docker-tag" {
    repository = "ingot-bench"
    tag        = ["latest"]
  }
}
`;
}

function upload(image: string, from: string, to: string): string {
  return `source "docker" "bench" {
  image   = "${image}"
  pull    = false
  discard = true
}
build {
  sources = ["source.docker.bench"]
  provisioner "shell" {
    inline = ["mkdir -p /tmp/small"]
  }
  provisioner "file" {
    source      = "${from}"
    destination = "${to}"
  }
}
`;
}

function fiftyNulls(): string {
  const names = Array.from({ length: 50 }, (_, index) => `n${index}`);
  const sources = names.map((name) => `source "null" "${name}" {\n  communicator = "none"\n}\n`).join("");
  return `${sources}build {
  sources = [${names.map((name) => `"source.null.${name}"`).join(", ")}]
  provisioner "shell-local" {
    inline = ["echo hello"]
  }
}
`;
}
