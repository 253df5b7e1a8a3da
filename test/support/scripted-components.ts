import type { Artifact } from "../../src/sdk/artifact.ts";
import type { Communicator } from "../../src/sdk/communicator.ts";
import {
  type Build,
  type Builder,
  defineBuilder,
  definePostProcessor,
  defineProvisioner,
  type PostProcessed,
  type PostProcessing,
  type PostProcessor,
  type Provisioner,
  type Provisioning,
} from "../../src/sdk/component.ts";
import type { Machine, MachineFacts } from "../../src/sdk/machine.ts";
import type { Owned, OwnedKind } from "../../src/sdk/owned.ts";
import type { Plan, Planned, PlannedBuild, PlannedPostProcessor, PlannedProvisioner } from "../../src/template/plan.ts";

/** A builder that does what the test says. */
export function scriptedBuilder(run: (build: Build) => Promise<Artifact | undefined>, name = "scripted"): Builder {
  return defineBuilder({
    name,
    doc: "Does what a test says.",
    fields: {},
    generates: [],
    owns: [],
    ownership: "journaled",
    run: (_config, build) => run(build),
  });
}

export function scriptedProvisioner(
  run: (provisioning: Provisioning) => Promise<void>,
  name = "scripted",
): Provisioner {
  return defineProvisioner({
    name,
    doc: "Does what a test says.",
    fields: {},
    run: (_config, provisioning) => run(provisioning),
  });
}

export function scriptedPostProcessor(
  run: (input: Artifact, processing: PostProcessing) => Promise<PostProcessed>,
  name = "scripted",
): PostProcessor {
  return definePostProcessor({
    name,
    doc: "Does what a test says.",
    fields: {},
    run: (_config, input, processing) => run(input, processing),
  });
}

/** A component of a plan whose configuration is empty, and never wrong unless `configure` says so. */
export function planned<C extends { readonly name: string }>(
  component: C,
  configure: Planned<C>["configure"] = async () => EMPTY,
): Planned<C> {
  return { type: component.name, component, configure };
}

// The scripted components have no options, so that an empty object is a whole configuration of theirs.
const EMPTY = { config: {} as never, complete: true };

export function plannedProvisioner(
  run: (provisioning: Provisioning) => Promise<void>,
  options: Partial<PlannedProvisioner> & { readonly as?: string } = {},
): PlannedProvisioner {
  const { as, ...rest } = options;
  return { ...planned(scriptedProvisioner(run, as)), maxRetries: 0, continueOnError: false, ...rest };
}

export function plannedPostProcessor(
  run: (input: Artifact, processing: PostProcessing) => Promise<PostProcessed>,
  options: Partial<PlannedPostProcessor> & { readonly as?: string } = {},
): PlannedPostProcessor {
  const { as, ...rest } = options;
  return { ...planned(scriptedPostProcessor(run, as)), ...rest };
}

/** A plan of one build or several. */
export function planOf(...builds: (Partial<PlannedBuild> & { readonly builder: Planned<Builder> })[]): Plan {
  return {
    templatePath: "test.pkr.hcl",
    templateFolder: ".",
    builds: builds.map((build) => ({
      name: "scripted.test",
      sourceName: "test",
      provisioners: [],
      postProcessors: [],
      ...build,
    })),
    secrets: new Set(),
  };
}

/** A machine without anything behind it: commands end at once, with 0. */
export function scriptedMachine(facts: Partial<MachineFacts> = {}, connect?: Machine["connect"]): Machine {
  return {
    connect: connect ?? (async () => idleCommunicator()),
    record: () => ({}),
    facts: { ID: "machine-1", ConnType: "none", ...facts },
  };
}

export function idleCommunicator(closed: () => void = () => {}): Communicator {
  return {
    guest: "posix",
    run: async () => ({ exitCode: 0 }),
    upload: async () => {},
    uploadFolder: async () => {},
    download: async () => {},
    downloadFolder: async () => {},
    close: async () => closed(),
  };
}

/** Says what happened to it, and lists it. */
export function scriptedArtifact(id: string, destroyed: string[] = [], parts: Partial<Artifact> = {}): Artifact {
  return {
    builderId: "test.scripted",
    id,
    description: `artifact ${id}`,
    files: [],
    state: {},
    destroy: async () => {
      destroyed.push(id);
    },
    ...parts,
  };
}

/** Things that exist only in memory, each with its history. */
export class ThingsInMemory {
  /** In the order of destroying. */
  readonly destroyed: string[] = [];
  readonly existing = new Set<string>();
  /** Ids that cannot be destroyed, with why. */
  readonly stubborn = new Map<string, Error>();

  readonly kind: OwnedKind = {
    kind: "thing",
    describe: (owned) => `thing ${owned.id}`,
    removeByHand: (owned) => `forget ${owned.id}`,
    destroy: async (owned) => {
      const why = this.stubborn.get(owned.id);
      if (why) throw why;
      if (!this.existing.delete(owned.id)) return "gone";
      this.destroyed.push(owned.id);
      return "destroyed";
    },
  };

  owned(id: string): Owned {
    return { kind: "thing", id, mark: id, data: {} };
  }
}
