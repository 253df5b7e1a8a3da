import fc from "fast-check";
import { expect, test } from "vitest";
import {
  planned,
  plannedPostProcessor,
  plannedProvisioner,
  planOf,
  scriptedArtifact,
  scriptedBuilder,
  scriptedMachine,
} from "../../test/support/scripted-components.ts";
import { personWhoAnswers, ScriptedRun } from "../../test/support/scripted-run.ts";
import type { Step } from "../sdk/component.ts";
import { Failure } from "../sdk/failure.ts";
import { ownershipIn } from "./journal/ownership-record.ts";
import type { OnError } from "./run-options.ts";

/** What is done with one thing after it was made. */
type Next = "nothing" | "destroy" | "release" | "hand over";

interface Piece {
  readonly things: readonly { readonly next: Next; readonly made: boolean; readonly stubborn: boolean }[];
  readonly end: "ok" | "ok" | "fail" | "bug" | "cancel";
}

interface Script {
  readonly steps: readonly (Piece & { readonly inner?: Piece | undefined })[];
  readonly provisioners: readonly (Piece & { readonly retries: number })[] | undefined;
  readonly postProcessors: readonly Piece[];
  readonly folder: boolean;
  readonly onError: OnError;
  readonly answers: readonly string[];
  /** Behind which event the first and the second Ctrl-C come. */
  readonly orderlyAfter: number | undefined;
  readonly nowAfter: number | undefined;
}

const piece: fc.Arbitrary<Piece> = fc.record({
  things: fc.array(
    fc.record({
      next: fc.constantFrom<Next>("nothing", "nothing", "nothing", "destroy", "release", "hand over"),
      made: fc.boolean(),
      stubborn: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    }),
    { maxLength: 3 },
  ),
  end: fc.constantFrom<Piece["end"]>("ok", "ok", "ok", "ok", "fail", "bug", "cancel"),
});

const script: fc.Arbitrary<Script> = fc.record({
  steps: fc.array(
    fc.tuple(piece, fc.option(piece, { nil: undefined })).map(([outer, inner]) => ({ ...outer, inner })),
    { maxLength: 4 },
  ),
  provisioners: fc.option(
    fc.array(
      fc.tuple(piece, fc.integer({ min: 0, max: 2 })).map(([one, retries]) => ({ ...one, retries })),
      { maxLength: 2 },
    ),
    { nil: undefined },
  ),
  postProcessors: fc.array(piece, { maxLength: 2 }),
  folder: fc.boolean(),
  onError: fc.constantFrom<OnError>("cleanup", "abort", "ask", "run-cleanup-provisioner"),
  answers: fc
    .array(fc.constantFrom("c", "a", "r", "r"), { maxLength: 3 })
    .map((answers) => [...answers, "c", "a", "c"]),
  orderlyAfter: fc.option(fc.integer({ min: 0, max: 40 }), { nil: undefined, freq: 2 }),
  nowAfter: fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined, freq: 1 }),
});

/** What became of each thing, as its owner sees it. */
type Fate = "held" | "destroyed" | "released" | "handed over";

/** Runs the script; gives everything to judge it by. */
async function play({ steps, provisioners, postProcessors, folder, onError, answers, ...stops }: Script) {
  using place = new ScriptedRun();
  place.watch = () => {
    if (place.events.length - 1 === stops.orderlyAfter) place.orderly.abort("interrupt");
    if (place.events.length - 1 === stops.nowAfter) {
      place.orderly.abort("interrupt");
      place.now.abort("interrupt");
    }
  };
  const asked = [...answers];
  place.interaction = personWhoAnswers(asked);
  const { things } = place;
  const fates = new Map<string, Fate>();
  const perform = async (work: Pick<Step, "own" | "signal" | "host">, { things: owned, end }: Piece) => {
    for (const { next, made, stubborn } of owned) {
      const id = `thing ${fates.size + 1}`;
      const ownership = await work.own(things.owned(id));
      fates.set(id, "held");
      if (made) things.existing.add(id);
      if (stubborn && next !== "destroy") things.stubborn.set(id, new Failure("it is in use"));
      if (next === "destroy") await ownership.destroy().then(() => fates.set(id, "destroyed"));
      if (next === "release") await ownership.release().then(() => fates.set(id, "released"));
      if (next === "hand over") await ownership.handOver().then(() => fates.set(id, "handed over"));
    }
    if (end === "fail") throw new Failure("the world said no");
    if (end === "bug") throw new TypeError("oops");
    if (end === "cancel") {
      place.orderly.abort("interrupt");
      await work.host.sleep(60_000, work.signal);
    }
  };
  const builder = scriptedBuilder(async (build) => {
    if (folder) await build.runFolder();
    for (const [index, one] of steps.entries()) {
      await build.step(`step-${index}`, `Step ${index}`, async (step) => {
        const { inner } = one;
        if (inner) await build.step(`inner-${index}`, `Inner ${index}`, (within) => perform(within, inner));
        await perform(step, one);
      });
    }
    if (provisioners) await build.provision(scriptedMachine());
    return scriptedArtifact("product");
  });
  const plan = planOf({
    builder: planned(builder),
    provisioners: (provisioners ?? []).map((one) =>
      plannedProvisioner((work) => perform(work, one), { maxRetries: one.retries }),
    ),
    postProcessors: postProcessors.map((one) => [
      plannedPostProcessor(async (artifact, work) => {
        await perform(work, one);
        return { artifact, keepInput: true, mustKeepInput: true };
      }),
    ]),
  });
  const result = await place.run(plan, { onError });
  return { result, events: place.events, things, fates };
}

test("everything owned is destroyed once or listed, and what was handed over or released is never touched", async () => {
  await fc.assert(
    fc.asyncProperty(script, async (random) => {
      const { result, events, things, fates } = await play(random);
      const left = (result.builds[0]?.left ?? []).map(({ id }) => id);
      expect(result.faults).toEqual([]);
      // What the user is told and what gc will find are the same.
      expect(left.toSorted()).toEqual(
        ownershipIn(events)
          .owns.map(({ id }) => id)
          .toSorted(),
      );
      for (const [id, fate] of fates) {
        const ended = events.filter((event) => event.type === "released" && event.id === id);
        if (fate === "held") expect([id, ended.length + Number(left.includes(id))]).toEqual([id, 1]);
        else expect([id, ended.length > 0, left.includes(id)]).toEqual([id, true, false]);
        expect(things.destroyed.filter((one) => one === id).length).toBeLessThanOrEqual(1);
        if (fate === "released" || fate === "handed over") expect(things.destroyed).not.toContain(id);
        if (things.stubborn.has(id) && fate === "held") expect(left).toContain(id);
        if (things.existing.has(id)) expect(left.includes(id) || fate !== "held").toBe(true);
      }
    }),
    { numRuns: 120 },
  );
}, 60_000);

test("each undo goes from the newest to the oldest", async () => {
  await fc.assert(
    fc.asyncProperty(script, async (random) => {
      const { events } = await play(random);
      const made = events.flatMap((event) => (event.type === "owned" ? [event.owned.id] : []));
      let undone: string[] | undefined;
      for (const event of events) {
        if (event.type === "step-started" && event.kind === "undo") undone = [];
        if (undone && event.type === "released") undone.push(event.id);
        if (undone && event.type === "undo-failed") undone.push(event.owned.id);
        if (event.type === "step-finished" && event.step === "undo") {
          const places = (undone ?? []).map((id) => made.indexOf(id));
          expect(places).toEqual(places.toSorted((a, b) => b - a));
          undone = undefined;
        }
      }
    }),
    { numRuns: 60 },
  );
}, 60_000);

test("-on-error=abort destroys nothing after the fault, and lists all that is held, newest first", async () => {
  const cancels = (one: Piece | undefined) => one?.end === "cancel";
  const uncancelled = script.filter(
    ({ steps, provisioners }) =>
      !steps.some((one) => cancels(one) || cancels(one.inner)) && !(provisioners ?? []).some(cancels),
  );
  const failing = fc.tuple(uncancelled, piece).map(
    ([one, last]): Script => ({
      ...one,
      steps: [...one.steps, { ...last, end: "fail" }],
      onError: "abort",
      orderlyAfter: undefined,
      nowAfter: undefined,
    }),
  );
  await fc.assert(
    fc.asyncProperty(failing, async (random) => {
      const { result, events } = await play(random);
      const [build] = result.builds;
      expect(build).toMatchObject({ outcome: "failed", reached: "build" });
      const undo = events.filter((event) => event.type === "step-started" && event.kind === "undo");
      expect(undo).toEqual([]);
      const held = ownershipIn(events).owns.map(({ id }) => id);
      expect(build?.left.map(({ id }) => id)).toEqual(held.toReversed());
    }),
    { numRuns: 60 },
  );
}, 60_000);
