import { describeRange } from "../../hcl/source/describe-range.ts";
import { Diagnostics } from "../../hcl/source/diagnostic.ts";
import type { Range } from "../../hcl/source/source.ts";
import { isSensitive } from "../../hcl/values/value.ts";
import type { Builder, PostProcessor, Provisioner } from "../../sdk/component.ts";
import { Failure } from "../../sdk/failure.ts";
import type { Host } from "../../sdk/host.ts";
import { formatGoDuration } from "../../spec/duration.ts";
import type { LoadedTemplate } from "../../template/loaded-template.ts";
import type { Configured, Plan, Planned, PlannedBuild, PlannedProvisioner } from "../../template/plan.ts";
import type { Variable, VariableOrigin } from "../../template/variables/variable.ts";
import type {
  OutlinedBuild,
  OutlinedComponent,
  OutlinedProvisioner,
  OutlinedVariable,
  PlanOutline,
} from "./outline.ts";
import { outlineOptions } from "./outline-options.ts";
import { outlineValue } from "./outline-value.ts";
import type { ValueReferences } from "./value-references.ts";

export interface ToOutline {
  readonly loaded: LoadedTemplate;
  /** Checked, and without errors. */
  readonly plan: Plan;
  /** Absent for a template of the old JSON format. */
  readonly references: ValueReferences | undefined;
  readonly host: Host;
  readonly mask: (text: string) => string;
}

/** What a plan would build, from which inputs, in which order. Changes nothing, and reads nothing but what checks read. */
export async function outlinePlan(toOutline: ToOutline): Promise<PlanOutline> {
  const { loaded, plan, references, mask } = toOutline;
  const waitsFor = references?.waitsFor ?? (() => []);
  return {
    schema: 1,
    template: plan.templatePath,
    variables: [...loaded.variables.values()].map((variable) => outlineVariable(variable, mask)),
    locals: [...loaded.locals].map(([name, value]) => ({
      name,
      ...outlineValue(value, mask, waitsFor(`local.${name}`)),
    })),
    dataSources: [...loaded.data.keys()].map((key) => ({
      name: `data.${key}`,
      type: key.slice(0, key.indexOf(".")),
      read: waitsFor(`data.${key}`).length === 0,
      uses: references?.uses.get(`data.${key}`) ?? [],
    })),
    stages: references?.stages ?? [],
    builds: await inTurn(plan.builds, (build) => outlineBuild(build, toOutline)),
  };
}

const ORIGINS: Readonly<Record<VariableOrigin, OutlinedVariable["from"]>> = {
  default: "default",
  env: "environment",
  varfile: "variable file",
  cmd: "command line",
};

function outlineVariable(
  { declaration, value, origin, place }: Variable,
  mask: (text: string) => string,
): OutlinedVariable {
  const written = origin === "default" ? declaration.header : origin === "varfile" ? place : undefined;
  return {
    name: declaration.name,
    ...outlineValue(value, mask, []),
    from: ORIGINS[origin ?? "default"],
    ...(written && !isSensitive(value) && placeOf(written)),
  };
}

async function outlineBuild(build: PlannedBuild, toOutline: ToOutline): Promise<OutlinedBuild> {
  const cleanup = build.errorCleanupProvisioner;
  const { outline: builder, configured } = await outlineComponent(build.builder, toOutline);
  const makes = configured && build.builder.component.makes?.(configured.config);
  return {
    name: build.name,
    source: build.sourceName,
    builder,
    ...(makes !== undefined && { makes: toOutline.mask(makes) }),
    provisioners: await inTurn(build.provisioners, (one) => outlineProvisioner(one, toOutline)),
    ...(cleanup && { errorCleanupProvisioner: await outlineProvisioner(cleanup, toOutline) }),
    postProcessors: await inTurn(build.postProcessors, (chain) =>
      inTurn(chain, async (one) => ({
        ...(one.name !== undefined && { name: one.name }),
        ...(await outlineComponent(one, toOutline)).outline,
        ...(one.keepInputArtifact !== undefined && { keepInputArtifact: one.keepInputArtifact }),
      })),
    ),
  };
}

async function outlineProvisioner(one: PlannedProvisioner, toOutline: ToOutline): Promise<OutlinedProvisioner> {
  const { outline, configured } = await outlineComponent(one, toOutline);
  const reads = configured && (await filesOf(one.component, configured, toOutline.host));
  return {
    ...(one.name !== undefined && { name: one.name }),
    ...outline,
    ...(reads && reads.length > 0 && { reads }),
    ...(one.pauseBefore !== undefined && { pauseBefore: formatGoDuration(one.pauseBefore) }),
    ...(one.timeout !== undefined && { timeout: formatGoDuration(one.timeout) }),
    ...(one.maxRetries > 0 && { maxRetries: one.maxRetries }),
  };
}

/** undefined: it cannot tell, or not yet. A file that is missing is a matter of its check, not of this. */
async function filesOf(component: Provisioner, configured: Configured, host: Host): Promise<string[] | undefined> {
  const { config, complete, decoded } = configured;
  const open = [...(decoded?.unknown ?? [])].map((path) => /^[^.[]+/.exec(path)?.[0] ?? path);
  // Which files it reads depends on options that name files; the others may still be open.
  if (!complete && (!decoded || open.some((name) => component.fields[name]?.path !== undefined))) return undefined;
  try {
    return (await component.inputs?.(config, host))?.map(({ path }) => path);
  } catch (error) {
    if (error instanceof Failure || !complete) return undefined;
    throw error;
  }
}

async function outlineComponent(
  planned: Planned<Builder | Provisioner | PostProcessor>,
  { host, mask, references }: ToOutline,
): Promise<{ outline: OutlinedComponent; configured: Configured | undefined }> {
  // The plan was checked: its faults and secrets are known.
  const configured = await planned.configure({ host, secret: () => {} }, new Diagnostics());
  const { fields } = planned.component;
  const waitsFor = references?.waitsFor ?? (() => []);
  const options = configured ? outlineOptions({ fields, configured, mask, waitsFor }) : {};
  return { outline: { type: planned.type, ...(planned.range && placeOf(planned.range)), options }, configured };
}

function placeOf(range: Range): { place: string } {
  const { file, start } = describeRange(range);
  return { place: `${file}:${start.line}` };
}

/** One after the other: checks may look at files, and there may be many. */
async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
