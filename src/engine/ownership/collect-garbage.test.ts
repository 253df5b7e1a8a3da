import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Failure } from "../../sdk/failure.ts";
import { localHost } from "../../sdk/local-host/local-host.ts";
import type { OwnedKind } from "../../sdk/owned.ts";
import { temporaryPathKind } from "../../sdk/temporary-path.ts";
import type { Entry } from "../journal/journal.ts";
import { listRuns } from "../journal/list-runs.ts";
import { journalPath, openJournal } from "../journal/open-journal.ts";
import { encodeRecord } from "../journal/record.ts";
import { collectGarbage, type GarbageOptions, type GarbageReport } from "./collect-garbage.ts";

let stateFolder = "";
let temporary = "";
beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), "ingot-test-gc-"));
  [stateFolder, temporary] = [join(folder, "state"), join(folder, "tmp")];
  await mkdir(temporary);
});
afterEach(() => rm(join(stateFolder, ".."), { recursive: true }));

describe("gc", () => {
  test("removes what a killed run left, whenever it died, and nothing else", async () => {
    await writeFile(join(temporary, "ingot-of-a-user"), "mine");
    for (let milliseconds = 0; milliseconds < 60; milliseconds += 4) {
      const run = await owningRun();
      await wait(milliseconds);
      await killed(run);
      const report = await collect();
      expect(report.rows.filter(({ outcome }) => !["removed", "gone", "settled", "kept"].includes(outcome))).toEqual(
        [],
      );
      expect(await unfinished()).toEqual(["ingot-of-a-user"]);
      expect((await listRuns(stateFolder)).flatMap(({ owns, unsettled }) => [...owns, ...unsettled])).toEqual([]);
    }
  });

  test("touches nothing of a live run", async () => {
    const run = await owningRun();
    for (let count = 0; count < 20; count++) expect((await collect()).rows).toEqual([]);
    expect(run.exitCode).toBeNull();
    await killed(run);
    await collect();
    expect(await unfinished()).toEqual([]);
  });

  test("removes the newest first, once", async () => {
    const { kinds, destroyed } = world();
    await deadRun([owned("a"), owned("b"), released("b", "destroyed"), owned("c")]);
    const report = await collect({ kinds });
    expect(report.rows.map(({ owned: { id }, outcome }) => [id, outcome])).toEqual([
      ["c", "removed"],
      ["a", "removed"],
    ]);
    expect(destroyed).toEqual(["c", "a"]);
    expect((await collect({ kinds })).rows).toEqual([]);
  });

  test("twice at once removes each thing once", async () => {
    const { kinds, destroyed } = world();
    for (let count = 0; count < 5; count++) await deadRun([owned(`a${count}`)]);
    await Promise.all([collect({ kinds }), collect({ kinds }), collect({ kinds })]);
    expect(destroyed.toSorted()).toEqual(["a0", "a1", "a2", "a3", "a4"]);
  });

  test("says what it would do, and does nothing, in a dry run", async () => {
    const { kinds, destroyed } = world();
    await deadRun([owned("a"), owned("b"), released("b", "handed-over")]);
    const { rows } = await collect({ kinds, dryRun: true });
    expect(rows.map(({ what, outcome }) => [what, outcome])).toEqual([
      ["thing a", "would-remove"],
      ["thing b", "would-settle"],
    ]);
    expect(destroyed).toEqual([]);
    expect((await collect({ kinds })).rows.length).toBe(2);
  });

  test("takes the mark off what was handed over, and never destroys it", async () => {
    const { kinds, destroyed, settled } = world();
    await deadRun([owned("a"), released("a", "handed-over")]);
    expect((await collect({ kinds })).rows).toMatchObject([{ outcome: "settled" }]);
    expect({ destroyed, settled }).toEqual({ destroyed: [], settled: ["a"] });
    expect((await collect({ kinds })).rows).toEqual([]);
  });

  test("tells what it cannot remove, and tries again the next time", async () => {
    const faults = new Map<string, unknown>([["a", new Failure("the daemon is gone", { hint: "start it" })]]);
    const { kinds } = world(faults);
    await deadRun([owned("a"), { type: "owned", owned: { kind: "unheard-of", id: "x", mark: "x", data: {} } }]);
    const { rows } = await collect({ kinds });
    expect(rows).toMatchObject([
      { outcome: "unknown-kind", what: "unheard-of x" },
      {
        outcome: "failed",
        what: "thing a",
        byHand: "remove a",
        error: { message: "the daemon is gone", hint: "start it" },
      },
    ]);
    faults.clear();
    expect((await collect({ kinds })).rows.map(({ outcome }) => outcome)).toEqual(["unknown-kind", "removed"]);
  });

  test("reports what another machine left, and leaves it", async () => {
    const { kinds, destroyed } = world();
    await deadRun([owned("a")], { hostId: "0123456789abcdef", hostName: "other" });
    expect((await collect({ kinds })).rows).toMatchObject([
      { outcome: "foreign", hostName: "other", byHand: "remove a" },
    ]);
    expect(destroyed).toEqual([]);
  });

  test("reports a journal that it cannot read, and goes on with the others", async () => {
    const { kinds, destroyed } = world();
    await deadRun([owned("a")], { schema: 99 });
    await deadRun([owned("b")]);
    const { rows, unreadable } = await collect({ kinds });
    expect(unreadable.length).toBe(1);
    const outcomes = Object.fromEntries(rows.map(({ owned: { id }, outcome }) => [id, outcome]));
    expect(outcomes).toEqual({ a: "failed", b: "removed" });
    expect(destroyed).toEqual(["b"]);
  });

  test("stops when it is told to, and what it did is written down", async () => {
    const stop = new AbortController();
    const { kinds, destroyed } = world(new Map(), () => stop.abort(new Error("enough")));
    await deadRun([owned("a"), owned("b")]);
    await expect(collect({ kinds, signal: stop.signal })).rejects.toThrow("enough");
    expect(destroyed).toEqual(["b"]);
    expect((await listRuns(stateFolder)).flatMap(({ owns }) => owns.map(({ id }) => id))).toEqual(["a"]);
  });

  test("believes no journal that names a path of somebody else", async () => {
    const precious = join(temporary, "precious");
    await writeFile(precious, "mine");
    const mark = "00000000-0000-4000-8000-000000000000";
    await deadRun([{ type: "owned", owned: { kind: "temporary-path", id: precious, mark, data: null } }]);
    expect((await collect()).rows).toMatchObject([{ outcome: "kept" }]);
    expect(await readFile(precious, "utf8")).toBe("mine");
  });

  test("removes what a torn record names only where it was written whole", async () => {
    const { kinds, destroyed } = world();
    const folder = await deadRun([owned("a")]);
    const whole = encodeRecord({ event: { time: 0, ...owned("b") } });
    await appendFile(journalPath(folder), whole.subarray(0, whole.length - 9));
    await collect({ kinds });
    expect(destroyed).toEqual(["a"]);
  });
});

function owned(id: string): Entry & { readonly type: "owned" } {
  return { type: "owned", owned: { kind: "thing", id, mark: id, data: {} } };
}

function released(id: string, how: "destroyed" | "handed-over"): Entry {
  return { type: "released", kind: "thing", id, how };
}

function world(
  faults: ReadonlyMap<string, unknown> = new Map(),
  onDestroy: () => void = () => {},
): { kinds: GarbageOptions["kinds"]; destroyed: string[]; settled: string[] } {
  const destroyed: string[] = [];
  const settled: string[] = [];
  const thing: OwnedKind = {
    kind: "thing",
    describe: ({ id }) => `thing ${id}`,
    removeByHand: ({ id }) => `remove ${id}`,
    destroy: async ({ id }) => {
      await wait(1);
      if (faults.has(id)) throw faults.get(id);
      destroyed.push(id);
      onDestroy();
      return "destroyed";
    },
    settle: async ({ id }) => void settled.push(id),
  };
  return { kinds: { thing: async () => thing }, destroyed, settled };
}

async function collect(options: Partial<GarbageOptions> = {}): Promise<GarbageReport> {
  const kinds = { "temporary-path": async () => temporaryPathKind };
  const signal = AbortSignal.timeout(20_000);
  return await collectGarbage({ host: localHost(), stateFolder, kinds, dryRun: false, signal, ...options });
}

async function deadRun(
  events: readonly Entry[],
  header: Readonly<Record<string, string | number>> = {},
): Promise<string> {
  const signal = AbortSignal.timeout(20_000);
  const journal = await openJournal({ stateFolder, ingot: "0.1.0", now: () => new Date(), signal });
  for (const event of events) journal.append(event);
  await journal.close();
  const [first = "", ...rest] = (await readFile(journalPath(journal.folder), "utf8")).split("\n");
  const changed = encodeRecord({ journal: { ...JSON.parse(first).journal, ...header } });
  await writeFile(journalPath(journal.folder), `${changed}${rest.join("\n")}`);
  return journal.folder;
}

/** Files beside the products, which have their final names. */
async function unfinished(): Promise<string[]> {
  return (await readdir(temporary)).filter((name) => !name.startsWith("product-"));
}

async function owningRun(): Promise<ChildProcess> {
  const program = join(import.meta.dirname, "testdata", "owning-run.ts");
  const child = spawn(process.execPath, [program, stateFolder], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, TMPDIR: temporary },
  });
  await once(child.stdout, "data");
  return child;
}

async function killed(child: ChildProcess): Promise<void> {
  const exit = once(child, "exit");
  child.kill("SIGKILL");
  await exit;
}
