import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { describeBuilder } from "../../../../test/conformance/describe-builder.ts";
import { Bench } from "../../../../test/support/component-at-work.ts";
import { decodeConfig } from "../../../../test/support/decode-config.ts";
import type { Machine } from "../../../sdk/machine.ts";
import { fileBuilder } from "./builder.ts";
import { builtFileKind } from "./built-file.ts";

const shared = new Bench();
describeBuilder(fileBuilder, {
  host: () => shared.host,
  options: () => ({ target: "a/b.txt", content: "hello" }),
  doomed: () => ({ target: "a/b.txt", source: "nope" }),
  inventory: () =>
    readdirSync(shared.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.parentPath}/${entry.name}`),
  exists: (artifact) => artifact.files.every(({ path }) => existsSync(shared.path(path))),
  withoutMachine: true,
});
afterAll(() => shared[Symbol.dispose]());

async function build(bench: Bench, options: Parameters<typeof decodeConfig>[1]) {
  const { config } = await decodeConfig(fileBuilder, options, bench.host);
  const machines: Machine[] = [];
  const artifact = await fileBuilder.run(
    config,
    bench.build({
      provision: async (machine) => {
        machines.push(machine);
        return machine;
      },
    }),
  );
  return { artifact, machine: machines[0] };
}

test("content becomes a file that only its owner may read, in folders made for it", async () => {
  using bench = new Bench();

  const { artifact } = await build(bench, { target: "new/folder/a.txt", content: "hello\n" });

  expect(readFileSync(bench.path("new/folder/a.txt"), "utf8")).toBe("hello\n");
  expect(statSync(bench.path("new/folder/a.txt")).mode & 0o777).toBe(0o600);
  expect(readdirSync(bench.path("new/folder"))).toEqual(["a.txt"]);
  expect(artifact).toMatchObject({
    builderId: "packer.file",
    id: "File",
    description: "Stored file: new/folder/a.txt",
    files: [{ path: "new/folder/a.txt", root: "cwd" }],
  });
});

test("a source is copied, and people see how far it is", async () => {
  using bench = new Bench();
  writeFileSync(bench.path("big"), Buffer.alloc(300_000, 7));

  await build(bench, { target: "copy", source: "big" });

  expect(readFileSync(bench.path("copy"))).toEqual(readFileSync(bench.path("big")));
  expect(bench.heard.lines).toEqual([
    "step: Write the file",
    "say: Copying big to copy",
    "progress: big 300000/300000",
    "say: Copied 300000 bytes",
  ]);
});

test("without source and content the file is empty", async () => {
  using bench = new Bench();
  await build(bench, { target: "empty" });
  expect(readFileSync(bench.path("empty"), "utf8")).toBe("");
});

test("a source that cannot be copied leaves the old target as it was, and nothing beside it", async () => {
  using bench = new Bench();
  writeFileSync(bench.path("target"), "old");
  mkdirSync(bench.path("folder"));

  await expect(build(bench, { target: "target", source: "nope" })).rejects.toThrow("there is no such file");
  await expect(build(bench, { target: "target", source: "folder" })).rejects.toThrow("it is a folder");

  expect(readFileSync(bench.path("target"), "utf8")).toBe("old");
  expect(readdirSync(bench.folder).sort()).toEqual(["folder", "target"]);
});

test("provisioners for a machine succeed as with Packer, with one warning that nothing comes of it", async () => {
  using bench = new Bench();
  const { machine } = await build(bench, { target: "a", content: "x" });
  const communicator = await machine?.connect(bench.controller.signal);

  await communicator?.upload(Buffer.from("x"), "/tmp/x", {}, bench.controller.signal);
  expect(await communicator?.run({ line: "false" }, bench.controller.signal)).toEqual({ exitCode: 0 });

  expect(bench.heard.lines.filter((line) => line.startsWith("warn"))).toHaveLength(1);
});

test("after a failed build a new file is gone, unless somebody changed it", async () => {
  using bench = new Bench();
  await build(bench, { target: "a", content: "x" });
  await build(bench, { target: "b", content: "x" });
  writeFileSync(bench.path("b"), "mine");
  const fates = [];
  for (const owned of bench.heard.owned.filter(({ kind }) => kind === "built-file")) {
    fates.push(await builtFileKind.destroy(owned, bench.host, bench.controller.signal));
  }
  expect(fates).toEqual(["destroyed", "kept"]);
  expect(readdirSync(bench.folder)).toEqual(["b"]);
});

test("a file that takes the place of another is not owned", async () => {
  using bench = new Bench();
  writeFileSync(bench.path("a"), "before");
  await build(bench, { target: "a", content: "x" });
  expect(bench.heard.owned.map(({ kind }) => kind)).toEqual(["temporary-path"]);
});

test("its artifact removes the file", async () => {
  using bench = new Bench();
  const { artifact } = await build(bench, { target: "a", content: "x" });
  await artifact?.destroy(bench.host, bench.controller.signal);
  expect(readdirSync(bench.folder)).toEqual([]);
});

test.each([
  [{ target: "x" }, ["warning: Both source file and contents are blank; target will have no content"]],
  [{ target: "x", source: "a", content: "b" }, ["error: Cannot specify source file AND content"]],
  [{ target: "x", content: "b" }, []],
])("%j: %j", async (options, expected) => {
  using bench = new Bench();
  expect((await decodeConfig(fileBuilder, options, bench.host)).faults).toEqual(expected);
});

test("a fault of the disk names the file that was wanted, not the one beside it", async () => {
  using bench = new Bench();
  mkdirSync(bench.path("folder"));

  const fault: unknown = await build(bench, { target: "folder", content: "x" }).catch((error) => error);

  expect(fault).toMatchObject({ message: "Cannot write folder: it is a folder, not a file" });
});
