import { execFileSync } from "node:child_process";
import { appendFile, mkdtemp, open, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Failure } from "../../sdk/failure.ts";
import { isLocked } from "../../sdk/local-host/lock.ts";
import type { Entry, Journal } from "./journal.ts";
import { journalPath, lockPath, openJournal, reopenJournal } from "./open-journal.ts";
import { readJournal } from "./read-journal.ts";

const now = (): Date => new Date("2026-11-23T04:50:43Z");
let stateFolder = "";
beforeEach(async () => {
  stateFolder = await mkdtemp(join(tmpdir(), "ingot-test-journal-"));
});
afterEach(() => rm(stateFolder, { recursive: true }));

const begin = (folder = stateFolder): Promise<Journal> =>
  openJournal({ stateFolder: folder, ingot: "0.1.0", now, signal: AbortSignal.timeout(20_000) });
const line = (text: string): Entry => ({ type: "line", level: "stdout", text });
const owned = (id: string): Entry => ({ type: "owned", owned: { kind: "thing", id, mark: id, data: { id } } });

describe("a journal", () => {
  test("is read as it was written, in order", async () => {
    const journal = await begin();
    journal.append(line("one\n \u0000 \u2028 ü🙂"));
    await journal.commit({ ...owned("a"), build: "docker.base" });
    journal.append(line("two"));
    await journal.close();

    const read = await readJournal(journalPath(journal.folder));
    expect(read).toMatchObject({ torn: false, damaged: 0 });
    expect(read.header).toMatchObject({ schema: 1, ingot: "0.1.0", runId: journal.runId, pid: process.pid });
    const time = now().getTime();
    expect(read.events).toEqual([
      { time, ...line("one\n \u0000 \u2028 ü🙂") },
      { time, build: "docker.base", ...owned("a") },
      { time, ...line("two") },
    ]);
  });

  test("is JSON lines when it is closed, of its user alone", async () => {
    const journal = await begin();
    await journal.commit(owned("a"));
    await journal.close();

    const lines = (await readFile(journalPath(journal.folder), "utf8")).split("\n");
    expect(lines.pop()).toBe("");
    expect(lines.map((text) => Object.keys(JSON.parse(text)))).toEqual([
      ["sum", "journal"],
      ["sum", "event"],
    ]);
    expect((await stat(journalPath(journal.folder))).mode & 0o777).toBe(0o600);
    expect((await stat(journal.folder)).mode & 0o777).toBe(0o700);
  });

  test("holds what was committed when the commit resolves, and what was appended before", async () => {
    const journal = await begin();
    journal.append(line("before"));
    await journal.commit(owned("a"));
    expect((await readJournal(journalPath(journal.folder))).events.map(({ type }) => type)).toEqual(["line", "owned"]);
    await journal.close();
  });

  test("makes many that wait durable at once, in their order", async () => {
    const journal = await begin();
    await Promise.all(Array.from({ length: 500 }, (_, index) => journal.commit(owned(String(index)))));
    await journal.close();
    const { events } = await readJournal(journalPath(journal.folder));
    expect(events.map((event) => (event.type === "owned" ? event.owned.id : ""))).toEqual(
      Array.from({ length: 500 }, (_, index) => String(index)),
    );
  });

  test("grows beyond what was allocated at its start", async () => {
    const journal = await begin();
    const text = "x".repeat(10_000);
    for (let index = 0; index < 100; index++) journal.append(line(text));
    await journal.commit(owned("last"));
    await journal.close();
    expect((await readJournal(journalPath(journal.folder))).events.length).toBe(101);
  });

  test("is locked while its run lives", async () => {
    const journal = await begin();
    expect(await isLocked(lockPath(journal.folder))).toBe(true);
    expect(await reopenJournal(journal.folder, now)).toBeUndefined();
    await journal.close();
    await journal.close();
    expect(await isLocked(lockPath(journal.folder))).toBe(false);
  });

  test("takes nothing more after its end", async () => {
    const journal = await begin();
    await journal.close();
    await expect(journal.commit(owned("late"))).rejects.toThrow(Failure);
  });
});

describe("a journal that was cut off", () => {
  test("at any byte is read up to its last whole record", async () => {
    const journal = await begin();
    for (const id of ["a", "b", "c"]) await journal.commit(owned(id));
    await journal.close();
    const path = journalPath(journal.folder);
    const bytes = await readFile(path);
    const ends = [...bytes.entries()].filter(([, byte]) => byte === 10).map(([at]) => at + 1);

    for (let length = bytes.length; length >= 0; length--) {
      // As the file stands at a crash: room was allocated, and holds zeros.
      await truncate(path, length);
      if (length % 2 === 0) await appendFile(path, Buffer.alloc(4096));
      const whole = ends.filter((end) => end <= length).length;
      const read = await readJournal(path);
      expect(read.header !== undefined).toBe(whole > 0);
      expect(read.events.length).toBe(Math.max(0, whole - 1));
      expect(read.damaged).toBe(0);
      expect(read.torn).toBe(!ends.includes(length) && length > 0);
      await truncate(path, length);
    }
  });

  test("goes on after its last whole record", async () => {
    const journal = await begin();
    await journal.commit(owned("a"));
    await journal.commit(owned("b"));
    await journal.close();
    const path = journalPath(journal.folder);
    await truncate(path, (await stat(path)).size - 5);
    await appendFile(path, Buffer.alloc(100));

    const again = await reopenJournal(journal.folder, now);
    expect(again?.runId).toBe(journal.runId);
    expect(again?.before).toMatchObject({ torn: true, damaged: 0 });
    await again?.commit({ type: "released", kind: "thing", id: "a", how: "destroyed" });
    await again?.close();
    const read = await readJournal(path);
    expect(read.events.map(({ type }) => type)).toEqual(["owned", "released"]);
    expect(read.torn).toBe(false);
  });

  test("in its middle still gives what stands after", async () => {
    const journal = await begin();
    for (const id of ["a", "b", "c"]) await journal.commit(owned(id));
    await journal.close();
    const path = journalPath(journal.folder);
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replace('"id":"b"', '"id":"x"'));
    const read = await readJournal(path);
    expect(read.damaged).toBe(1);
    expect(read.events.length).toBe(2);
  });
});

const cannotMount = mountFault();
describe.skipIf(cannotMount !== undefined)(`on a full disk${cannotMount ? ` (skipped: ${cannotMount})` : ""}`, () => {
  let disk = "";
  beforeEach(async () => {
    disk = await mkdtemp(join(tmpdir(), "ingot-test-disk-"));
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", disk]);
  });
  afterEach(async () => {
    execFileSync("umount", ["-l", disk]);
    await rm(disk, { recursive: true });
  });

  test("no run starts", async () => {
    await fill(disk, 0);
    const fault = await begin(disk).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(Failure);
    expect(String(fault)).toContain("the disk is full");
    expect(await readdir(join(disk, "runs"))).toEqual([]);
    expect(fault instanceof Failure && fault.hint).toContain("INGOT_STATE_DIR");
  });

  test("that only can be read, it says so", async () => {
    execFileSync("mount", ["-o", "remount,ro", disk]);
    const fault = await begin(join(disk, "a", "b")).catch((error: unknown) => error);
    expect(String(fault)).toContain("the file system is read-only");
    expect(fault instanceof Failure && fault.hint).toContain("INGOT_STATE_DIR");
  });

  test("a run can still write down what it owns, and drops output", async () => {
    const journal = await begin(disk);
    await fill(disk, 0);
    for (let index = 0; index < 100; index++) journal.append(line("x".repeat(5000)));
    for (let index = 0; index < 200; index++) await journal.commit(owned(`thing-${index}`));
    expect(journal.dropped).toBeGreaterThan(0);
    await journal.close();
    const { events, torn, damaged } = await readJournal(journalPath(journal.folder));
    expect(events.filter(({ type }) => type === "owned").length).toBe(200);
    expect({ torn, damaged }).toEqual({ torn: false, damaged: 0 });
  });

  test("a run stops before the deed once even that room is used up, and goes on when there is room", async () => {
    const journal = await begin(disk);
    await fill(disk, 0);
    const ownMuch = async (): Promise<void> => {
      for (let index = 0; index < 100; index++) await journal.commit(owned("x".repeat(3000)));
    };
    await expect(ownMuch()).rejects.toThrow("the disk is full");
    await rm(join(disk, "filling"));
    await journal.commit(owned("after"));
    await journal.close();
    const { events, damaged } = await readJournal(journalPath(journal.folder));
    expect(events.at(-1)).toMatchObject(owned("after"));
    expect(damaged).toBe(0);
  });

  test("what a dead run left can still be removed and written down as removed", async () => {
    const journal = await begin(disk);
    await journal.commit(owned("a"));
    await journal.close();
    await fill(disk, 8192);
    const again = await reopenJournal(journal.folder, now);
    await again?.commit({ type: "released", kind: "thing", id: "a", how: "destroyed" });
    await again?.close();
    expect((await readJournal(journalPath(journal.folder))).events.at(-1)?.type).toBe("released");
  });
});

/** Fills the disk but for so many bytes. */
async function fill(disk: string, free: number): Promise<void> {
  const file = await open(join(disk, "filling"), "w");
  try {
    for (;;) await file.write(Buffer.alloc(4096));
  } catch {
    await file.truncate(Math.max(0, (await file.stat()).size - free));
  } finally {
    await file.close();
  }
}

function mountFault(): string | undefined {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "only root on Linux can mount a small disk";
  try {
    execFileSync("unshare", ["-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], { stdio: "ignore" });
    return undefined;
  } catch {
    return "mounting is not allowed here";
  }
}
