import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import {
  planned,
  plannedProvisioner,
  planOf,
  scriptedArtifact,
  scriptedBuilder,
  scriptedMachine,
} from "../../test/support/scripted-components.ts";
import { ScriptedRun } from "../../test/support/scripted-run.ts";
import { ownershipIn } from "./journal/ownership-record.ts";

const never = () => new Promise<never>(() => {});

test("builds that wait when the run is cancelled are not started", async () => {
  using place = new ScriptedRun();
  const started: string[] = [];
  const build = (name: string) => ({
    name,
    builder: planned(
      scriptedBuilder(async (build) => {
        started.push(name);
        place.orderly.abort("interrupt");
        await build.host.sleep(60_000, build.signal);
        return undefined;
      }),
    ),
  });
  const result = await place.run(planOf(build("one"), build("two"), build("three")), { parallelBuilds: 1 });
  expect(started).toEqual(["one"]);
  expect(result).toMatchObject({ outcome: "cancelled", counts: { cancelled: 3, failed: 0, succeeded: 0 } });
  expect(result.builds.map(({ reached }) => reached)).toEqual(["build", "waiting", "waiting"]);
  expect(place.eventsOf("cancelling")).toMatchObject([{ reason: "interrupt" }]);
});

test("what a builder made before it noticed the cancel is kept and told", async () => {
  using place = new ScriptedRun();
  const destroyed: string[] = [];
  const builder = scriptedBuilder(async () => {
    place.orderly.abort("interrupt");
    return scriptedArtifact("made", destroyed);
  });
  const result = await place.run(planOf({ builder: planned(builder) }));
  expect(result.builds[0]).toMatchObject({ outcome: "cancelled", artifacts: [{ id: "made" }] });
  expect(destroyed).toEqual([]);
});

test("a component that ignores its signal is left behind, named, and what it owns stays known to gc", async () => {
  using place = new ScriptedRun();
  const { things } = place;
  const builder = scriptedBuilder(async (build) => {
    await build.step("hang", "Hang about", async (step) => {
      await step.own(things.owned("late"));
      place.orderly.abort("interrupt");
      await never();
    });
    return undefined;
  });
  const result = await place.run(planOf({ builder: planned(builder) }), { grace: 20 });
  const [build] = result.builds;
  expect(build?.outcome).toBe("cancelled");
  expect(build?.error?.message).toContain('step "Hang about" did not stop within 0.02 s');
  expect(build?.left).toMatchObject([{ id: "late", byHand: "forget late" }]);
  expect(ownershipIn(place.events).owns.map(({ id }) => id)).toEqual(["late"]);
});

test("a builder that hangs outside of its steps is left behind, too", async () => {
  using place = new ScriptedRun();
  const builder = scriptedBuilder(async () => {
    place.orderly.abort("interrupt");
    return never();
  });
  const result = await place.run(planOf({ builder: planned(builder) }), { grace: 10 });
  expect(result.builds[0]?.error?.message).toContain('builder "scripted" did not stop');
});

test("a provisioner that ignores its time limit is left behind", async () => {
  using place = new ScriptedRun();
  const builder = scriptedBuilder(async (build) => {
    await build.provision(scriptedMachine());
    return undefined;
  });
  const plan = planOf({ builder: planned(builder), provisioners: [plannedProvisioner(never, { timeout: 10 })] });
  const result = await place.run(plan, { grace: 10 });
  expect(result.builds[0]?.outcome).toBe("failed");
  expect(result.builds[0]?.error?.message).toContain("did not stop within 0.01 s");
});

test("what a left-behind component does later owns nothing and disturbs nothing", async () => {
  using place = new ScriptedRun();
  const { promise, resolve } = Promise.withResolvers<void>();
  const afterwards: unknown[] = [];
  const builder = scriptedBuilder(async (build) => {
    await build.step("hang", "Hang about", async (step) => {
      place.orderly.abort("interrupt");
      await promise;
      await step.own(place.things.owned("too late")).catch((fault: unknown) => afterwards.push(String(fault)));
      step.say("still here");
      step.output("stdout", "line\n");
      throw new Error("nobody listens");
    });
    return undefined;
  });
  await place.run(planOf({ builder: planned(builder) }), { grace: 5 });
  resolve();
  await new Promise(setImmediate);
  expect(afterwards).toEqual(["Cancelled: what it belongs to has ended"]);
  expect(place.events.at(-1)?.type).toBe("run-finished");
});

test("the undo is shielded from the first Ctrl-C", async () => {
  using place = new ScriptedRun();
  const { things } = place;
  const builder = scriptedBuilder(async (build) => {
    await build.step("make", "Make", async (step) => {
      for (const id of ["one", "two"]) {
        await step.own(things.owned(id));
        things.existing.add(id);
      }
    });
    return undefined;
  });
  place.watch = (event) => {
    if (event.type === "step-started" && event.kind === "undo") place.orderly.abort("interrupt");
  };
  await place.run(planOf({ builder: planned(builder) }));
  expect(things.destroyed).toEqual(["two", "one"]);
});

test("the second Ctrl-C ends the undo, and what is left is listed with how to remove it", async () => {
  using place = new ScriptedRun();
  const { things } = place;
  things.kind.destroy = never;
  const builder = scriptedBuilder(async (build) => {
    await build.step("make", "Make", async (step) => {
      for (const id of ["one", "two"]) await step.own(things.owned(id));
    });
    return undefined;
  });
  place.watch = (event) => {
    if (event.type === "step-started" && event.kind === "undo") {
      place.orderly.abort("interrupt");
      place.now.abort("interrupt");
    }
  };
  const started = performance.now();
  const result = await place.run(planOf({ builder: planned(builder) }));
  // The promise to the user, not a measurement: a hung undo would never end.
  expect(performance.now() - started).toBeLessThan(2000);
  expect(result.builds[0]?.left.map(({ byHand }) => byHand)).toEqual(["forget two", "forget one"]);
  expect(place.eventsOf("undo-failed").map(({ byHand }) => byHand)).toEqual(["forget two", "forget one"]);
  expect(place.lines).toContain(
    "Stopped again: clean-up ends here, and what is left is listed. `ingot gc` removes it.",
  );
});

test("the clean-up provisioner survives the first Ctrl-C, and not the second", async () => {
  using place = new ScriptedRun();
  const history: string[] = [];
  const builder = scriptedBuilder(async (build) => {
    await build.provision(scriptedMachine());
    return undefined;
  });
  const cleanup = plannedProvisioner(async (work) => {
    place.orderly.abort("interrupt");
    await work.host.sleep(60, work.signal);
    history.push("still there");
    place.now.abort("interrupt");
    await work.host.sleep(60_000, work.signal);
  });
  const failing = plannedProvisioner(async () => {
    throw new Error("no");
  });
  const plan = planOf({ builder: planned(builder), provisioners: [failing], errorCleanupProvisioner: cleanup });
  await place.run(plan, { grace: 10 });
  expect(history).toEqual(["still there"]);
});

test("the run folder is there for post-processors and gone after them", async () => {
  using place = new ScriptedRun();
  const seen: string[] = [];
  const builder = scriptedBuilder(async (build) => {
    const folder = await build.runFolder();
    expect(await build.runFolder()).toBe(folder);
    expect(existsSync(folder)).toBe(true);
    seen.push(folder);
    return undefined;
  });
  await place.run(planOf({ builder: planned(builder) }));
  expect(seen.map((folder) => existsSync(folder))).toEqual([false]);
});
