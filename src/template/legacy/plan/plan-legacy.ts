import { emptyScope } from "../../../hcl/evaluation/scope.ts";
import { Diagnostics } from "../../../hcl/source/diagnostic.ts";
import type { Builder, Catalogue, Loader, PostProcessor, Provisioner } from "../../../sdk/component.ts";
import type { ValueLayer } from "../../../spec/decode.ts";
import type { TemplateWorld } from "../../../spec/go-template/packer-functions.ts";
import { findComponent } from "../../components/find-component.ts";
import { plannedComponent } from "../../components/planned-component.ts";
import type { BuildFilters } from "../../filters/build-filter.ts";
import type { PlannedBuild, PlannedPostProcessor, PlannedProvisioner } from "../../plan.ts";
import {
  isFor,
  type LegacyBuilder,
  type LegacyPostProcessor,
  type LegacyProvisioner,
  type LegacyTemplate,
  type PlacedName,
} from "../structure/legacy-template.ts";
import { explanationOfDeprecated } from "./explain-deprecated.ts";
import { interpolationInBuild, legacyInterpolation } from "./legacy-interpolation.ts";
import { type NameFilter, nameFilter } from "./name-filter.ts";

export interface LegacyToPlan {
  readonly template: LegacyTemplate;
  /** With the user variables. */
  readonly world: TemplateWorld;
  readonly catalogue: Catalogue;
  /** As given on the command line. */
  readonly path: string;
}

/** One planned build for each builder that the filters leave, in the order of the template. */
export async function planLegacy(
  toPlan: LegacyToPlan,
  filters: BuildFilters,
  diagnostics: Diagnostics,
): Promise<PlannedBuild[]> {
  const filter = nameFilter(filters);
  const planned: PlannedBuild[] = [];
  const names = new Map<string, LegacyBuilder>();
  let left = 0;
  for (const builder of toPlan.template.builders) {
    const name = renderName(builder, toPlan, diagnostics);
    if (name === undefined) continue;
    warnOfSameName(name, builder, names.get(name), diagnostics);
    names.set(name, builder);
    if (!filter.wantsBuild(name)) continue;
    left++;
    const build = await planBuild(toPlan, builder, name, filter, diagnostics);
    if (build) planned.push(build);
  }
  for (const { name, type } of toPlan.template.postProcessors.flat()) filter.cutsPostProcessor(name ?? type);
  filter.reportUnused(diagnostics);
  if (left === 0 && names.size > 0 && !filters.mayLeaveNone) {
    diagnostics.error({
      code: "no-builds",
      summary: "No builds to run",
      detail: `The template has builders, but -only and -except leave none of them. Their names are: ${[...names.keys()].join(", ")}.`,
    });
  }
  return planned;
}

function renderName({ name }: LegacyBuilder, toPlan: LegacyToPlan, diagnostics: Diagnostics): string | undefined {
  const rendered = legacyInterpolation(toPlan.world)(name.text);
  if ("text" in rendered) return rendered.text;
  diagnostics.error({
    code: "option-template-invalid",
    summary: `error interpolating builder name '${name.text}'`,
    detail: `It cannot be rendered: ${"error" in rendered ? rendered.error : "it needs a value that is known later"}.`,
    subject: name.range,
  });
  return undefined;
}

function warnOfSameName(
  name: string,
  { name: written }: LegacyBuilder,
  earlier: LegacyBuilder | undefined,
  diagnostics: Diagnostics,
): void {
  if (!earlier) return;
  diagnostics.warning({
    code: "duplicate-builder",
    summary: `Two builders are called "${name}"`,
    detail: `Once rendered, the name is that of "${earlier.name.text}", too. Packer would leave out one of them; here both are built.`,
    subject: written.range,
  });
}

interface OneBuild extends LegacyToPlan {
  readonly builder: LegacyBuilder;
  readonly component: Builder;
  readonly name: string;
  readonly diagnostics: Diagnostics;
}

async function planBuild(
  toPlan: LegacyToPlan,
  builder: LegacyBuilder,
  name: string,
  filter: NameFilter,
  diagnostics: Diagnostics,
): Promise<PlannedBuild | undefined> {
  const { template, catalogue, world } = toPlan;
  const found = await component("source", builder, catalogue.builders, name, diagnostics);
  const one: Omit<OneBuild, "component"> = {
    ...toPlan,
    builder,
    name,
    diagnostics,
    world: { ...world, buildName: name, buildType: builder.type },
  };
  const within = found && { ...one, component: found };
  const provisioners: PlannedProvisioner[] = [];
  for (const provisioner of template.provisioners) {
    if (!isFor(provisioner.filter, builder.name.text)) continue;
    const planned = await planProvisioner(provisioner, one, found);
    if (planned) provisioners.push(planned);
  }
  const cleanup = template.errorCleanupProvisioner;
  const errorCleanup = cleanup && (await planProvisioner(cleanup, one, found));
  const chains: PlannedPostProcessor[][] = [];
  for (const chain of template.postProcessors) {
    const planned: PlannedPostProcessor[] = [];
    for (const postProcessor of chain) {
      if (!isFor(postProcessor.filter, builder.name.text)) continue;
      if (filter.cutsPostProcessor(postProcessor.name ?? postProcessor.type)) break;
      const link = await planPostProcessor(postProcessor, one, found);
      if (link) planned.push(link);
    }
    if (planned.length > 0) chains.push(planned);
  }
  if (!within) return undefined;
  return {
    name: displayName(builder.type, name),
    sourceName: name,
    builder: plannedComponent({
      ...optionsFor(builder, within),
      component: found,
      interpolate: () => legacyInterpolation(within.world),
    }),
    provisioners,
    ...(errorCleanup && { errorCleanupProvisioner: errorCleanup }),
    postProcessors: chains,
    range: builder.typeRange,
    ...(world.userVariables && { userVariables: world.userVariables }),
  };
}

/** What people see, since Packer 1.7. */
function displayName(type: string, name: string): string {
  return name === type ? name : `${type}.${name}`;
}

async function planProvisioner(
  provisioner: LegacyProvisioner,
  one: Omit<OneBuild, "component">,
  builder: Builder | undefined,
): Promise<PlannedProvisioner | undefined> {
  const { catalogue, name, diagnostics, world } = one;
  const found = await component<Provisioner>("provisioner", provisioner, catalogue.provisioners, name, diagnostics);
  const maxRetries = readRetries(provisioner.maxRetries, one, provisioner.label);
  if (!found) return undefined;
  const override = provisioner.overrides.get(one.builder.name.text)?.options;
  return {
    ...plannedComponent({
      ...optionsFor(provisioner, one),
      component: found,
      override,
      interpolate: interpolationInBuild(world, builder?.generates ?? []),
    }),
    ...(provisioner.pauseBefore !== undefined && { pauseBefore: provisioner.pauseBefore }),
    ...(provisioner.timeout !== undefined && { timeout: provisioner.timeout }),
    maxRetries,
    continueOnError: false,
  };
}

function readRetries(written: PlacedName | undefined, one: Omit<OneBuild, "component">, label: string): number {
  if (!written) return 0;
  const rendered = legacyInterpolation(one.world)(written.text);
  const text = "text" in rendered ? rendered.text : "error" in rendered ? rendered.error : "";
  if ("text" in rendered && /^[+-]?\d+$/.test(text)) return Math.max(0, Number(text));
  one.diagnostics.error({
    code: "invalid-retries",
    summary: "`max_retries` must be a valid integer",
    detail: `${label} has "${text}".`,
    subject: written.range,
  });
  return 0;
}

async function planPostProcessor(
  postProcessor: LegacyPostProcessor,
  one: Omit<OneBuild, "component">,
  builder: Builder | undefined,
): Promise<PlannedPostProcessor | undefined> {
  const { catalogue, name, diagnostics, world } = one;
  const loaders = catalogue.postProcessors;
  const found = await component<PostProcessor>("post-processor", postProcessor, loaders, name, diagnostics);
  if (!found) return undefined;
  return {
    ...plannedComponent({
      ...optionsFor(postProcessor, one),
      component: found,
      interpolate: interpolationInBuild(world, builder?.generates ?? []),
    }),
    // Without a name it is called by its type.
    name: postProcessor.name ?? postProcessor.type,
    ...(postProcessor.keepInputArtifact !== undefined && { keepInputArtifact: postProcessor.keepInputArtifact }),
  };
}

/** What components of every kind have in common: their options are a value, and no scope is behind it. */
function optionsFor(
  { type, typeRange, options }: { type: string; typeRange: PlacedName["range"]; options: ValueLayer },
  { name, path }: { name: string; path: string },
) {
  return {
    type,
    range: typeRange,
    scope: () => emptyScope,
    body: () => options,
    explain: explanationOfDeprecated(type, path),
    title: `Failed to prepare build: "${name}"`,
  };
}

/** Loads a component; titles are those that Packer has for legacy templates. */
async function component<C>(
  kind: "source" | "provisioner" | "post-processor",
  { type, typeRange }: { readonly type: string; readonly typeRange: PlacedName["range"] },
  loaders: Readonly<Record<string, Loader<C>>>,
  build: string,
  diagnostics: Diagnostics,
): Promise<C | undefined> {
  const faults = new Diagnostics();
  const found = await findComponent({ kind, type, range: typeRange }, loaders, [], faults);
  const noun = kind === "source" ? "builder" : kind;
  for (const fault of faults.all) {
    const same = ({ code, subject }: typeof fault) => code === fault.code && subject?.start === typeRange.start;
    // Each build would say it again.
    if (diagnostics.all.some(same)) continue;
    diagnostics.append([
      {
        ...fault,
        summary: `Failed to initialize build "${build}"`,
        detail: `error initializing ${noun} '${type}': Unknown ${noun} ${type}. ${fault.detail}`,
      },
    ]);
  }
  return found;
}
