import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunOptions } from "../../src/engine/run-options.ts";
import { runPlan } from "../../src/engine/run-plan.ts";
import type { RunResult } from "../../src/engine/run-result.ts";
import type { World } from "../../src/engine/world.ts";
import type { Interaction } from "../../src/sdk/component.ts";
import type { RunEvent } from "../../src/sdk/events.ts";
import { Failure } from "../../src/sdk/failure.ts";
import { localHost } from "../../src/sdk/local-host/local-host.ts";
import { temporaryPathKind } from "../../src/sdk/temporary-path.ts";
import type { Plan } from "../../src/template/plan.ts";
import { ThingsInMemory } from "./scripted-components.ts";

/** A place to run plans in: real files and journal in a folder of its own, removed at the end. */
export class ScriptedRun implements Disposable {
  readonly folder: string = mkdtempSync(join(tmpdir(), "ingot-engine-"));
  readonly events: RunEvent[] = [];
  readonly things: ThingsInMemory = new ThingsInMemory();
  readonly orderly: AbortController = new AbortController();
  readonly now: AbortController = new AbortController();
  interaction: Interaction = NOBODY;
  uncaught: World["uncaught"];
  /** Sees each event as it comes. */
  watch: (event: RunEvent) => void = () => {};

  async run(plan: Plan, options: Partial<RunOptions> = {}): Promise<RunResult> {
    const environment = { ...process.env, INGOT_STATE_DIR: join(this.folder, "state"), TMPDIR: this.folder };
    return runPlan(
      plan,
      {
        parallelBuilds: 0,
        onError: "cleanup",
        debug: false,
        force: false,
        ingot: "0.0.0",
        arguments: [],
        grace: 2000,
        ...options,
      },
      {
        host: localHost({ cwd: this.folder, environment }),
        ownedKinds: { thing: async () => this.things.kind, "temporary-path": async () => temporaryPathKind },
        emit: (event) => {
          this.events.push(event);
          this.watch(event);
        },
        interaction: this.interaction,
        signals: { orderly: this.orderly.signal, now: this.now.signal },
        ...(this.uncaught && { uncaught: this.uncaught }),
      },
    );
  }

  eventsOf<T extends RunEvent["type"]>(type: T): Extract<RunEvent, { type: T }>[] {
    return this.events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type);
  }

  /** What was said, all levels. */
  get lines(): string[] {
    return this.eventsOf("line").map(({ text }) => text);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const NOBODY: Interaction = {
  available: false,
  pause: async () => {
    throw new Failure("nobody is here");
  },
  choose: async () => {
    throw new Failure("nobody is here");
  },
};

/** A person who gives these answers, and presses Enter at every pause. */
export function personWhoAnswers(answers: string[], asked: string[] = []): Interaction {
  return {
    available: true,
    pause: async (message) => void asked.push(message),
    choose: async (question) => {
      asked.push(question);
      const answer = answers.shift();
      if (answer === undefined) throw new Error(`no answer is left for: ${question}`);
      return answer;
    },
  };
}
