import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { localHost } from "../../sdk/local-host/local-host.ts";
import type { Entry } from "./journal.ts";
import { listRuns, type RunSummary } from "./list-runs.ts";
import { journalPath, openJournal } from "./open-journal.ts";
import { pruneRuns } from "./prune-runs.ts";
import { encodeRecord } from "./record.ts";
import { newRunId, timeOfRunId } from "./run-id.ts";
import { stateFolder as stateFolderOf } from "./state-folder.ts";

const day = 24 * 3600 * 1000;
const today = new Date("2026-11-23T04:50:43Z");
let stateFolder = "";
beforeEach(async () => {
  stateFolder = await mkdtemp(join(tmpdir(), "ingot-test-runs-"));
});
afterEach(() => rm(stateFolder, { recursive: true }));

const started: Entry = {
  type: "run-started",
  runId: "u",
  ingot: "0",
  template: "t.pkr.hcl",
  builds: ["b"],
  arguments: [],
};
const finished: Entry = { type: "run-finished", outcome: "succeeded", milliseconds: 5 };
const thing = { kind: "thing", id: "a", mark: "m", data: {} };
const owned: Entry = { type: "owned", owned: thing };
const released = (how: "destroyed" | "handed-over" | "released"): Entry => ({
  type: "released",
  kind: "thing",
  id: "a",
  how,
});

describe("a run is listed", () => {
  test.each<[string, Entry[], Partial<RunSummary>]>([
    [
      "as finished",
      [started, owned, released("destroyed"), finished],
      { state: "finished", owns: [], outcome: "succeeded" },
    ],
    ["as crashed", [started], { state: "crashed", owns: [], outcome: undefined, template: "t.pkr.hcl", builds: ["b"] }],
    ["with what it left", [started, owned], { state: "crashed", owns: [thing], unsettled: [] }],
    ["with what its undo left", [started, owned, finished], { state: "finished", owns: [thing] }],
    [
      "with what it knew last of a thing",
      [owned, { type: "owned-updated", kind: "thing", id: "a", data: { at: "x" } }],
      { owns: [{ ...thing, data: { at: "x" } }] },
    ],
    ["with what it handed over and did not settle", [owned, released("handed-over")], { owns: [], unsettled: [thing] }],
    ["without what it settled", [owned, released("handed-over"), released("released")], { owns: [], unsettled: [] }],
    ["with what it owned anew", [owned, released("destroyed"), owned], { owns: [thing] }],
  ])("%s", async (_, events, expected) => {
    await run(events);
    expect(await listRuns(stateFolder)).toMatchObject([expected]);
  });

  test("as live while its process lives, and as crashed once that was killed", async () => {
    const child = await liveRun();
    expect(await listRuns(stateFolder)).toMatchObject([{ state: "live", owns: [thing] }]);
    const exit = once(child, "exit");
    child.kill("SIGKILL");
    await exit;
    expect(await listRuns(stateFolder)).toMatchObject([{ state: "crashed", owns: [thing] }]);
  });

  test("as foreign where another machine wrote it", async () => {
    const folder = await run([started, owned]);
    await rewrite(folder, { hostId: "0123456789abcdef" });
    expect(await listRuns(stateFolder)).toMatchObject([{ state: "foreign", owns: [thing] }]);
  });

  test("as crashed after a restart of this machine", async () => {
    const folder = await run([started, owned]);
    await rewrite(folder, { bootId: "another" });
    expect(await listRuns(stateFolder)).toMatchObject([{ state: "crashed" }]);
  });

  test("as unreadable where a newer Ingot wrote it", async () => {
    const folder = await run([started]);
    await rewrite(folder, { schema: 99 });
    expect(await listRuns(stateFolder)).toMatchObject([{ state: "unreadable" }]);
  });

  test("as unreadable where it cannot be read, and the others beside it", async () => {
    const folder = await run([started]);
    await rm(journalPath(folder));
    await mkdir(journalPath(folder));
    await run([started], new Date(today.getTime() + day));
    const runs = await listRuns(stateFolder);
    expect(runs).toMatchObject([{ state: "unreadable" }, { state: "crashed" }]);
    expect(String(runs[0]?.fault)).toContain(journalPath(folder));
  });

  test("as crashed, owning nothing, where it died before it wrote anything", async () => {
    await mkdir(join(stateFolder, "runs", newRunId(today)), { recursive: true });
    expect(await listRuns(stateFolder)).toMatchObject([{ state: "crashed", owns: [], started: today.getTime() }]);
  });

  test("in the order of their starts, and beside nothing else", async () => {
    await mkdir(join(stateFolder, "runs", "not-a-run"), { recursive: true });
    for (const days of [2, 0, 1]) await run([], new Date(today.getTime() - days * day));
    expect((await listRuns(stateFolder)).map(({ id }) => id.slice(0, 8))).toEqual(["20261121", "20261122", "20261123"]);
  });

  test("not at all where there is no state folder", async () => {
    expect(await listRuns(join(stateFolder, "none"))).toEqual([]);
  });
});

describe("old runs are dropped", () => {
  test("beyond the count, and beyond the age", async () => {
    for (const days of [40, 3, 2, 1]) await run([started, finished], new Date(today.getTime() - days * day));
    expect((await pruneRuns({ stateFolder, now: today })).map((id) => id.slice(0, 8))).toEqual(["20261014"]);
    expect((await pruneRuns({ stateFolder, now: today, keep: 2 })).map((id) => id.slice(0, 8))).toEqual(["20261120"]);
    expect((await listRuns(stateFolder)).length).toBe(2);
  });

  test("never while they own anything, live, or belong to others", async () => {
    const old = new Date(today.getTime() - 90 * day);
    await run([started, owned, finished], old);
    await run([started, owned, released("handed-over")], old);
    await rewrite(await run([started], old), { hostId: "0123456789abcdef" });
    await rewrite(await run([started], old), { schema: 99 });
    const child = await liveRun();
    const exit = once(child, "exit");
    expect(await pruneRuns({ stateFolder, now: new Date(Date.now() + 90 * day), keep: 0 })).toEqual([]);
    expect((await listRuns(stateFolder)).length).toBe(5);
    child.kill("SIGKILL");
    await exit;
  });
});

test("ids of runs sort by their time and give it back", () => {
  const id = newRunId(today);
  expect(id).toMatch(/^20261123-045043-[a-z0-9]{4}$/);
  expect(timeOfRunId(id)).toBe(today.getTime());
  expect(timeOfRunId("lost+found")).toBeUndefined();
});

test("the state folder is where the environment says", () => {
  const of = (environment: Record<string, string>): string => stateFolderOf(localHost({ environment, cwd: "/w" }));
  expect(of({ INGOT_STATE_DIR: "s", XDG_STATE_HOME: "/x", HOME: "/h" })).toBe("/w/s");
  expect(of({ XDG_STATE_HOME: "/x", HOME: "/h" })).toBe("/x/ingot");
  expect(of({ HOME: "/h", XDG_STATE_HOME: "" })).toBe("/h/.local/state/ingot");
});

async function run(events: readonly Entry[], when = today): Promise<string> {
  const signal = AbortSignal.timeout(20_000);
  const journal = await openJournal({ stateFolder, ingot: "0.1.0", now: () => when, signal });
  for (const event of events) journal.append(event);
  await journal.close();
  return journal.folder;
}

async function liveRun(): Promise<ChildProcess> {
  const program = join(import.meta.dirname, "testdata", "live-run.ts");
  const child = spawn(process.execPath, [program, stateFolder], { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  return child;
}

async function rewrite(folder: string, header: Readonly<Record<string, string | number>>): Promise<void> {
  const [first = "", ...rest] = (await readFile(journalPath(folder), "utf8")).split("\n");
  const { journal } = JSON.parse(first);
  const changed = encodeRecord({ journal: { ...journal, ...header } });
  await writeFile(journalPath(folder), `${changed}${rest.join("\n")}`);
}
