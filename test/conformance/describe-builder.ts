import { describe, expect, test } from "vitest";
import type { Artifact } from "../../src/sdk/artifact.ts";
import type { Builder } from "../../src/sdk/component.ts";
import type { Host } from "../../src/sdk/host.ts";
import type { Machine } from "../../src/sdk/machine.ts";
import { decodeConfig, type Plain } from "../support/decode-config.ts";
import { type TestBuild, testBuild } from "./describe-builder-build.ts";

export interface BuilderSuite {
  readonly host: () => Host;
  /** Options of a build that makes something, as a template would write them. */
  readonly options: () => Readonly<Record<string, Plain>>;
  /** Options that cannot work out at run time, though they are well formed; undefined: there are none. */
  readonly doomed?: () => Readonly<Record<string, Plain>>;
  /** All that exists outside: to compare before and after. */
  readonly inventory: () => string[];
  /** Whether what the artifact stands for exists. */
  readonly exists: (artifact: Artifact) => boolean;
  /** Why it cannot run here; undefined: it can. */
  readonly skipped?: string | undefined;
  /** It has no machine that commands can be run on. */
  readonly withoutMachine?: boolean;
}

/** What every builder with journaled ownership keeps to. */
export function describeBuilder(builder: Builder, suite: BuilderSuite): void {
  const { skipped } = suite;
  const title = `the ${builder.name} builder${skipped ? ` (skipped: ${skipped})` : ""}`;
  describe.skipIf(skipped !== undefined)(title, () => {
    const never = new AbortController().signal;

    async function start(
      options: Readonly<Record<string, Plain>>,
      extra: Partial<Parameters<typeof testBuild>[0]> = {},
    ): Promise<{ running: Promise<Artifact | undefined>; told: TestBuild; host: Host }> {
      const host = suite.host();
      const { config, faults } = await decodeConfig(builder, options, host);
      expect(faults.filter((fault) => fault.startsWith("error"))).toEqual([]);
      const told = testBuild({ host, kinds: builder.owns, ...extra });
      return { running: builder.run(config, told.build), told, host };
    }

    test("makes what its artifact says, leaves nothing else, and removes it when the artifact is destroyed", async () => {
      const before = suite.inventory();
      const { running, told, host } = await start(suite.options());
      const artifact = await running;
      await told.undo();
      if (artifact === undefined) throw new Error("it made nothing");
      expect(suite.exists(artifact)).toBe(true);

      await artifact.destroy(host, never);
      expect(suite.exists(artifact)).toBe(false);
      expect(suite.inventory()).toEqual(before);
    });

    test("describes its artifact by builder id, id and words", async () => {
      const { running, told, host } = await start(suite.options());
      const artifact = await running;
      await told.undo();
      expect(artifact?.builderId).toMatch(/\S/);
      expect(artifact?.id).toMatch(/\S/);
      expect(artifact?.description).toMatch(/\S/);
      await artifact?.destroy(host, never);
    });

    test("gives the machine and the artifact the values that it declares", async () => {
      const { running, told, host } = await start(suite.options());
      const artifact = await running;
      await told.undo();
      const generated = artifact?.state.generated_data;
      for (const name of builder.generates) {
        if (told.facts() !== undefined) expect(told.facts()).toHaveProperty(name);
        expect(generated).toHaveProperty(name);
      }
      await artifact?.destroy(host, never);
    });

    test("owns only kinds that it declares, each under an id and a mark of its own", async () => {
      const { running, told, host } = await start(suite.options());
      const artifact = await running;
      await told.undo();
      const kinds = builder.owns.map(({ kind }) => kind);
      for (const owned of told.owned) {
        expect(kinds).toContain(owned.kind);
        expect(owned.mark).not.toBe("");
      }
      expect(new Set(told.owned.map(({ kind, id }) => `${kind} ${id}`)).size).toBe(told.owned.length);
      await artifact?.destroy(host, never);
    });

    test("leaves nothing when the journal refuses, whichever ownership it is", async () => {
      const before = suite.inventory();
      for (let refused = 0; ; refused++) {
        let count = 0;
        const beforeOwn = () => {
          if (count++ === refused) throw new Error("the journal is full");
        };
        const { running, told, host } = await start(suite.options(), { beforeOwn });
        const outcome = await running.then(
          (artifact) => ({ artifact }),
          (fault: unknown) => ({ fault }),
        );
        await told.undo();
        if ("artifact" in outcome) {
          await outcome.artifact?.destroy(host, never);
          break;
        }
        expect(outcome.fault).toHaveProperty("message", "the journal is full");
        expect(suite.inventory()).toEqual(before);
      }
      expect(suite.inventory()).toEqual(before);
    });

    test("leaves nothing when it is cancelled, whatever it owns by then", async () => {
      const before = suite.inventory();
      for (let point = 0; ; point++) {
        let count = 0;
        const reason = new Error("cancelled by the test");
        const cancelling: { told?: TestBuild } = {};
        const beforeOwn = () => {
          // A moment later: in the middle of the deed that the ownership is for.
          if (count++ === point) setTimeout(() => cancelling.told?.cancel(reason), 5);
        };
        const { running, told, host } = await start(suite.options(), { beforeOwn });
        cancelling.told = told;
        const artifact = await running.catch(() => undefined);
        await told.undo();
        await artifact?.destroy(host, never);
        expect(suite.inventory()).toEqual(before);
        if (count <= point) break;
      }
    });

    test("ends what it owns from recorded data alone, any number of times", async () => {
      const records: string[] = [];
      const { running, told, host } = await start(suite.options(), {
        provision: async () => {
          records.push(...told.holding().map((owned) => JSON.stringify(owned)));
          throw new Error("stop here");
        },
      });
      await running.catch(() => undefined);
      for (const record of records.reverse()) {
        const owned = JSON.parse(record);
        const kind = builder.owns.find((each) => each.kind === owned.kind);
        expect(kind?.describe(owned)).toMatch(/\S/);
        expect(kind?.removeByHand(owned)).toMatch(/\S/);
        expect(await kind?.destroy(owned, host, never)).toBe("destroyed");
        expect(await kind?.destroy(owned, host, never)).toBe("gone");
      }
    });

    if (suite.withoutMachine !== true)
      test("provisions a machine that commands run on", async () => {
        let output = "";
        const take = (chunk: Buffer) => {
          output += chunk;
        };
        const provision = async (machine: Machine, signal: AbortSignal) => {
          const communicator = await machine.connect(signal);
          await communicator.run({ line: "echo hello", onStdout: take }, signal);
          await communicator.close();
        };
        const { running, told, host } = await start(suite.options(), { provision });
        const artifact = await running;
        await told.undo();
        expect(output).toBe("hello\n");
        expect(told.facts()).toMatchObject({ ID: expect.stringMatching(/\S/), ConnType: expect.stringMatching(/\S/) });
        await artifact?.destroy(host, never);
      });

    test("fails with the fault of its provisioners, and leaves nothing", async () => {
      const before = suite.inventory();
      const fault = new Error("the script failed");
      const { running, told } = await start(suite.options(), { provision: async () => Promise.reject(fault) });
      await expect(running).rejects.toBe(fault);
      await told.undo();
      expect(suite.inventory()).toEqual(before);
    });

    const { doomed } = suite;
    if (doomed !== undefined)
      test("says what failed and what to do, and leaves nothing", async () => {
        const before = suite.inventory();
        const { running, told } = await start(doomed());
        await expect(running).rejects.toMatchObject({ name: expect.any(String), hint: expect.stringMatching(/\S/) });
        await told.undo();
        expect(suite.inventory()).toEqual(before);
      });
  });
}
