import { type Diagnostic, Diagnostics } from "../hcl/source/diagnostic.ts";
import type { Host } from "../sdk/host.ts";
import type { Plan, Planned } from "./plan.ts";

/**
 * Configures every component of a plan without running anything, as `validate` does. A fault that several builds share
 * is reported once. Gives the secrets that came up, those of the plan included.
 */
export async function checkPlan(plan: Plan, host: Host, diagnostics: Diagnostics): Promise<ReadonlySet<string>> {
  const secrets = new Set(plan.secrets);
  const found = new Diagnostics();
  for (const build of plan.builds) {
    const components: Planned<unknown>[] = [build.builder, ...build.provisioners];
    if (build.errorCleanupProvisioner) components.push(build.errorCleanupProvisioner);
    components.push(...build.postProcessors.flat());
    for (const component of components) {
      await component.configure({ host, secret: (text) => void secrets.add(text) }, found);
    }
  }
  diagnostics.append(withoutRepeats(found.all));
  return secrets;
}

/** Faults of the same words at the same place are one. */
function withoutRepeats(faults: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  return faults.filter(({ severity, code, summary, detail, subject }) => {
    const key = JSON.stringify([severity, code, summary, detail, subject?.source.name, subject?.start, subject?.end]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
