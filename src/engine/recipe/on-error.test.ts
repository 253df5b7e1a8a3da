import { expect, test } from "vitest";
import {
  planned,
  plannedPostProcessor,
  plannedProvisioner,
  planOf,
  scriptedArtifact,
  scriptedBuilder,
  scriptedMachine,
} from "../../../test/support/scripted-components.ts";
import { personWhoAnswers, ScriptedRun } from "../../../test/support/scripted-run.ts";
import type { Build } from "../../sdk/component.ts";
import { Failure } from "../../sdk/failure.ts";
import type { Plan } from "../../template/plan.ts";
import { ownershipIn } from "../journal/ownership-record.ts";

const plan = (run: (build: Build) => Promise<unknown>, parts: Partial<Plan["builds"][number]> = {}): Plan =>
  planOf({
    builder: planned(
      scriptedBuilder(async (build) => {
        await run(build);
        return undefined;
      }),
    ),
    ...parts,
  });

/** Makes a thing in a step, then fails. */
function makesAndFails(
  place: ScriptedRun,
  id = "one",
  fault: Error = new Failure("no"),
): (build: Build) => Promise<void> {
  return (build) =>
    build.step("make", "Make it", async (step) => {
      await step.own(place.things.owned(id));
      place.things.existing.add(id);
      throw fault;
    });
}

test("-on-error=cleanup removes what the build owned", async () => {
  using place = new ScriptedRun();
  const result = await place.run(plan(makesAndFails(place)));
  expect(place.things.destroyed).toEqual(["one"]);
  expect(result.builds[0]?.left).toEqual([]);
});

test.each(["abort", "run-cleanup-provisioner"] as const)(
  "-on-error=%s leaves all, lists all with how to remove it, and gc still finds it in the journal",
  async (onError) => {
    using place = new ScriptedRun();
    const result = await place.run(plan(makesAndFails(place)), { onError });
    expect(place.things.destroyed).toEqual([]);
    expect(result.builds[0]?.left).toEqual([{ kind: "thing", id: "one", what: "thing one", byHand: "forget one" }]);
    expect(place.eventsOf("undo-failed")).toMatchObject([
      { what: "thing one", byHand: "forget one", error: { message: `left in place, as -on-error=${onError} says` } },
    ]);
    expect(ownershipIn(place.events).owns.map(({ id }) => id)).toEqual(["one"]);
  },
);

test("-on-error=abort is about errors: a cancelled build is cleaned up", async () => {
  using place = new ScriptedRun();
  const cancelled = async (build: Build) => {
    await build.step("make", "Make it", async (step) => {
      await step.own(place.things.owned("one"));
      place.things.existing.add("one");
      place.orderly.abort("interrupt");
      await step.host.sleep(60_000, step.signal);
    });
  };
  const result = await place.run(plan(cancelled), { onError: "abort" });
  expect(result.outcome).toBe("cancelled");
  expect(place.things.destroyed).toEqual(["one"]);
});

test("-on-error=ask: a retry undoes what the failed attempt owned, and its success is the step's", async () => {
  using place = new ScriptedRun();
  const asked: string[] = [];
  place.interaction = personWhoAnswers(["r", "r"], asked);
  let attempts = 0;
  const result = await place.run(
    plan((build) =>
      build.step("make", "Make it", async (step) => {
        await step.own(place.things.owned(`try ${++attempts}`));
        place.things.existing.add(`try ${attempts}`);
        if (attempts < 3) throw new Failure("no luck");
      }),
    ),
    { onError: "ask" },
  );
  expect(result.outcome).toBe("succeeded");
  expect(place.things.destroyed).toEqual(["try 1", "try 2", "try 3"]);
  expect(place.eventsOf("step-finished")[0]).toMatchObject({ step: "make", outcome: "succeeded", attempts: 3 });
  expect(asked).toEqual(Array(2).fill('scripted.test: "Make it" failed: no luck'));
});

test.each([
  ["a", []],
  ["c", ["one"]],
])("-on-error=ask: after %s, what is destroyed is %j, and a person is asked once", async (answer, destroyed) => {
  using place = new ScriptedRun();
  const asked: string[] = [];
  place.interaction = personWhoAnswers([answer], asked);
  await place.run(plan(makesAndFails(place)), { onError: "ask" });
  expect(place.things.destroyed).toEqual(destroyed);
  expect(asked).toHaveLength(1);
});

test("-on-error=ask asks once also where the builder wraps the fault, or two faults became one", async () => {
  using place = new ScriptedRun();
  const asked: string[] = [];
  place.interaction = personWhoAnswers(["c", "c"], asked);
  const wraps = async (build: Build) => {
    try {
      await makesAndFails(place)(build);
    } catch (cause) {
      throw new Failure("it cannot be made", { cause });
    }
  };
  await place.run(plan(wraps), { onError: "ask" });
  expect(asked).toHaveLength(1);
  const fails = async () => {
    throw new Failure("no");
  };
  const provisions = (build: Build) => build.provision(scriptedMachine());
  const parts = { provisioners: [plannedProvisioner(fails)], errorCleanupProvisioner: plannedProvisioner(fails) };
  await place.run(plan(provisions, parts), { onError: "ask" });
  expect(asked).toHaveLength(2);
});

test("-on-error=ask: only the provisioner that failed runs again", async () => {
  using place = new ScriptedRun();
  place.interaction = personWhoAnswers(["r"]);
  const ran: string[] = [];
  const result = await place.run(
    plan((build) => build.provision(scriptedMachine()), {
      provisioners: [
        plannedProvisioner(async () => void ran.push("first")),
        plannedProvisioner(async () => {
          ran.push("second");
          if (ran.length === 2) throw new Failure("once");
        }),
      ],
    }),
    { onError: "ask" },
  );
  expect(result.outcome).toBe("succeeded");
  expect(ran).toEqual(["first", "second", "second"]);
});

test("-on-error=ask: a post-processor can run again, too", async () => {
  using place = new ScriptedRun();
  place.interaction = personWhoAnswers(["r"]);
  let attempts = 0;
  const push = plannedPostProcessor(async (artifact) => {
    if (++attempts === 1) throw new Failure("connection reset");
    return { artifact, keepInput: true, mustKeepInput: true };
  });
  const builder = planned(scriptedBuilder(async () => scriptedArtifact("built")));
  const result = await place.run(planOf({ builder, postProcessors: [[push]] }), { onError: "ask" });
  expect(result.outcome).toBe("succeeded");
  expect(attempts).toBe(2);
});

test("-on-error=ask without a terminal cleans up", async () => {
  using place = new ScriptedRun();
  await place.run(plan(makesAndFails(place)), { onError: "ask" });
  expect(place.things.destroyed).toEqual(["one"]);
});

test("running an outer step again undoes what the steps within it owned", async () => {
  using place = new ScriptedRun();
  place.interaction = personWhoAnswers(["r"]);
  let attempts = 0;
  const nested = (build: Build) =>
    build.step("outer", "Outer", async () => {
      const attempt = ++attempts;
      await build.step("inner", "Inner", async (step) => {
        await step.own(place.things.owned(`inner ${attempt}`));
        place.things.existing.add(`inner ${attempt}`);
      });
      if (attempt === 1) throw new Failure("no");
      expect([...place.things.existing]).toEqual(["inner 2"]);
    });
  const result = await place.run(plan(nested), { onError: "ask" });
  expect(result.outcome).toBe("succeeded");
});

test("-debug pauses before each step, provisioner and clean-up, and goes on without a terminal", async () => {
  using place = new ScriptedRun();
  const asked: string[] = [];
  place.interaction = personWhoAnswers([], asked);
  const recipe = async (build: Build) => {
    await build.step("make", "Make it", (step) => step.own(place.things.owned("one")).then(() => undefined));
    await build.provision(scriptedMachine());
  };
  const provisioners = [plannedProvisioner(async () => {}, { as: "shell" })];
  await place.run(plan(recipe, { provisioners }), { debug: true });
  expect(asked).toEqual([
    "scripted.test: Pausing before step 'Make it'. Press enter to continue.",
    "scripted.test: Pausing before the next provisioner (shell). Press enter to continue.",
    "scripted.test: Pausing before clean-up. Press enter to continue.",
  ]);
  place.interaction = { ...place.interaction, available: false };
  expect((await place.run(plan(recipe, { provisioners }), { debug: true })).outcome).toBe("succeeded");
});
