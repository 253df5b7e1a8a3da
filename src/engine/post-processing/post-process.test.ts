import { expect, test } from "vitest";
import {
  planned,
  plannedPostProcessor,
  planOf,
  scriptedArtifact,
  scriptedBuilder,
} from "../../../test/support/scripted-components.ts";
import { ScriptedRun } from "../../../test/support/scripted-run.ts";
import type { Artifact } from "../../sdk/artifact.ts";
import { Failure } from "../../sdk/failure.ts";
import type { Plan, PlannedPostProcessor } from "../../template/plan.ts";
import type { BuildResult } from "../run-result.ts";

/** What is destroyed, in order. */
type Destroyed = string[];

function plan(chains: PlannedPostProcessor[][], destroyed: Destroyed, built: Partial<Artifact> = {}): Plan {
  const builder = scriptedBuilder(async () => scriptedArtifact("built", destroyed, built));
  return planOf({ builder: planned(builder), postProcessors: chains });
}

/** Makes an artifact of the id. */
function makes(
  id: string,
  destroyed: Destroyed,
  options: { keep?: boolean; must?: boolean; template?: boolean; files?: string[] } = {},
): PlannedPostProcessor {
  const files = (options.files ?? []).map((path) => ({ path, root: "cwd" as const }));
  return plannedPostProcessor(
    async () => ({
      artifact: scriptedArtifact(id, destroyed, { files }),
      keepInput: options.keep ?? false,
      mustKeepInput: options.must ?? false,
    }),
    { as: id, ...(options.template !== undefined && { keepInputArtifact: options.template }) },
  );
}

/** Hands its input on, as "manifest" does. */
const passes = (template?: boolean) =>
  plannedPostProcessor(async (artifact) => ({ artifact, keepInput: true, mustKeepInput: true }), {
    as: "passes",
    ...(template !== undefined && { keepInputArtifact: template }),
  });

const fails = plannedPostProcessor(
  async () => {
    throw new Failure("no space left");
  },
  { as: "fails" },
);

const ends = plannedPostProcessor(async () => ({ artifact: undefined, keepInput: false, mustKeepInput: false }), {
  as: "ends",
});

const idsOf = (result: BuildResult | undefined) => result?.artifacts.map(({ id }) => id);

async function outcome(chains: (destroyed: Destroyed) => PlannedPostProcessor[][], built: Partial<Artifact> = {}) {
  using place = new ScriptedRun();
  const destroyed: Destroyed = [];
  const { builds } = await place.run(plan(chains(destroyed), destroyed, built));
  return { artifacts: idsOf(builds[0]), destroyed, outcome: builds[0]?.outcome, error: builds[0]?.error?.message };
}

test("without post-processors the builder's artifact stays", async () => {
  expect(await outcome(() => [])).toMatchObject({ artifacts: ["built"], destroyed: [] });
  expect(await outcome(() => [[]])).toMatchObject({ artifacts: ["built"], destroyed: [] });
});

test("what is superseded goes: in between at once, what was built after all chains", async () => {
  const ended = await outcome((destroyed) => [
    [makes("a1", destroyed), makes("a2", destroyed), makes("a3", destroyed, { template: true })],
    [makes("b1", destroyed)],
  ]);
  expect(ended).toMatchObject({ artifacts: ["a2", "a3", "b1"], destroyed: ["a1", "built"], outcome: "succeeded" });
});

test("each chain starts from the builder's artifact, which stays when one of them keeps it, and stands first", async () => {
  const ended = await outcome((destroyed) => [[makes("a", destroyed)], [makes("b", destroyed, { keep: true })]]);
  expect(ended).toMatchObject({ artifacts: ["built", "a", "b"], destroyed: [] });
});

test("what is only handed on is listed once", async () => {
  expect(await outcome(() => [[passes()], [passes(), passes()]])).toMatchObject({
    artifacts: ["built"],
    destroyed: [],
  });
  expect(await outcome(() => [[passes(false)]])).toMatchObject({ artifacts: ["built"], destroyed: [] });
});

test("handing on leaves it to the next one whether the input stays", async () => {
  const discarded = await outcome((destroyed) => [[passes(), makes("tar", destroyed)]]);
  expect(discarded).toMatchObject({ artifacts: ["tar"], destroyed: ["built"] });
  const kept = await outcome((destroyed) => [[passes(true), makes("tar", destroyed)]]);
  expect(kept).toMatchObject({ artifacts: ["built", "tar"], destroyed: [] });
});

test("an artifact in between that has files of what stays is not destroyed", async () => {
  const ended = await outcome(
    (destroyed) => [[makes("sum", destroyed, { files: ["disk", "disk.md5"], must: true }), makes("tar", destroyed)]],
    { files: [{ path: "disk", root: "cwd" }] },
  );
  expect(ended).toMatchObject({ artifacts: ["built", "tar", "sum"], destroyed: [] });
});

test("no artifact ends the chain, and the others go on", async () => {
  const ended = await outcome((destroyed) => [[ends, makes("never", destroyed)], [makes("b", destroyed)]]);
  expect(ended).toMatchObject({ artifacts: ["b"], destroyed: ["built"], outcome: "succeeded" });
});

test("a fault ends its chain only, fails the build, and what was built stays whatever was asked for", async () => {
  const ended = await outcome((destroyed) => [
    [makes("a", destroyed, { template: false }), fails, makes("never", destroyed)],
    [fails],
    [makes("c", destroyed)],
  ]);
  expect(ended).toEqual({
    artifacts: ["built", "a", "c"],
    destroyed: [],
    outcome: "failed",
    error: "2 error(s) occurred:\n\n* Post-processor failed: no space left\n* Post-processor failed: no space left",
  });
});

test("what cannot be destroyed is told and still listed", async () => {
  const ended = await outcome((destroyed) => [[makes("a", destroyed)]], {
    destroy: async () => {
      throw new Failure("it is in use");
    },
  });
  expect(ended).toMatchObject({
    artifacts: ["built", "a"],
    outcome: "failed",
    error: "1 error(s) occurred:\n\n* Failed cleaning up prior artifact: it is in use",
  });
});

test("post-processors see build.* and generated_data, whatever the artifact before them had", async () => {
  using place = new ScriptedRun();
  const seen: unknown[] = [];
  const looks = plannedPostProcessor(async (input, work) => {
    seen.push([work.machine.ID, work.machine.Digest, input.state.generated_data]);
    return { artifact: scriptedArtifact("next"), keepInput: true, mustKeepInput: false };
  });
  const built = { state: { generated_data: { Digest: "sha256:1" } } };
  await place.run(plan([[looks, looks]], [], built), { uuid: "u" });
  const marker = "ERR_ID_NOT_IMPLEMENTED_BY_BUILDER";
  expect(seen).toMatchObject([
    [marker, "sha256:1", { ID: marker, Digest: "sha256:1", PackerRunUUID: "u" }],
    [marker, undefined, { ID: marker, PackerRunUUID: "u" }],
  ]);
});

test("what a post-processor owns is undone at the end of the build, also when it failed", async () => {
  using place = new ScriptedRun();
  const { things } = place;
  const owns = (id: string, fault?: Error) =>
    plannedPostProcessor(async (artifact, work) => {
      await work.own(things.owned(id));
      things.existing.add(id);
      if (fault) throw fault;
      return { artifact, keepInput: true, mustKeepInput: true };
    });
  await place.run(plan([[owns("one")], [owns("two", new Failure("no"))]], []));
  expect(things.destroyed).toEqual(["two", "one"]);
});

test("a cancelled build runs no more post-processors, and loses nothing", async () => {
  using place = new ScriptedRun();
  const ran: string[] = [];
  const destroyed: Destroyed = [];
  const cancels = plannedPostProcessor(async (_input, work) => {
    place.orderly.abort("interrupt");
    work.signal.throwIfAborted();
    throw new Error("not reached");
  });
  const later = plannedPostProcessor(async (artifact) => {
    ran.push("later");
    return { artifact, keepInput: false, mustKeepInput: false };
  });
  const { builds } = await place.run(plan([[makes("a", destroyed), cancels], [later]], destroyed));
  expect(builds[0]).toMatchObject({ outcome: "cancelled" });
  expect(builds[0]?.error).toBeUndefined();
  expect(idsOf(builds[0])).toEqual(["built", "a"]);
  expect([...ran, ...destroyed]).toEqual([]);
});

test("a post-processor with a name is announced with both", async () => {
  using place = new ScriptedRun();
  await place.run(plan([[{ ...passes(), name: "list" }]], []));
  expect(place.lines).toEqual(["Running post-processor: list (type passes)"]);
});
