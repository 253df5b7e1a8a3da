import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { artifactOf, Bench } from "../../../../test/support/component-at-work.ts";
import { decodeConfig } from "../../../../test/support/decode-config.ts";
import type { Artifact } from "../../../sdk/artifact.ts";
import { manifest } from "./post-processor.ts";

const AT = new Date(1795410671_500);

async function process(bench: Bench, options: Parameters<typeof decodeConfig>[1], input: Artifact) {
  const { config, faults } = await decodeConfig(manifest, options, bench.host);
  expect(faults).toEqual([]);
  return await manifest.run(config, input, bench.processing());
}

function written(bench: Bench, name = "packer-manifest.json"): string {
  return readFileSync(bench.path(name), "utf8");
}

test("the file is what Packer writes, byte for byte", async () => {
  using bench = new Bench({ now: () => AT });
  writeFileSync(bench.path("a.txt"), "hello\n");
  const input = artifactOf(["./a.txt", "gone.txt"], { id: "File" });

  const result = await process(
    bench,
    { output: "m.json", custom_data: { b: "x<y>&z\u2028", "9": "nine", "10": "ten", a: 'é "q"' } },
    input,
  );

  expect(written(bench, "m.json")).toBe(`{
  "builds": [
    {
      "name": "box",
      "builder_type": "null",
      "build_time": 1795410671,
      "files": [
        {
          "name": "./a.txt",
          "size": 6
        },
        {
          "name": "gone.txt",
          "size": 0
        }
      ],
      "artifact_id": "File",
      "packer_run_uuid": "11111111-2222-3333-4444-555555555555",
      "custom_data": {
        "10": "ten",
        "9": "nine",
        "a": "é \\"q\\"",
        "b": "x\\u003cy\\u003e\\u0026z\\u2028"
      }
    }
  ],
  "last_run_uuid": "11111111-2222-3333-4444-555555555555"
}`);
  expect(result).toEqual({ artifact: input, keepInput: true, mustKeepInput: true });
  expect(readdirSync(bench.folder).sort()).toEqual(["a.txt", "m.json"]);
  expect(statSync(bench.path("m.json")).mode & 0o777).toBe(0o664 & ~globalThis.process.umask());
});

test("no files and no data are null, and times and folders can be left out", async () => {
  using bench = new Bench();
  await process(bench, { strip_time: true, strip_path: true }, artifactOf([], { id: "Null" }));
  expect(written(bench)).toContain('"builder_type": "null",\n      "files": null,\n      "artifact_id": "Null"');
  expect(written(bench)).toContain('"custom_data": null');

  await process(bench, { strip_path: true }, artifactOf(["/some/where/disk.img"]));
  expect(written(bench)).toContain('"name": "disk.img"');
});

test("each run adds to it; what it holds already stays as it was", async () => {
  using bench = new Bench({ now: () => AT });
  await process(bench, { custom_data: { "10": "a", "9": "b" } }, artifactOf(["x"], { id: "1" }));
  const first = written(bench);

  bench.facts = { ...bench.facts, runId: "another" };
  await process(bench, {}, artifactOf([], { id: "2" }));

  const both = written(bench);
  expect(both.startsWith(first.slice(0, first.indexOf("\n  ],")))).toBe(true);
  expect(JSON.parse(both)).toMatchObject({
    builds: [{ artifact_id: "1" }, { artifact_id: "2" }],
    last_run_uuid: "another",
  });
});

test("with -force an earlier run's builds go, and those of the same run stay", async () => {
  using bench = new Bench();
  await process(bench, {}, artifactOf([], { id: "old" }));
  bench.facts = { ...bench.facts, runId: "new", force: true };
  await process(bench, {}, artifactOf([], { id: "1" }));
  await process(bench, {}, artifactOf([], { id: "2" }));
  expect(JSON.parse(written(bench)).builds.map((build: { artifact_id: string }) => build.artifact_id)).toEqual([
    "1",
    "2",
  ]);
});

test("builds that end at the same time all stand in it", async () => {
  using bench = new Bench();
  const ids = Array.from({ length: 20 }, (_, index) => `build-${index}`);

  await Promise.all(ids.map((id) => process(bench, {}, artifactOf([], { id }))));

  const { builds } = JSON.parse(written(bench));
  expect(builds.map((build: { artifact_id: string }) => build.artifact_id).sort()).toEqual([...ids].sort());
  expect(readdirSync(bench.folder)).toEqual(["packer-manifest.json"]);
});

test("a file that is no manifest stays as it is, and the fault names it", async () => {
  using bench = new Bench();
  writeFileSync(bench.path("packer-manifest.json"), '{"builds": [');
  await expect(process(bench, {}, artifactOf([]))).rejects.toThrow(
    "Unable to parse content from manifest file packer-manifest.json",
  );
  expect(written(bench)).toBe('{"builds": [');
});

test("keys that others wrote into it stay", async () => {
  using bench = new Bench();
  writeFileSync(bench.path("packer-manifest.json"), '{"builds":[{"note":"mine","name":"x"}],"last_run_uuid":"y"}');
  await process(bench, {}, artifactOf([]));
  expect(JSON.parse(written(bench)).builds[0]).toEqual({ name: "x", note: "mine" });
});
