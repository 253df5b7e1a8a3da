import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Artifact } from "../../src/sdk/artifact.ts";
import type { Communicator } from "../../src/sdk/communicator.ts";
import type { Build, BuildFacts, PostProcessing, Provisioning, Step, Work } from "../../src/sdk/component.ts";
import { Failure } from "../../src/sdk/failure.ts";
import type { Host } from "../../src/sdk/host.ts";
import { localHost } from "../../src/sdk/local-host/local-host.ts";
import type { Owned, Ownership } from "../../src/sdk/owned.ts";
import { temporaryPathKind } from "../../src/sdk/temporary-path.ts";

/** What a component said and did, in order: "say: text", "warn: text", "stdout: text", "progress: title 5/10". */
export interface Heard {
  readonly lines: string[];
  readonly owned: Owned[];
  readonly secrets: string[];
}

/** A folder of its own for one test, that is the working folder and the temporary folder of a real host. */
export class Bench implements Disposable {
  readonly folder: string = mkdtempSync(join(tmpdir(), "ingot-test-"));
  readonly host: Host;
  readonly heard: Heard = { lines: [], owned: [], secrets: [] };
  readonly controller: AbortController = new AbortController();
  facts: BuildFacts = {
    name: "null.box",
    sourceName: "box",
    builderType: "null",
    runId: "11111111-2222-3333-4444-555555555555",
    templateFolder: this.folder,
    force: false,
    debug: false,
  };

  constructor(changes: Partial<Host> = {}) {
    const temporary = join(this.folder, "tmp");
    const environment = { ...process.env, TMPDIR: temporary };
    this.host = { ...localHost({ cwd: this.folder, environment }), temporaryFolder: temporary, ...changes };
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  get work(): Work & Step {
    const { lines, secrets } = this.heard;
    return {
      host: this.host,
      signal: this.controller.signal,
      say: (text) => void lines.push(`say: ${text}`),
      warn: (text) => void lines.push(`warn: ${text}`),
      // How output is cut into chunks is chance.
      output: (stream, chunk) => {
        const latest = lines.at(-1);
        if (latest?.startsWith(`${stream}: `)) lines[lines.length - 1] = latest + chunk.toString();
        else lines.push(`${stream}: ${chunk.toString()}`);
      },
      progress: (title, total) => {
        let latest = { current: 0, total };
        return {
          update: (current, newTotal) => {
            latest = { current, total: newTotal ?? latest.total };
          },
          done: () => void lines.push(`progress: ${title} ${latest.current}/${latest.total ?? "?"}`),
        };
      },
      secret: (text) => void secrets.push(text),
      own: async (owned) => this.own(owned),
    };
  }

  provisioning(communicator: Communicator, changes: Partial<Provisioning> = {}): Provisioning {
    return {
      ...this.work,
      facts: this.facts,
      communicator,
      machine: { ID: "machine-1" },
      reconnect: async () => communicator,
      interaction: noPerson,
      ...changes,
    };
  }

  processing(changes: Partial<PostProcessing> = {}): PostProcessing {
    return { ...this.work, facts: this.facts, machine: { ID: "machine-1" }, ...changes };
  }

  build(changes: Partial<Build> = {}): Build {
    return {
      ...this.work,
      facts: this.facts,
      runFolder: async () => this.path("run"),
      step: async (_id, title, work) => {
        this.heard.lines.push(`step: ${title}`);
        return await work(this.work);
      },
      provision: async (machine) => machine,
      interaction: noPerson,
      ...changes,
    };
  }

  [Symbol.dispose](): void {
    this.controller.abort();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private own(owned: Owned): Ownership {
    this.heard.owned.push(owned);
    return {
      owned,
      update: async () => {},
      destroy: async () => {
        if (owned.kind !== temporaryPathKind.kind) throw new Error(`no destroyer for ${owned.kind}`);
        await temporaryPathKind.destroy(owned, this.host, this.controller.signal);
      },
      release: async () => {},
      handOver: async () => {},
    };
  }
}

/** As of a builder that made these files. */
export function artifactOf(files: readonly string[], changes: Partial<Artifact> = {}): Artifact {
  return {
    builderId: "test.builder",
    id: `artifact-${randomUUID()}`,
    description: `Made: ${files.join(", ")}`,
    files: files.map((path) => ({ path, root: "cwd" as const })),
    state: {},
    destroy: async () => {},
    ...changes,
  };
}

const noPerson: Provisioning["interaction"] = {
  available: false,
  pause: () => Promise.reject(new Failure("There is nobody to ask")),
  choose: () => Promise.reject(new Failure("There is nobody to ask")),
};
