import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type Difference, differences } from "../differential/compare.ts";
import { findPacker } from "../differential/find-packer.ts";
import { type Case, readCases, VERSIONS } from "../differential/read-cases.ts";
import { type Outcome, runCase } from "../differential/run-case.ts";

const FOLDER = resolve(import.meta.dirname, "../differential");
const INGOT = resolve(import.meta.dirname, "../../bin/ingot");
const MINUTE = 60_000;

interface Accepted {
  /** A pattern on "case $ command". */
  readonly cases: string;
  /** Of Packer; without it, all. */
  readonly versions?: readonly string[];
  /** What may differ; "*": anything. */
  readonly what: Difference["what"] | "*";
  readonly reason: string;
}

const ledger: Accepted[] = JSON.parse(readFileSync(join(FOLDER, "ledger.json"), "utf8"));
const recorded = new Map(VERSIONS.map((version) => [version, readRecorded(version)]));
const unused = new Set(ledger);
const cases = readCases();
const state = mkdtempSync(join(tmpdir(), "ingot-differential-state-"));
afterAll(() => rmSync(state, { recursive: true, force: true }));

const themes = Map.groupBy(cases, ({ name }) => name.split("/", 1)[0] ?? "");

test.each([...themes])(
  "%s: each case ends as with Packer, or the ledger says why not",
  async (_theme, cases) => {
    const found: string[] = [];
    await twoAtATime(cases, async (each) => {
      const ours = await runCase(each, INGOT, {
        INGOT_STATE_DIR: state,
        // Compiled code alone is shared: it makes every start but the first fast.
        XDG_CACHE_HOME: join(tmpdir(), "ingot-e2e-compiled"),
      });
      for (const version of VERSIONS.filter((version) => each.versions.includes(version))) {
        const theirs = recorded.get(version)?.[each.name];
        if (!theirs) throw new Error(`${each.name} is not recorded with ${version}: run scripts/record-packer.ts`);
        for (const difference of differences(ours, theirs)) {
          const accepted = ledger.find((line) => covers(line, each, version, difference));
          if (accepted) unused.delete(accepted);
          else found.push(shown(each, version, difference));
        }
      }
    });
    expect(found.join("\n")).toBe("");
  },
  5 * MINUTE,
);

test("no line of the ledger is stale", () => {
  expect([...unused]).toEqual([]);
});

describe.each(VERSIONS)("the recording of Packer %s", (version) => {
  test("is of the cases that there are", () => {
    const names = cases.filter(({ versions }) => versions.includes(version)).map(({ name }) => name);
    expect(Object.keys(recorded.get(version) ?? {}).sort()).toEqual(names.sort());
  });

  const packer = findPacker(version);
  test.skipIf(packer === undefined)(
    `is what it does today, in a sample${packer ? "" : " (skipped: not on this machine)"}`,
    async () => {
      const sample = cases.filter(({ versions }, index) => versions.includes(version) && index % 25 === 3);
      expect(sample.length).toBeGreaterThan(5);
      for (const each of sample) expect(await runCase(each, packer ?? "")).toEqual(recorded.get(version)?.[each.name]);
    },
    3 * MINUTE,
  );
});

function readRecorded(version: string): Readonly<Record<string, Outcome[]>> {
  return JSON.parse(readFileSync(join(FOLDER, "recorded", `${version}.json`), "utf8"));
}

function covers(line: Accepted, each: Case, version: string, { what, command }: Difference): boolean {
  return (
    (line.what === "*" || line.what === what) &&
    (line.versions ?? VERSIONS).includes(version) &&
    new RegExp(line.cases, "s").test(`${each.name} $ ${command}`)
  );
}

function shown(each: Case, version: string, { command, what, packer, ours }: Difference): string {
  return `${each.name} $ ${command}: ${what}\n  Packer ${version}: ${packer}\n  ours: ${ours}`;
}

async function twoAtATime<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all([worker(), worker()]);
}
