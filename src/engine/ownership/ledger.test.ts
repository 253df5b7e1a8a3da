import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Happening, RunEvent } from "../../sdk/events.ts";
import { Cancelled, Failure, TimedOut } from "../../sdk/failure.ts";
import { localHost } from "../../sdk/local-host/local-host.ts";
import type { Owned, OwnedKind, Ownership } from "../../sdk/owned.ts";
import { ownershipIn } from "../journal/ownership-record.ts";
import { openLedger, type Scope } from "./ledger.ts";

const never = new AbortController().signal;
const thing = (id: string, data: Owned["data"] = {}): Owned => ({ kind: "thing", id, mark: `mark-${id}`, data });

describe("owning", () => {
  test("is on record before it resolves", async () => {
    const world = new World();
    world.recording = Promise.withResolvers<void>();
    const owning = world.root.own(thing("a"));
    await tick();
    expect(world.root.holds).toEqual([]);
    world.recording.resolve();
    const { owned } = await owning;
    expect(world.events).toEqual([{ type: "owned", owned: thing("a") }]);
    expect(world.root.holds).toEqual([owned]);
  });

  test("does not happen where it cannot be recorded", async () => {
    const world = new World();
    world.fault = new Failure("the disk is full");
    await expect(world.root.own(thing("a"))).rejects.toThrow("the disk is full");
    expect(world.root.holds).toEqual([]);
    world.fault = undefined;
    await world.root.own(thing("a"));
  });

  test("twice at a time, or of a kind that nobody knows, is a bug", async () => {
    const { root } = new World();
    await root.own(thing("a"));
    await expect(root.own(thing("a"))).rejects.not.toThrow(Failure);
    await expect(root.own({ ...thing("b"), kind: "other" })).rejects.toThrow('list the kind in "owns"');
  });

  test("is over with the undo: nothing is made for what has ended", async () => {
    const world = new World();
    const step = world.root.within("b");
    world.recording = Promise.withResolvers<void>();
    const owning = step.own(thing("late"));
    await tick();
    const undo = world.root.undo({ signal: never });
    world.recording.resolve();
    await expect(owning).rejects.toThrow(Cancelled);
    await expect(step.own(thing("later"))).rejects.toThrow(Cancelled);
    expect((await undo).left).toEqual([]);
    expect(ownershipIn(world.events).owns).toEqual([]);
  });

  test("names the build of its scope, and is held by all scopes around it", async () => {
    const world = new World();
    const build = world.root.within("docker.base");
    const step = build.within();
    await step.own(thing("a"));
    expect(world.events).toEqual([{ type: "owned", owned: thing("a"), build: "docker.base" }]);
    for (const scope of [world.root, build, step]) expect(scope.holds).toEqual([thing("a")]);
    expect(world.root.within("other").holds).toEqual([]);
  });
});

describe("an ownership", () => {
  test("is kept up to date, members that are not named staying", async () => {
    const world = new World();
    const ownership = await world.root.own(thing("a", { token: "t" }));
    await ownership.update({ address: "x" });
    expect(ownership.owned.data).toEqual({ token: "t", address: "x" });
    expect(ownershipIn(world.events).owns).toEqual([thing("a", { token: "t", address: "x" })]);
  });

  test("ends once, however often it is asked to", async () => {
    const world = new World();
    const ownership = await world.root.own(thing("a"));
    await Promise.all([ownership.destroy(), ownership.destroy(), world.root.undo({ signal: never })]);
    expect(world.destroyed).toEqual(["a"]);
    expect(world.events.filter(({ type }) => type === "released").length).toBe(1);
  });

  test("that was handed over is on record before its mark goes, and is never destroyed", async () => {
    const world = new World();
    const ownership = await world.root.own(thing("a"));
    await ownership.handOver();
    expect(world.settledAfter).toEqual(["owned released:handed-over"]);
    expect(world.events.map(nameOf).at(-1)).toBe("released:released");
    await world.root.undo({ signal: never });
    await expect(ownership.destroy()).rejects.toThrow("handed over");
    expect(world.destroyed).toEqual([]);
  });

  test("whose mark did not go is left to gc", async () => {
    const world = new World();
    world.settleFault = new Failure("the daemon is gone");
    const ownership = await world.root.own(thing("a"));
    await expect(ownership.handOver()).rejects.toThrow("the daemon is gone");
    expect((await world.root.undo({ signal: never })).left).toEqual([]);
    expect(ownershipIn(world.events)).toEqual({ owns: [], unsettled: [thing("a")] });
  });

  test("of what is gone cannot be handed over", async () => {
    const { root } = new World();
    const ownership = await root.own(thing("a"));
    await ownership.destroy();
    await expect(ownership.handOver()).rejects.toThrow("is gone");
  });

  test("stays where destroying failed, and is undone later", async () => {
    const world = new World();
    const ownership = await world.root.own(thing("a"));
    world.destroyFaults.set("a", new Failure("busy"));
    await expect(ownership.destroy()).rejects.toThrow("busy");
    world.destroyFaults.clear();
    expect((await world.root.undo({ signal: never })).left).toEqual([]);
    expect(world.destroyed).toEqual(["a"]);
  });
});

describe("undo", () => {
  test("goes from the newest to the oldest, through all scopes within", async () => {
    const world = new World();
    const [first, second] = [world.root.within(), world.root.within()];
    await first.own(thing("a"));
    await second.own(thing("b"));
    await first.own(thing("c"));
    await world.root.undo({ signal: never });
    expect(world.destroyed).toEqual(["c", "b", "a"]);
  });

  test("of one scope leaves the others alone", async () => {
    const world = new World();
    const [first, second] = [world.root.within(), world.root.within()];
    await first.own(thing("a"));
    await second.own(thing("b"));
    await first.undo({ signal: never });
    expect(world.root.holds).toEqual([thing("b")]);
    await second.own(thing("c"));
  });

  test("goes on behind a fault, and says what is left and how to remove it", async () => {
    const world = new World();
    for (const id of ["a", "b", "c"]) await world.root.own(thing(id));
    const fault = new Failure("busy", { hint: "wait" });
    world.destroyFaults.set("b", fault);
    const { left } = await world.root.undo({ signal: never });
    expect(left).toEqual([{ owned: thing("b"), what: "thing b", byHand: "remove b", error: fault }]);
    expect(world.destroyed).toEqual(["c", "a"]);
    expect(world.events.find(({ type }) => type === "undo-failed")).toEqual({
      type: "undo-failed",
      owned: thing("b"),
      what: "thing b",
      byHand: "remove b",
      error: { message: "busy", hint: "wait" },
    });
    expect(ownershipIn(world.events).owns).toEqual([thing("b")]);
  });

  test("does not wait for what takes longer than its limit, even where that heeds no signal", async () => {
    const world = new World();
    for (const id of ["a", "b"]) await world.root.own(thing(id));
    world.hangs.add("b");
    const { left } = await world.root.undo({ signal: never, timeLimit: 20 });
    expect(left.map(({ owned, error }) => [owned.id, error instanceof TimedOut])).toEqual([["b", true]]);
    expect(world.destroyed).toEqual(["a"]);
  });

  test("ends at the second Ctrl-C and lists the rest", async () => {
    const world = new World();
    for (const id of ["a", "b", "c"]) await world.root.own(thing(id));
    world.hangs.add("b");
    const second = new AbortController();
    world.onDestroy = (id) => id === "b" && second.abort();
    const { left } = await world.root.undo({ signal: second.signal });
    expect(left.map(({ owned }) => owned.id)).toEqual(["b", "a"]);
    expect(world.destroyed).toEqual(["c"]);
  });

  test("throws nothing, whatever the kind throws", async () => {
    const world = new World();
    world.wordFault = true;
    await world.root.own(thing("a"));
    world.destroyFaults.set("a", "no error at all");
    expect((await world.root.undo({ signal: never })).left).toMatchObject([{ what: "thing a", byHand: "" }]);
  });
});

// The law: what exists and carries our mark is in the journal, at every moment; what was handed over is never destroyed.
test("a run that dies at any moment left nothing that its journal does not own", async () => {
  const deed = fc.record({
    what: fc.constantFrom(
      "make",
      "make",
      "destroy",
      "handOver",
      "release",
      "update",
      "undo-scope",
      "fail",
      "heal",
      "yield",
    ),
    which: fc.nat(9),
    scope: fc.nat(2),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { maxLength: 25 }), async (deeds) => {
      const world = new World();
      world.checks = true;
      const scopes: Scope[] = [world.root.within("a"), world.root.within("b")];
      scopes.push((scopes[0] ?? world.root).within());
      const ownerships: Ownership[] = [];
      const going: Promise<unknown>[] = [];
      for (const { what, which, scope } of deeds) {
        const ownership = ownerships[which % Math.max(1, ownerships.length)];
        const go = (work: Promise<unknown> | undefined): void => void (work && going.push(work.catch(() => {})));
        if (what === "make") {
          // Waited for, as steps do; the rest is left to itself.
          const made = scopes[scope]?.own(thing(`t${ownerships.length}`)).then(
            (own) => {
              world.make(own.owned.id);
              ownerships.push(own);
            },
            () => {},
          );
          await made;
        } else if (what === "destroy") go(ownership?.destroy());
        else if (what === "handOver") go(ownership?.handOver());
        else if (what === "release" && ownership) {
          go(
            ownership
              .release()
              .then(() => world.existing.get(ownership.owned.id) === "marked" && world.give(ownership)),
          );
        } else if (what === "update") go(ownership?.update({ n: which }));
        else if (what === "undo-scope") {
          go(scopes[scope]?.undo({ signal: never }));
          scopes[scope] = world.root.within();
        } else if (what === "fail") world.destroyFaults.set(`t${which}`, new Failure("busy"));
        else if (what === "heal") world.destroyFaults.clear();
        else await tick();
      }
      await Promise.all(going);
      world.destroyFaults.clear();
      expect((await world.root.undo({ signal: never })).left).toEqual([]);
      expect([...world.existing.values()].filter((state) => state === "marked")).toEqual([]);
      expect(ownershipIn(world.events)).toEqual({ owns: [], unsettled: [] });
      expect(world.violations).toEqual([]);
    }),
    { numRuns: 400 },
  );
});

/** Things that exist or not, a journal in memory, and faults on demand. */
class World {
  readonly events: RunEvent[] = [];
  /** Marked: ours, in the making. Product: handed over. Given: someone else's. */
  readonly existing = new Map<string, "marked" | "product" | "given">();
  readonly destroyed: string[] = [];
  readonly settledAfter: string[] = [];
  readonly destroyFaults = new Map<string, unknown>();
  readonly hangs = new Set<string>();
  onDestroy: (id: string) => void = () => {};
  settleFault: Failure | undefined;
  wordFault = false;
  fault: Failure | undefined;
  recording: PromiseWithResolvers<void> | undefined;
  /** Looks at the law after every record: the moments at which a run may die. */
  checks = false;
  readonly violations: string[] = [];
  readonly root = openLedger({
    host: localHost(),
    kind: (name) => (name === "thing" ? this.kind() : undefined),
    record: async (event) => {
      await this.recording?.promise;
      if (this.fault) throw this.fault;
      await tick();
      this.journal(event);
    },
    emit: (event) => this.journal(event),
  });

  make(id: string): void {
    this.existing.set(id, "marked");
    this.look();
  }

  give(ownership: Ownership): void {
    this.existing.set(ownership.owned.id, "given");
  }

  private journal(event: Happening & { readonly build?: string }): void {
    this.events.push({ ...event } as RunEvent);
    if (event.type === "released" && event.how === "handed-over") this.existing.set(event.id, "product");
    if (event.type === "released" && event.how === "released" && this.existing.get(event.id) === "marked") {
      this.existing.set(event.id, "given");
    }
    this.look();
  }

  private look(): void {
    if (!this.checks) return;
    const known = new Set(ownershipIn(this.events).owns.map(({ id }) => id));
    for (const [id, state] of this.existing) {
      if (state === "marked" && !known.has(id)) this.violations.push(`${id} exists and nobody owns it`);
      if (state !== "marked" && known.has(id))
        this.violations.push(`${id} is not ours any more, and gc would destroy it`);
    }
  }

  private kind(): OwnedKind {
    return {
      kind: "thing",
      describe: ({ id }) => this.word(`thing ${id}`),
      removeByHand: ({ id }) => this.word(`remove ${id}`),
      destroy: async ({ id }) => {
        this.onDestroy(id);
        if (this.hangs.has(id)) await new Promise(() => {});
        await tick();
        if (this.destroyFaults.has(id)) throw this.destroyFaults.get(id);
        const state = this.existing.get(id);
        if (state !== "marked" && state !== undefined) this.violations.push(`${id} is not ours to destroy`);
        this.destroyed.push(id);
        return this.existing.delete(id) ? "destroyed" : "gone";
      },
      settle: async () => {
        this.settledAfter.push(this.events.map(nameOf).join(" "));
        if (this.settleFault) throw this.settleFault;
      },
    };
  }

  private word(text: string): string {
    if (this.wordFault) throw new Error("no words");
    return text;
  }
}

function nameOf(event: RunEvent): string {
  return event.type === "released" ? `released:${event.how}` : event.type;
}

async function tick(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
