import type { Artifact } from "../../sdk/artifact.ts";
import type { MachineFactsForTemplates } from "../../sdk/component.ts";
import type { PlannedPostProcessor } from "../../template/plan.ts";
import { withGeneratedData } from "../artifacts/generated-data.ts";
import { componentKeeps, fateOfInput } from "../artifacts/keep-rules.ts";
import { isSameArtifact, sharesFiles, withoutRepeats } from "../artifacts/same-artifact.ts";
import type { BuildRun } from "../build-run.ts";
import { isCancel } from "../failure-text.ts";
import { bounded } from "../work/bounded.ts";
import { runPostProcessor } from "./run-post-processor.ts";

export interface PostProcessedBuild {
  /** All that is still there: the builder's first where it stays, then chain by chain. */
  readonly artifacts: readonly Artifact[];
  readonly faults: readonly { readonly prefix: string; readonly fault: unknown }[];
}

/**
 * Runs the chains one after the other, each from the builder's artifact. A fault ends its chain, not the others; and
 * then what the builder made stays, whatever the keep rules say: nothing that a user may still need is lost.
 */
export async function postProcess(
  run: BuildRun,
  built: Artifact,
  facts: MachineFactsForTemplates,
): Promise<PostProcessedBuild> {
  const work = new Chains(run, built, facts);
  for (const [index, chain] of run.planned.postProcessors.entries()) {
    if (run.signal.aborted) work.keepBuilt();
    else if (chain.length > 0) await work.runChain(chain, `post-processor-${index + 1}`);
  }
  if (run.planned.postProcessors.every((chain) => chain.length === 0)) work.keepBuilt();
  return work.finish();
}

/** What has become of the artifacts so far. */
class Chains {
  private readonly run: BuildRun;
  private readonly built: Artifact;
  private readonly facts: MachineFactsForTemplates;
  private builtStays = false;
  private readonly staying: Artifact[] = [];
  /** Superseded, but with files that another artifact has, too: what becomes of that decides at the end. */
  private readonly doomedAtEnd: Artifact[] = [];
  private readonly faults: { prefix: string; fault: unknown }[] = [];

  constructor(run: BuildRun, built: Artifact, facts: MachineFactsForTemplates) {
    this.run = run;
    this.built = built;
    this.facts = facts;
  }

  keepBuilt(): void {
    this.builtStays = true;
  }

  async runChain(chain: readonly PlannedPostProcessor[], id: string): Promise<void> {
    let input = this.built;
    for (const [index, planned] of chain.entries()) {
      const next = await this.runOne(planned, `${id}-${index + 1}-${planned.type}`, input);
      if (next === undefined) return;
      input = next;
    }
    this.keep(input);
  }

  /** The input of the next one; undefined: the chain has ended. */
  private async runOne(planned: PlannedPostProcessor, id: string, input: Artifact): Promise<Artifact | undefined> {
    const { run } = this;
    try {
      const done = await runPostProcessor(run, planned, id, input, this.facts);
      const { artifact } = done;
      const same = artifact !== undefined && isSameArtifact(artifact, input);
      const fate = fateOfInput({
        input: isSameArtifact(input, this.built) ? "built" : "between",
        result: artifact === undefined ? "none" : same ? "same" : "new",
        component: componentKeeps(done),
        template: planned.keepInputArtifact,
      });
      if (fate === "keep") this.keep(input);
      if (fate === "destroy-now") await this.supersede(input, artifact);
      if (artifact === undefined || artifact === input) return artifact;
      return withGeneratedData(artifact, this.facts);
    } catch (fault) {
      this.keepBuilt();
      this.keep(input);
      if (!isCancel(run.signal)) this.faults.push({ prefix: "Post-processor failed", fault });
      return undefined;
    }
  }

  /** Destroys what nobody keeps any more. */
  async finish(): Promise<PostProcessedBuild> {
    if (!this.builtStays && this.staying.some((other) => isOneOrShares(this.built, other))) this.keepBuilt();
    for (const artifact of this.doomedAtEnd) {
      const stays = [...(this.builtStays ? [this.built] : []), ...this.staying];
      const needed = stays.some((other) => isOneOrShares(artifact, other));
      if (needed) this.staying.push(artifact);
      else await this.destroy(artifact);
    }
    if (!this.builtStays) await this.destroy(this.built);
    const artifacts = withoutRepeats([...(this.builtStays ? [this.built] : []), ...this.staying]);
    return { artifacts, faults: this.faults };
  }

  private keep(artifact: Artifact): void {
    if (isSameArtifact(artifact, this.built)) this.builtStays = true;
    else this.staying.push(artifact);
  }

  private async supersede(artifact: Artifact, successor: Artifact | undefined): Promise<void> {
    const others = [this.built, ...this.staying, ...(successor ? [successor] : [])];
    if (others.some((other) => isOneOrShares(artifact, other))) this.doomedAtEnd.push(artifact);
    else await this.destroy(artifact);
  }

  /** Where that fails it is still there, and listed. */
  private async destroy(artifact: Artifact): Promise<void> {
    const { run } = this;
    const signal = AbortSignal.any([run.limits.now, AbortSignal.timeout(run.undoLimit)]);
    try {
      await bounded(`Removing "${artifact.description}"`, signal, run.limits, () => artifact.destroy(run.host, signal));
    } catch (fault) {
      this.keep(artifact);
      this.faults.push({ prefix: "Failed cleaning up prior artifact", fault });
    }
  }
}

function isOneOrShares(a: Artifact, b: Artifact): boolean {
  return isSameArtifact(a, b) || sharesFiles(a, b);
}
