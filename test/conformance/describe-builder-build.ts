import type { Build, MachineFactsForTemplates, Step, Work } from "../../src/sdk/component.ts";
import { Failure } from "../../src/sdk/failure.ts";
import type { Host } from "../../src/sdk/host.ts";
import type { Machine } from "../../src/sdk/machine.ts";
import type { Owned, OwnedKind } from "../../src/sdk/owned.ts";

/** A build for one builder alone, without the engine: it notes what it was told, and undoes what is owned at its end. */
export interface TestBuild {
  readonly build: Build;
  readonly said: string[];
  readonly warned: string[];
  readonly printed: string[];
  /** Everything that was ever owned, in order. */
  readonly owned: Owned[];
  /** Data that was journaled later replaces the first. What is owned now. */
  holding(): Owned[];
  /** What was handed over to the artifact. */
  readonly handedOver: Owned[];
  /** Facts of the machine that was provisioned. */
  facts(): MachineFactsForTemplates | undefined;
  cancel(reason: Error): void;
  /** Ends what is still owned, newest first, as the engine would. */
  undo(): Promise<void>;
}

export interface TestBuildOptions {
  readonly host: Host;
  readonly kinds: readonly OwnedKind[];
  /** Stands for the provisioners. */
  readonly provision?: (machine: Machine, signal: AbortSignal) => Promise<void>;
  /** Called before each ownership is taken as journaled: throwing makes the journal fail. */
  readonly beforeOwn?: (owned: Owned) => void;
}

export function testBuild(options: TestBuildOptions): TestBuild {
  const { host } = options;
  const controller = new AbortController();
  const said: string[] = [];
  const warned: string[] = [];
  const printed: string[] = [];
  const owned: Owned[] = [];
  const handedOver: Owned[] = [];
  const holding = new Map<string, Owned>();
  let facts: MachineFactsForTemplates | undefined;

  const kindOf = (name: string): OwnedKind => {
    const kind = options.kinds.find((each) => each.kind === name);
    if (kind === undefined) throw new Error(`The builder owns a ${name}, and does not say so in "owns"`);
    return kind;
  };
  const key = (thing: Owned) => `${thing.kind} ${thing.id}`;
  const work: Work = {
    host,
    signal: controller.signal,
    say: (text) => void said.push(text),
    warn: (text) => void warned.push(text),
    output: (_stream, chunk) => void printed.push(Buffer.from(chunk).toString("utf8")),
    progress: () => ({ update() {}, done() {} }),
    secret() {},
  };
  const step: Step = {
    ...work,
    async own(thing) {
      options.beforeOwn?.(thing);
      owned.push(thing);
      holding.set(key(thing), thing);
      return {
        owned: thing,
        async update(data) {
          holding.set(key(thing), { ...thing, data });
        },
        async destroy() {
          const current = holding.get(key(thing));
          if (current === undefined) return;
          await kindOf(thing.kind).destroy(current, host, AbortSignal.timeout(30_000));
          holding.delete(key(thing));
        },
        async release() {
          holding.delete(key(thing));
        },
        async handOver() {
          const current = holding.get(key(thing)) ?? thing;
          holding.delete(key(thing));
          handedOver.push(current);
          await kindOf(thing.kind).settle?.(current, host, AbortSignal.timeout(30_000));
        },
      };
    },
  };
  const nobody = async (): Promise<never> => {
    throw new Failure("There is nobody to ask");
  };
  const build: Build = {
    ...work,
    facts: {
      name: "test.builder",
      sourceName: "test",
      builderType: "test",
      runId: "00000000-0000-4000-8000-000000000000",
      templateFolder: host.cwd,
      force: false,
      debug: false,
    },
    interaction: { available: false, pause: nobody, choose: nobody },
    runFolder: () => host.files.makeTemporaryFolder("ingot-run-"),
    async step(_id, _title, run) {
      controller.signal.throwIfAborted();
      return run(step);
    },
    async provision(machine) {
      facts = machine.facts;
      await options.provision?.(machine, controller.signal);
      controller.signal.throwIfAborted();
      return machine;
    },
  };
  return {
    build,
    said,
    warned,
    printed,
    owned,
    handedOver,
    holding: () => [...holding.values()],
    facts: () => facts,
    cancel: (reason) => controller.abort(reason),
    async undo() {
      const faults: unknown[] = [];
      for (const thing of [...holding.values()].reverse()) {
        try {
          await kindOf(thing.kind).destroy(thing, host, AbortSignal.timeout(30_000));
          holding.delete(key(thing));
        } catch (fault) {
          faults.push(fault);
        }
      }
      if (faults.length > 0) throw faults[0];
    },
  };
}
