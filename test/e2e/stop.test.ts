import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Started, Workplace } from "../support/program.ts";

/** A process that heeds no signal but the last, and a build that waits for it. */
const stubborn = `
source "null" "a" {
  communicator = "none"
}
build {
  sources = ["source.null.a"]
  provisioner "shell-local" {
    inline = ["trap '' INT TERM HUP; echo at work; sleep 60"]
  }
}
`;

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s ends a run in order and leaves nothing", async (signal) => {
  await using place = new Workplace();
  writeFileSync(join(place.cwd, "a.pkr.hcl"), stubborn.replace("trap '' INT TERM HUP; ", ""));

  const build = place.start(["build", "-detailed-exitcode", "a.pkr.hcl"]);
  await said(build, "at work");
  build.child.kill(signal);
  const { code, stdout } = await build.ended;

  expect(code).toBe(13);
  expect(stdout).toContain("Cleanly cancelled builds after being interrupted.");
  expect(readdirSync(place.temporary)).toEqual([]);
});

test("a second signal ends the clean-up, what is left is listed, and gc removes it", async () => {
  await using place = new Workplace();
  writeFileSync(join(place.cwd, "a.pkr.hcl"), stubborn);

  const build = place.start(["build", "a.pkr.hcl"]);
  await said(build, "at work");
  build.child.kill("SIGINT");
  await said(build, "Cancelling build");
  build.child.kill("SIGINT");
  const { code, stdout } = await build.ended;
  const left = /To remove it by hand: rm -rf '(.*)'/.exec(stdout)?.[1] ?? "";
  const wasThere = existsSync(left);
  const gc = await place.run(["gc"]);

  expect(code).toBe(1);
  expect(stdout).toContain("What is left is listed above: `ingot gc` removes it.");
  expect(stdout).not.toContain("Cleanly");
  expect(wasThere).toBe(true);
  expect(gc.stdout).toContain("In all: 1 removed.");
  expect(existsSync(left)).toBe(false);
});

test("a signal while a data source is read is a cancel, not a bug", async () => {
  await using place = new Workplace();
  const silent = createServer();
  const asked = new Promise<void>((done) => silent.once("connection", () => done()));
  await new Promise<void>((done) => silent.listen(0, "127.0.0.1", done));
  const address = silent.address();
  const port = typeof address === "object" ? address?.port : 0;
  writeFileSync(
    join(place.cwd, "a.pkr.hcl"),
    `data "http" "slow" {\n  url = "http://127.0.0.1:${port}/"\n}\n${stubborn}`,
  );

  const build = place.start(["build", "-detailed-exitcode", "a.pkr.hcl"]);
  await asked;
  build.child.kill("SIGINT");
  const { code, stdout } = await build.ended;
  silent.close();

  expect([code, stdout]).toEqual([13, "Cancelled after receiving interrupt\n"]);
});

function said(build: Started, text: string): Promise<void> {
  return new Promise((done, fail) => {
    const look = () => {
      if (build.output().includes(text)) done();
    };
    build.child.stdout?.on("data", look);
    void build.ended.then(({ stdout }) => fail(new Error(`it ended without saying "${text}":\n${stdout}`)));
    look();
  });
}
