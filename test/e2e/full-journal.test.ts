import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Workplace } from "../support/program.ts";

const cannotMount =
  process.platform === "linux" && process.getuid?.() === 0 ? undefined : "only root on Linux can mount a small disk";

test.skipIf(cannotMount !== undefined)(
  `a run whose journal's disk becomes full goes on, and tells that its replay is not whole${cannotMount ? ` (skipped: ${cannotMount})` : ""}`,
  async () => {
    await using place = new Workplace();
    mkdirSync(place.state);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=900k", "tmpfs", place.state]);
    try {
      writeFileSync(
        join(place.cwd, "a.pkr.hcl"),
        `
source "null" "a" {
  communicator = "none"
}
build {
  sources = ["source.null.a"]
  provisioner "shell-local" {
    inline = ["seq 1 40000"]
  }
}
`,
      );

      const live = await place.run(["build", "a.pkr.hcl"]);
      const replayed = await place.run(["runs", "show", "last"]);

      expect(live.code).toBe(0);
      expect(live.stdout).toContain("null.a: 40000\n");
      const told = /Warning: The disk that holds the run's journal was full: .* \d+ lines/;
      expect(live.stdout).toMatch(told);
      expect(replayed.stdout).toMatch(told);
    } finally {
      execFileSync("umount", ["-l", place.state]);
    }
  },
);
