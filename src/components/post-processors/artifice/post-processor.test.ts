import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { artifactOf, Bench } from "../../../../test/support/component-at-work.ts";
import { decodeConfig } from "../../../../test/support/decode-config.ts";
import { artifice } from "./post-processor.ts";

async function process(bench: Bench, files: readonly string[]) {
  const { config } = await decodeConfig(artifice, { files }, bench.host);
  return await artifice.run(config, artifactOf(["old.img", "old.txt"]), bench.processing());
}

function bench(): Bench {
  const made = new Bench();
  mkdirSync(made.path("out"));
  for (const name of ["a.box", "b.box", "c.txt"]) writeFileSync(made.path("out", name), "");
  return made;
}

test("the files that match become the artifact, each once, under the paths as written", async () => {
  using place = bench();

  const result = await process(place, ["out/*.box", "out/a.*", "out/c.txt"]);

  expect(result).toMatchObject({
    keepInput: true,
    mustKeepInput: false,
    artifact: {
      builderId: "packer.post-processor.artifice",
      description: "Created artifact from files: out/a.box, out/b.box, out/c.txt",
      files: [
        { path: "out/a.box", root: "cwd" },
        { path: "out/b.box", root: "cwd" },
        { path: "out/c.txt", root: "cwd" },
      ],
    },
  });
  expect(place.heard.lines).toEqual([
    "say: Discarding files from artifact: old.img, old.txt",
    "say: Using these artifact files: out/a.box, out/b.box, out/c.txt",
  ]);
});

test("a pattern that matches nothing is warned about", async () => {
  using place = bench();
  const { artifact } = await process(place, ["out/*.ova"]);
  expect(artifact?.files).toEqual([]);
  expect(place.heard.lines).toContain("warn: No file matches out/*.ova");
});

test("its artifact removes its files and no others", async () => {
  using place = bench();
  const { artifact } = await process(place, ["out/*.box"]);
  await artifact?.destroy(place.host, place.controller.signal);
  expect(readdirSync(place.path("out"))).toEqual(["c.txt"]);
});

test("without files it is a fault of the template", async () => {
  using place = bench();
  expect((await decodeConfig(artifice, { files: [] }, place.host)).faults).toEqual([
    "error: No files specified in artifice configuration",
  ]);
});
