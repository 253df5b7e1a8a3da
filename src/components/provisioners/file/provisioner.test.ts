import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Bench } from "../../../../test/support/component-at-work.ts";
import { decodeConfig } from "../../../../test/support/decode-config.ts";
import { localCommunicator } from "../../../../test/support/local-communicator.ts";
import type { Communicator } from "../../../sdk/communicator.ts";
import { noneCommunicator } from "../../../sdk/none-communicator.ts";
import { file } from "./provisioner.ts";

type Options = Parameters<typeof decodeConfig>[1];

/** The guest is the folder `guest` of the bench. */
async function provision(bench: Bench, options: Options, communicator: Communicator = localCommunicator(bench.host)) {
  const { config, faults } = await decodeConfig(file, options, bench.host);
  expect(faults.filter((fault) => fault.startsWith("error"))).toEqual([]);
  await file.run(config, bench.provisioning(communicator));
  return bench.heard.lines;
}

function benchWith(files: Readonly<Record<string, string>>): Bench {
  const bench = new Bench();
  mkdirSync(bench.path("guest"));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(bench.path(path, ".."), { recursive: true });
    writeFileSync(bench.path(path), text, { mode: 0o640 });
  }
  return bench;
}

test("a file is uploaded with its mode, and people see how far it is", async () => {
  using bench = benchWith({ "a.txt": "hello" });

  const lines = await provision(bench, { source: "a.txt", destination: bench.path("guest/b.txt") });

  expect(readFileSync(bench.path("guest/b.txt"), "utf8")).toBe("hello");
  expect(statSync(bench.path("guest/b.txt")).mode & 0o777).toBe(0o640);
  expect(lines).toEqual([`say: Uploading a.txt => ${bench.path("guest/b.txt")}`, "progress: a.txt 5/5"]);
});

test("a destination that ends with a slash is a folder: sources keep their names", async () => {
  using bench = benchWith({ "x/a.txt": "a", "b.txt": "b" });

  await provision(bench, { sources: ["x/a.txt", "b.txt"], destination: `${bench.path("guest")}/` });

  expect(readdirSync(bench.path("guest")).sort()).toEqual(["a.txt", "b.txt"]);
});

test("a link is followed", async () => {
  using bench = benchWith({ "a.txt": "hello" });
  symlinkSync("a.txt", bench.path("link"));

  await provision(bench, { source: "link", destination: bench.path("guest/b") });

  expect(readFileSync(bench.path("guest/b"), "utf8")).toBe("hello");
});

test("a folder with a slash at its end is what is in it, without it the folder itself", async () => {
  using bench = benchWith({ "x/y/a.txt": "a" });

  await provision(bench, { source: "x/", destination: bench.path("guest") });
  await provision(bench, { source: "x", destination: bench.path("guest") });

  expect(readdirSync(bench.path("guest"), { recursive: true }).sort()).toEqual([
    "x",
    "x/y",
    "x/y/a.txt",
    "y",
    "y/a.txt",
  ]);
});

test("content becomes a file that only its owner may read", async () => {
  using bench = benchWith({});

  await provision(bench, { content: "é\n", destination: bench.path("guest/c") });

  expect(readFileSync(bench.path("guest/c"), "utf8")).toBe("é\n");
  expect(statSync(bench.path("guest/c")).mode & 0o777).toBe(0o600);
});

test("a download makes the folders that its destination needs", async () => {
  using bench = benchWith({ "guest/a.txt": "hello" });

  const lines = await provision(bench, {
    source: bench.path("guest/a.txt"),
    destination: "new/folder/",
    direction: "download",
  });

  expect(readFileSync(bench.path("new/folder/a.txt"), "utf8")).toBe("hello");
  expect(readdirSync(bench.path("new/folder"))).toEqual(["a.txt"]);
  expect(lines[0]).toBe(`say: Downloading ${bench.path("guest/a.txt")} => new/folder/`);
});

test("a download that fails leaves the old file as it was, and nothing beside it", async () => {
  using bench = benchWith({ "old.txt": "old" });

  await expect(
    provision(bench, { source: bench.path("guest/nope"), destination: "old.txt", direction: "download" }),
  ).rejects.toThrow("nope");

  expect(readFileSync(bench.path("old.txt"), "utf8")).toBe("old");
  expect(readdirSync(bench.folder).sort()).toEqual(["guest", "old.txt"]);
});

test("a download into a device does not replace it", async () => {
  using bench = benchWith({ "guest/a.txt": "hello" });

  await provision(bench, { source: bench.path("guest/a.txt"), destination: "/dev/null", direction: "download" });

  expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
});

test("after a folder is downloaded, the remaining sources are, too", async () => {
  using bench = benchWith({ "guest/x/a.txt": "a", "guest/b.txt": "b" });

  await provision(bench, {
    sources: [`${bench.path("guest/x")}/`, bench.path("guest/b.txt")],
    destination: "out/",
    direction: "download",
  });

  expect(readdirSync(bench.path("out")).sort()).toEqual(["a.txt", "b.txt"]);
});

test("a pattern downloads the files and folders that it matches, whatever their names hold", async () => {
  using bench = benchWith({
    "guest/my dir/a 1.log": "1",
    "guest/my dir/a'2.log": "2",
    "guest/my dir/a$3.txt": "3",
    "guest/my dir/abc.log/in": "4",
  });

  await provision(bench, { source: bench.path("guest/my dir/a*.log"), destination: "out", direction: "download" });

  expect(readdirSync(bench.path("out"), { recursive: true }).sort()).toEqual([
    "a 1.log",
    "a'2.log",
    "abc.log",
    "abc.log/in",
  ]);
});

test("a pattern that matches nothing is a fault", async () => {
  using bench = benchWith({});
  const options = { source: bench.path("guest/*.log"), destination: "out", direction: "download" };
  await expect(provision(bench, options)).rejects.toThrow("Nothing in the machine matches");
});

test("without a machine, moving files is refused", async () => {
  using bench = benchWith({ "a.txt": "a" });
  await expect(provision(bench, { source: "a.txt", destination: "/x" }, noneCommunicator())).rejects.toThrow(
    "Upload is not implemented when communicator = 'none'",
  );
});

test.each<[Options, string[]]>([
  [{ destination: "/x" }, ["error: Source must be specified"]],
  [{ source: "nope", destination: "/x" }, ["error: Bad source 'nope'"]],
  [{ sources: ["there", "nope"], destination: "/x" }, ["error: Bad source 'nope'"]],
  [{ source: "nope", destination: "/x", generated: true }, []],
  [{ source: "/in/guest", destination: "x", direction: "download" }, []],
  [{ source: "there", content: "x", destination: "/x" }, ["error: Source(s) and content cannot be specified together"]],
  [{ content: "x", destination: "/x/" }, ["warning: The uploaded content has no name"]],
  [{ content: "x", destination: "/x", direction: "download" }, ["error: Content can only be uploaded"]],
])("%j: %j", async (options, expected) => {
  using bench = benchWith({ there: "" });
  expect((await decodeConfig(file, options, bench.host)).faults).toEqual(expected);
});
