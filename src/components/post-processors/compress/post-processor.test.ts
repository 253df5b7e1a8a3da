import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { artifactOf, Bench } from "../../../../test/support/component-at-work.ts";
import { decodeConfig } from "../../../../test/support/decode-config.ts";
import { chooseFormat } from "./choose-format.ts";
import { compress } from "./post-processor.ts";

type Options = Parameters<typeof decodeConfig>[1];

async function process(bench: Bench, options: Options, files: readonly string[]) {
  const { config, faults } = await decodeConfig(compress, options, bench.host);
  expect(faults).toEqual([]);
  return await compress.run(config, artifactOf(files), bench.processing());
}

/** Neither random nor constant, of any length. */
function sample(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = 1;
  for (let index = 0; index < length; index++) {
    state = (state * 1103515245 + 12345) % 2147483648;
    bytes[index] = index % 7 < 4 ? state >> 16 : 65;
  }
  return bytes;
}

function benchWith(files: Readonly<Record<string, Buffer | string>>): Bench {
  const bench = new Bench();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(bench.path(path)), { recursive: true });
    writeFileSync(bench.path(path), content, { mode: 0o640 });
  }
  return bench;
}

function output(program: string, ...args: string[]): Buffer {
  return execFileSync(program, args, { maxBuffer: 1 << 30 });
}

function missing(program: string): boolean {
  return spawnSync(program, ["--help"], { stdio: "ignore" }).error !== undefined;
}

/** Extension, and the program that unpacks to its standard output. */
const COMPRESSIONS = [
  [".gz", "gzip", "-dc"],
  [".bgzf", "gzip", "-dcS.bgzf"],
  [".bz2", "bzip2", "-dc"],
  [".bzip2", "bzip2", "-dc"],
  [".lz4", "lz4", "-dc"],
  [".xz", "xz", "-dc"],
  [".zst", "zstd", "-dc"],
] as const;

for (const [extension, program, flags] of COMPRESSIONS) {
  test.skipIf(missing(program))(`${program} reads ${extension} (skipped: no ${program})`, async () => {
    for (const length of [0, 1, 5_000_000]) {
      const content = sample(length);
      using bench = benchWith({ disk: content });

      const result = await process(bench, { output: `out/disk${extension}` }, ["disk"]);

      expect(output(program, flags, bench.path(`out/disk${extension}`)).equals(content)).toBe(true);
      expect(result).toMatchObject({
        keepInput: false,
        mustKeepInput: false,
        artifact: {
          builderId: "packer.post-processor.compress",
          description: `compressed artifacts in: out/disk${extension}`,
          files: [{ path: `out/disk${extension}`, root: "cwd" }],
        },
      });
      expect(readdirSync(bench.path("out"))).toEqual([`disk${extension}`]);
    }
  });

  test.skipIf(missing(program))(`tar reads .tar${extension} (skipped: no ${program})`, async () => {
    using bench = benchWith({ "x/a": sample(70_000), "y/b": "b" });

    await process(bench, { output: `all.tar${extension}` }, ["x/a", bench.path("y/b")]);

    const unpack = `${program} ${flags}`;
    const listing = output("sh", "-c", `${unpack} ${bench.path(`all.tar${extension}`)} | tar -tvf - --utc`).toString();
    expect(listing.split("\n").map((line) => line.replace(/ +/g, " "))).toEqual([
      "-rw-r----- 0/0 70000 1970-01-01 00:00 a",
      "-rw-r----- 0/0 1 1970-01-01 00:00 b",
      "",
    ]);
  });
}

test("tar without compression holds what went in, byte for byte and each time the same", async () => {
  using bench = benchWith({ "x/a": sample(100_000) });

  await process(bench, { output: "1.tar" }, ["x/a"]);
  await process(bench, { output: "2.tar" }, ["x/a"]);

  expect(output("tar", "-xOf", bench.path("1.tar"), "a").equals(sample(100_000))).toBe(true);
  expect(readFileSync(bench.path("1.tar")).equals(readFileSync(bench.path("2.tar")))).toBe(true);
});

test("files that share a name are all in the tar archive, by their paths", async () => {
  using bench = benchWith({ "x/disk": "1", "y/disk": "2", "y/other": "3" });
  await process(bench, { output: "all.tar" }, [
    "./x/disk",
    "../".repeat(20) + bench.path("y/disk").slice(1),
    "y/other",
  ]);
  const names = output("tar", "-tf", bench.path("all.tar")).toString().trim().split("\n");
  expect(names).toEqual(["x/disk", bench.path("y/disk").slice(1), "other"]);
});

test.skipIf(missing("unzip"))("unzip reads .zip, which holds paths (skipped: no unzip)", async () => {
  using bench = benchWith({ "x/a": sample(300_000), "y/é": "b", empty: "" });

  await process(bench, { output: "all.zip" }, ["x/a", "./y/é", "empty"]);

  output("unzip", "-q", bench.path("all.zip"), "-d", bench.path("unpacked"));
  expect(readFileSync(bench.path("unpacked/x/a")).equals(sample(300_000))).toBe(true);
  expect(readFileSync(bench.path("unpacked/y/é"), "utf8")).toBe("b");
  expect(statSync(bench.path("unpacked/x/a")).mode & 0o777).toBe(0o640);
  expect(readdirSync(bench.path("unpacked")).sort()).toEqual(["empty", "x", "y"]);
});

test("a level that is higher makes a smaller file, and what cannot be compressed still fits bgzf", async () => {
  using bench = benchWith({ disk: sample(3_000_000), noise: output("head", "-c", "1000000", "/dev/urandom") });
  await process(bench, { output: "1.gz", compression_level: 1 }, ["disk"]);
  await process(bench, { output: "9.gz", compression_level: 12 }, ["disk"]);
  await process(bench, { output: "noise.bgzf", compression_level: 1 }, ["noise"]);
  expect(statSync(bench.path("9.gz")).size).toBeLessThan(statSync(bench.path("1.gz")).size);
  expect(output("gzip", "-dcS.bgzf", bench.path("noise.bgzf")).equals(readFileSync(bench.path("noise")))).toBe(true);
});

test("the default output is named after the build and is a tar.gz, as with Packer", async () => {
  using bench = benchWith({ disk: "d" });

  await process(bench, {}, ["disk"]);

  expect(output("tar", "-tzf", bench.path("packer_box_null")).toString()).toBe("disk\n");
  expect(bench.heard.lines).toEqual([
    expect.stringMatching(/^say: Using pgzip compression with \d cores? for packer_box_null$/),
    "say: Tarring packer_box_null with pgzip",
    "say: Archive packer_box_null completed",
  ]);
});

test("several files, or none, need an archive", async () => {
  using bench = benchWith({ a: "", b: "" });
  await expect(process(bench, { output: "o.gz" }, ["a", "b"])).rejects.toThrow(
    "Can only have 1 input file when not using tar/zip. Found 2 files: [a b]",
  );
});

test("an input that would be its own output is refused: it would be removed afterwards", async () => {
  using bench = benchWith({ "a.tar": "keep me" });
  await expect(process(bench, { output: "./a.tar" }, ["a.tar"])).rejects.toThrow("into itself");
  expect(readFileSync(bench.path("a.tar"), "utf8")).toBe("keep me");
});

test.each(["o.gz", "o.xz", "o.zip", "o.tar"])("a file that is missing leaves no %s", async (name) => {
  using bench = benchWith({});
  await expect(process(bench, { output: name }, ["nope"])).rejects.toThrow("nope");
  expect(readdirSync(bench.folder)).toEqual([]);
});

test("a program that is missing is named, with what to do", async () => {
  using bench = benchWith({ a: "a" });
  const { run } = bench.host;
  using without = new Bench({
    ...bench.host,
    run: (command, signal) => run({ ...command, argv: ["/no/xz"] }, signal),
  });
  await expect(process(without, { output: "o.xz" }, ["a"])).rejects.toMatchObject({
    message: "Compressing with xz needs the program xz: Cannot start /no/xz: there is no such program",
    hint: expect.stringContaining("apt-get install xz-utils"),
  });
});

test("a cancelled build stops compressing and leaves nothing", async () => {
  using bench = benchWith({ disk: "" });
  truncateSync(bench.path("disk"), 20e9);
  const running = ["o.gz", "o.xz", "o.zip", "o.tar.zst"].map((name) => process(bench, { output: name }, ["disk"]));
  setTimeout(() => bench.controller.abort(new Error("stop")), 50);
  for (const { status } of await Promise.allSettled(running)) expect(status).toBe("rejected");
  expect(readdirSync(bench.folder)).toEqual(["disk"]);
});

test.each([
  ["a.tar.gz", undefined, { archive: "tar", compression: "gzip" }],
  ["a.tgz", undefined, { archive: "tar", compression: "gzip" }],
  ["a.img.xz", undefined, { compression: "xz" }],
  ["a.bz2", undefined, { compression: "bzip2" }],
  ["a.tar.bzip2", undefined, { archive: "tar", compression: "bzip2" }],
  ["a.tar.zst", undefined, { archive: "tar", compression: "zstd" }],
  ["a.zip", undefined, { archive: "zip" }],
  ["a.tar", undefined, { archive: "tar" }],
  ["a.foo", undefined, { archive: "tar", compression: "gzip" }],
  ["a.GZ", undefined, { archive: "tar", compression: "gzip" }],
  ["constructor.constructor", undefined, { archive: "tar", compression: "gzip" }],
  ["noext", "gz", { compression: "gzip" }],
  ["a.zip", "tar.lz4", { archive: "tar", compression: "lz4" }],
])("%s with format %s is %j", (name, format, expected) => {
  expect(chooseFormat(name, format)).toEqual(expected);
});
