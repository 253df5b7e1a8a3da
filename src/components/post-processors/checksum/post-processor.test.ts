import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { artifactOf, Bench } from "../../../../test/support/component-at-work.ts";
import { decodeConfig } from "../../../../test/support/decode-config.ts";
import { checksum } from "./post-processor.ts";

async function process(bench: Bench, options: Parameters<typeof decodeConfig>[1], files: readonly string[]) {
  const { config, faults } = await decodeConfig(checksum, options, bench.host);
  expect(faults).toEqual([]);
  return await checksum.run(config, artifactOf(files), bench.processing());
}

/** As the system's own program has it. */
function sum(type: string, path: string): string {
  return execFileSync(`${type}sum`, [path]).toString().split(" ")[0] ?? "";
}

test("each kind gets a file of its own, of lines as Packer writes them, that joins the artifact", async () => {
  using bench = new Bench();
  mkdirSync(bench.path("out"));
  writeFileSync(bench.path("out/a.img"), "hello\n");
  writeFileSync(bench.path("out/b.img"), Buffer.alloc(1_000_000, 3));
  const types = ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"];

  const result = await process(bench, { checksum_types: types }, ["out/a.img", "out/b.img"]);

  for (const type of types) {
    expect(readFileSync(bench.path(`packer_box_null_${type}.checksum`), "utf8")).toBe(
      `${sum(type, bench.path("out/a.img"))}\ta.img\n${sum(type, bench.path("out/b.img"))}\tb.img\n`,
    );
  }
  expect(result).toMatchObject({ keepInput: true, mustKeepInput: true });
  expect(result.artifact?.files).toEqual([
    { path: "out/a.img", root: "cwd", digest: `sha256:${sum("sha256", bench.path("out/a.img"))}` },
    { path: "out/b.img", root: "cwd", digest: `sha256:${sum("sha256", bench.path("out/b.img"))}` },
    ...types.map((type) => ({ path: `packer_box_null_${type}.checksum`, root: "cwd" })),
  ]);
  expect(result.artifact?.description).toMatch(
    /^Created artifact from files: out\/a.img, out\/b.img, packer_box_null_md5/,
  );
});

test("a second run replaces the lines of the first, and leaves those of others", async () => {
  using bench = new Bench();
  const output = "sums/{{.BuilderType}}.txt";
  writeFileSync(bench.path("a"), "1");
  await process(bench, { output, checksum_types: ["md5", "sha1"] }, ["a"]);
  const others = `${readFileSync(bench.path("sums/null.txt"), "utf8")}${"0".repeat(32)}\tother\n`;
  writeFileSync(bench.path("sums/null.txt"), others);

  writeFileSync(bench.path("a"), "2");
  bench.facts = { ...bench.facts, runId: "second" };
  await process(bench, { output, checksum_types: ["md5"] }, ["a"]);

  expect(readFileSync(bench.path("sums/null.txt"), "utf8")).toBe(
    [
      "356a192b7913b04c54574d18c28d46e6395428ab\ta",
      `${"0".repeat(32)}\tother`,
      `${sum("md5", bench.path("a"))}\ta`,
      "",
    ].join("\n"),
  );
  expect(readdirSync(bench.path("sums"))).toEqual(["null.txt"]);
});

test("builds of one run that share a file, and whose files share a name, all stand in it", async () => {
  using bench = new Bench();
  const folders = ["a", "b", "c"];
  for (const folder of folders) {
    mkdirSync(bench.path(folder));
    writeFileSync(bench.path(folder, "disk"), folder);
  }

  await Promise.all(folders.map((folder) => process(bench, { output: "all.md5" }, [`${folder}/disk`])));
  const lines = readFileSync(bench.path("all.md5"), "utf8").trim().split("\n").sort();

  expect(lines).toEqual(folders.map((folder) => `${sum("md5", bench.path(folder, "disk"))}\tdisk`).sort());
});

test("an artifact without files gets none", async () => {
  using bench = new Bench();
  const { artifact } = await process(bench, {}, []);
  expect(artifact?.files).toEqual([]);
  expect(readdirSync(bench.folder)).toEqual([]);
});

test("its artifact removes what it lists", async () => {
  using bench = new Bench();
  writeFileSync(bench.path("a"), "1");
  const { artifact } = await process(bench, { output: "a.md5" }, ["a"]);
  await artifact?.destroy(bench.host, bench.controller.signal);
  expect(existsSync(bench.path("a.md5"))).toBe(false);
});

test("an unknown kind is a fault of the template", async () => {
  using bench = new Bench();
  expect((await decodeConfig(checksum, { checksum_types: ["md5", "md6"] }, bench.host)).faults).toEqual([
    "error: Unrecognized checksum type: md6",
  ]);
});
