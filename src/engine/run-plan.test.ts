import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
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
import { ScriptedRun } from "../../test/support/scripted-run.ts";
import { Failure } from "../sdk/failure.ts";

test("a build goes from steps through provisioning and undo to post-processing, and everything is an event", async () => {
  using place = new ScriptedRun();
  const { things } = place;
  const builder = scriptedBuilder(async (build) => {
    build.say("Starting");
    await build.step("make", "Make the thing", async (step) => {
      await step.own(things.owned("one"));
      things.existing.add("one");
      return { id: "one" };
    });
    await build.provision(scriptedMachine());
    return scriptedArtifact("product");
  });
  const plan = planOf({
    builder: planned(builder),
    provisioners: [plannedProvisioner(async (work) => work.output("stdout", "hel"), { as: "shell" })],
    postProcessors: [
      [
        plannedPostProcessor(
          async (artifact, work) => {
            work.say(`gone: ${!things.existing.has("one")}`);
            return { artifact, keepInput: true, mustKeepInput: true };
          },
          { as: "manifest" },
        ),
      ],
    ],
  });

  const result = await place.run(plan);

  expect(result).toMatchObject({ outcome: "succeeded", counts: { succeeded: 1, failed: 0, cancelled: 0 }, faults: [] });
  expect(result.builds[0]).toMatchObject({
    outcome: "succeeded",
    reached: "end",
    artifacts: [{ builderId: "test.scripted", id: "product" }],
    left: [],
  });
  expect(place.events.map((event) => (event.type === "line" ? `line ${event.text}` : event.type))).toEqual([
    "run-started",
    "build-started",
    "line Starting",
    "step-started",
    "owned",
    "step-finished",
    "step-started",
    "step-finished",
    "step-started",
    "line hel",
    "step-finished",
    "step-started",
    "released",
    "step-finished",
    "line Running post-processor:  (type manifest)",
    "step-started",
    "line gone: true",
    "step-finished",
    "artifact",
    "build-finished",
    "run-finished",
  ]);
  expect(place.eventsOf("step-finished").map(({ step, outcome, attempts }) => [step, outcome, attempts])).toEqual([
    ["make", "succeeded", 1],
    ["connect", "succeeded", 1],
    ["provisioner-1-shell", "succeeded", 1],
    ["undo", "succeeded", 1],
    ["post-processor-1-1-manifest", "succeeded", 1],
  ]);
  expect(place.eventsOf("step-finished")[0]?.result).toEqual({ id: "one" });
  expect(place.lines.every((line) => !line.includes("\n"))).toBe(true);
  const target = place.eventsOf("line").at(-1)?.target;
  expect(target).toBe("scripted.test (manifest)");
});

test("the journal holds what was shown, but for progress", async () => {
  using place = new ScriptedRun();
  const builder = scriptedBuilder(async (build) => {
    build.progress("Copy").done();
    build.say("hello");
    return undefined;
  });
  const { runId } = await place.run(planOf({ builder: planned(builder) }));
  const runs = join(place.folder, "state", "runs");
  expect(readdirSync(runs)).toEqual([runId]);
  const text = readFileSync(join(runs, runId ?? "", "journal.jsonl"), "utf8");
  const shown = place.events.filter(({ type }) => type !== "progress").map(({ type }) => type);
  const types = [...text.matchAll(/"event":\{"type":"([a-z-]+)"/g)].map(([, type]) => type);
  expect(types).toEqual(shown);
});

test("one build that fails stops no other, and results are in the order of the template", async () => {
  using place = new ScriptedRun();
  const ok = (name: string, milliseconds: number) => ({
    name,
    builder: planned(
      scriptedBuilder(async (build) => {
        await build.host.sleep(milliseconds, build.signal);
        return scriptedArtifact(name);
      }),
    ),
  });
  const failing = {
    name: "bad",
    builder: planned(
      scriptedBuilder(async (build) => {
        await build.step("pull", "Pull image", async () => {
          throw new Failure("no such image", { hint: "Check its name." });
        });
        return undefined;
      }),
    ),
  };
  const buggy = {
    name: "buggy",
    builder: planned(scriptedBuilder(() => Promise.reject(new TypeError("x is undefined")))),
  };
  const result = await place.run(planOf(ok("slow", 30), failing, buggy, ok("fast", 0)));
  expect(result.outcome).toBe("failed");
  expect(result.builds.map(({ name, outcome }) => [name, outcome])).toEqual([
    ["slow", "succeeded"],
    ["bad", "failed"],
    ["buggy", "failed"],
    ["fast", "succeeded"],
  ]);
  expect(result.builds[1]?.error).toEqual({ message: "Pull image: no such image", hint: "Check its name." });
  expect(result.builds[2]?.error?.bug).toContain("TypeError: x is undefined");
});

test("what cannot be configured is shown and not run, the rest runs, and the run has failed", async () => {
  using place = new ScriptedRun();
  const ran: string[] = [];
  const good = { name: "good", builder: planned(scriptedBuilder(async () => void ran.push("good") as undefined)) };
  const bad = {
    name: "bad",
    builder: planned(
      scriptedBuilder(async () => void ran.push("bad") as undefined),
      async (_context, diagnostics) => {
        diagnostics.error({ code: "missing", summary: "Missing required argument", detail: "image is required." });
        return undefined;
      },
    ),
  };
  const result = await place.run(planOf(bad, good));
  expect(ran).toEqual(["good"]);
  expect(result).toMatchObject({ outcome: "failed", counts: { succeeded: 1, failed: 1 } });
  expect(result.builds[0]).toMatchObject({ outcome: "failed", reached: "configure" });
  expect(place.eventsOf("run-started")[0]?.builds).toEqual(["good"]);
  expect(place.eventsOf("diagnostic")).toMatchObject([{ severity: "error", build: "bad" }]);
});

test("a run in which nothing can be configured leaves no journal", async () => {
  using place = new ScriptedRun();
  const bad = planned(
    scriptedBuilder(async () => undefined),
    async () => {
      throw new Failure("the plugin does not start");
    },
  );
  const result = await place.run(planOf({ builder: bad }));
  expect(result.outcome).toBe("failed");
  expect(result.runId).toBeUndefined();
  expect(existsSync(join(place.folder, "state"))).toBe(false);
  expect(place.events.map(({ type }) => type)).toEqual(["diagnostic"]);
});

test("two builds of one name both keep their results and their events", async () => {
  using place = new ScriptedRun();
  const build = (id: string) => ({ builder: planned(scriptedBuilder(async () => scriptedArtifact(id))) });
  const result = await place.run(planOf(build("a"), build("b")));
  expect(result.builds.map(({ name, artifacts }) => [name, artifacts[0]?.id])).toEqual([
    ["scripted.test", "a"],
    ["scripted.test (2)", "b"],
  ]);
});

test("-parallel-builds bounds how many run at once, and -debug is one", async () => {
  using place = new ScriptedRun();
  let running = 0;
  let most = 0;
  const builder = scriptedBuilder(async (build) => {
    most = Math.max(most, ++running);
    await build.host.sleep(5, build.signal);
    running--;
    return undefined;
  });
  const builds = Array.from({ length: 6 }, (_, index) => ({ name: `b${index}`, builder: planned(builder) }));
  await place.run(planOf(...builds), { parallelBuilds: 2 });
  expect(most).toBe(2);
  most = 0;
  await place.run(planOf(...builds), { debug: true });
  expect(most).toBe(1);
});

test("secrets that come up while it works are masked in events, journal and result", async () => {
  using place = new ScriptedRun();
  const builder = scriptedBuilder(async (build) => {
    build.secret("hunter2hunter2");
    build.say("the password is hunter2hunter2");
    await build.step("login", "Log in as hunter2hunter2", async () => {
      throw new Failure("hunter2hunter2 was refused", { cause: new Error("bad: hunter2hunter2") });
    });
    return undefined;
  });
  const result = await place.run(planOf({ builder: planned(builder) }));
  const journal = readFileSync(join(place.folder, "state", "runs", result.runId ?? "", "journal.jsonl"), "utf8");
  expect(result.outcome).toBe("failed");
  expect(JSON.stringify(place.events) + JSON.stringify(result) + journal).not.toContain("hunter2");
  expect(place.lines).toContain("the password is <sensitive>");
});

test("a renderer that throws harms no build, and is reported once", async () => {
  using place = new ScriptedRun();
  place.watch = () => {
    throw new Error("broken renderer");
  };
  const result = await place.run(planOf({ builder: planned(scriptedBuilder(async () => scriptedArtifact("a"))) }));
  expect(result.outcome).toBe("succeeded");
  expect(result.faults.map(({ message }) => message)).toEqual(["broken renderer"]);
});

test("an error that nothing waited for ends the build that it belongs to, and no other", async () => {
  using place = new ScriptedRun();
  place.uncaught = (listener) => {
    const before = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    process.on("unhandledRejection", listener);
    return () => {
      process.removeAllListeners("unhandledRejection");
      for (const one of before) process.on("unhandledRejection", one);
    };
  };
  const careless = scriptedBuilder(async (build) => {
    await build.step("wait", "Wait", async (step) => {
      // What a component must not do: a promise that nobody waits for.
      const lost = step.host.sleep(1, step.signal).then(() => {
        throw new TypeError("lost");
      });
      void lost;
      await step.host.sleep(60_000, step.signal);
    });
    return undefined;
  });
  const other = scriptedBuilder(async (build) => {
    await build.host.sleep(30, build.signal);
    return undefined;
  });
  const result = await place.run(
    planOf({ name: "careless", builder: planned(careless) }, { name: "other", builder: planned(other) }),
  );
  expect(result.builds.map(({ outcome }) => outcome)).toEqual(["failed", "succeeded"]);
  expect(result.builds[0]?.error?.bug).toContain("TypeError: lost");
});
