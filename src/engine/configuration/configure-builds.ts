import { type Diagnostic, Diagnostics } from "../../hcl/source/diagnostic.ts";
import { Failure } from "../../sdk/failure.ts";
import type { ConfigureContext, Planned, PlannedBuild } from "../../template/plan.ts";
import { failureText, messageOf } from "../failure-text.ts";
import { incomplete } from "./configure-again.ts";
import { diagnosticLine } from "./diagnostic-event.ts";
import { uniqueNames } from "./unique-names.ts";

/** A build of the plan, and whether it can run. */
export interface BuildToRun {
  /** As events name it: unique in the run. */
  readonly name: string;
  readonly planned: PlannedBuild;
  /** Warnings, and the errors that keep it from running. */
  readonly diagnostics: readonly Diagnostic[];
  readonly shownWarnings: ReadonlySet<string>;
  /** Of the builder; undefined: it cannot run, or the run was cancelled before. */
  readonly config: { readonly value: never } | undefined;
}

/**
 * Configures all that the builds will use, one after the other, before any runs: so all faults are shown at once.
 * Provisioners and post-processors only to find faults: `build.*` is not known yet.
 */
export async function configureBuilds(
  builds: readonly PlannedBuild[],
  context: ConfigureContext,
  signal: AbortSignal,
): Promise<BuildToRun[]> {
  const names = uniqueNames(builds.map(({ name }) => name));
  const configured: BuildToRun[] = [];
  for (const [index, planned] of builds.entries()) {
    const diagnostics = new Diagnostics();
    const config = signal.aborted ? undefined : await configureBuild(planned, context, diagnostics);
    configured.push({
      name: names[index] ?? planned.name,
      planned,
      diagnostics: diagnostics.all,
      shownWarnings: new Set(diagnostics.all.map(diagnosticLine)),
      config: diagnostics.hasErrors ? undefined : config,
    });
  }
  return configured;
}

async function configureBuild(
  planned: PlannedBuild,
  context: ConfigureContext,
  diagnostics: Diagnostics,
): Promise<BuildToRun["config"]> {
  const configure = async (component: Planned<unknown>) => {
    try {
      return await component.configure(context, diagnostics);
    } catch (fault) {
      diagnostics.error({ ...asDiagnostic(fault), subject: component.range });
      return undefined;
    }
  };
  const builder = await configure(planned.builder);
  for (const provisioner of planned.provisioners) await configure(provisioner);
  if (planned.errorCleanupProvisioner) await configure(planned.errorCleanupProvisioner);
  for (const postProcessor of planned.postProcessors.flat()) await configure(postProcessor);
  if (!builder || diagnostics.hasErrors) return undefined;
  if (builder.complete) return { value: builder.config };
  const { message, hint } = incomplete(planned.builder.type);
  const subject = planned.builder.range;
  diagnostics.error({ code: "unknown-values", summary: message, detail: hint ?? "", subject });
  return undefined;
}

/** The world said no while a component was configured, or it has a bug: neither harms the other builds. */
function asDiagnostic(fault: unknown): { code: string; summary: string; detail: string } {
  const { hint, causes, bug } = failureText(fault);
  const detail = [...(causes ?? []), ...(hint === undefined ? [] : [hint]), ...(bug === undefined ? [] : [bug])].join(
    "\n",
  );
  const code = fault instanceof Failure ? "configuring-failed" : "internal-bug";
  return { code, summary: messageOf(fault), detail };
}
