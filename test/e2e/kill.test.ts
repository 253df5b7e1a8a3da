import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { baseImage, docker, inventory, noDocker } from "../support/docker.ts";
import { type Started, Workplace } from "../support/program.ts";

const skip = noDocker ? ` (skipped: ${noDocker})` : "";

describe.skipIf(noDocker !== undefined)(`a killed build${skip}`, () => {
  let template = "";

  beforeAll(() => {
    const image = baseImage();
    template = `
source "docker" "victim" {
  image  = "${image}"
  pull   = false
  commit = true
}
build {
  sources = ["source.docker.victim"]
  provisioner "shell" {
    inline = ["echo one > /one"]
  }
  provisioner "shell-local" {
    inline = ["sleep 0.1"]
  }
  provisioner "file" {
    content     = "two"
    destination = "/two"
  }
  post-processor "shell-local" {
    inline = ["sleep 0.1"]
  }
}
`;
  });

  // Journal records are the moments at which what exists and what is written down part ways.
  test("leaves nothing that gc does not remove, whichever journal record it died behind", async () => {
    await using place = new Workplace();
    writeFileSync(join(place.cwd, "victim.pkr.hcl"), template);
    const before = inventory();
    const survivors: string[] = [];

    let records = 0;
    for (let point = 1; ; point++) {
      const build = place.start(["build", "victim.pkr.hcl"]);
      const reached = await killAfterRecords(place, build, point);
      await collect(place);
      if (!reached) break;
      records = point;
    }

    survivors.push(...difference(inventory(), before));
    expect(records).toBeGreaterThan(15);
    expect(survivors.filter((line) => !isProduct(line))).toEqual([]);
    expect(readdirSync(place.temporary)).toEqual([]);
  });

  test("leaves nothing that gc does not remove, whenever it died", async () => {
    await using place = new Workplace();
    writeFileSync(join(place.cwd, "victim.pkr.hcl"), template);
    const before = inventory();

    for (let milliseconds = 60; milliseconds <= 1500; milliseconds += 60) {
      const build = place.start(["build", "victim.pkr.hcl"]);
      await Promise.race([sleep(milliseconds), build.ended]);
      build.child.kill("SIGKILL");
      await build.ended;
      await collect(place);
    }

    expect(difference(inventory(), before).filter((line) => !isProduct(line))).toEqual([]);
    expect(readdirSync(place.temporary)).toEqual([]);
  });

  test("is collected without harm to a live run or to what a user made", async () => {
    await using place = new Workplace();
    writeFileSync(
      join(place.cwd, "victim.pkr.hcl"),
      template.replace('inline = ["sleep 0.1"]', 'inline = ["sleep 5"]'),
    );
    const image = baseImage();
    docker("create", "--name", "ingot-lookalike-of-a-user", image, "true");
    try {
      const dead = place.start(["build", "victim.pkr.hcl"]);
      await until(() => journals(place).some((text) => text.includes('"owned"')));
      dead.child.kill("SIGKILL");
      await dead.ended;
      const alive = place.start(["build", "victim.pkr.hcl"]);
      await until(() => journals(place).filter((text) => text.includes('"owned"')).length === 2);

      const gc = await place.run(["gc"]);

      expect(gc.code).toBe(0);
      expect(docker("ps", "-a", "--format", "{{.Names}}")).toContain("ingot-lookalike-of-a-user");
      expect((await alive.ended).code).toBe(0);
    } finally {
      docker("rm", "-f", "ingot-lookalike-of-a-user");
    }
  });

  /** Kills the build once its journal holds so many records. False when it ended before. */
  async function killAfterRecords(place: Workplace, build: Started, records: number): Promise<boolean> {
    const known = new Set(runFolders(place));
    let over = false;
    void build.ended.then(() => {
      over = true;
    });
    while (!over) {
      const own = runFolders(place).find((folder) => !known.has(folder));
      if (own && recordsIn(join(own, "journal.jsonl")) >= records) {
        build.child.kill("SIGKILL");
        await build.ended;
        return true;
      }
      await sleep(1);
    }
    return false;
  }
});

async function collect(place: Workplace): Promise<void> {
  const gc = await place.run(["gc"]);
  if (gc.code !== 0) throw new Error(`gc exited with ${gc.code}:\n${gc.stdout}${gc.stderr}`);
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error("it did not happen within 30 s");
    await sleep(5);
  }
}

function runFolders(place: Workplace): string[] {
  const runs = join(place.state, "runs");
  return existsSync(runs) ? readdirSync(runs).map((run) => join(runs, run)) : [];
}

function journals(place: Workplace): string[] {
  return runFolders(place)
    .map((folder) => join(folder, "journal.jsonl"))
    .filter(existsSync)
    .map((path) => readFileSync(path, "utf8"));
}

function recordsIn(journal: string): number {
  return existsSync(journal) ? readFileSync(journal, "utf8").split("\n").length - 1 : 0;
}

function difference(after: readonly string[], before: readonly string[]): string[] {
  const known = new Set(before);
  return after.filter((line) => !known.has(line));
}

/** A finished image without a name is what this template makes; one of no bytes was ours for a moment. */
function isProduct(line: string): boolean {
  return line.startsWith("image <none>:<none> ") && !line.endsWith(" 0B");
}
