import { expandDynamicBlocks } from "../../hcl/evaluation/dynamic-blocks.ts";
import { childScope, type Scope } from "../../hcl/evaluation/scope.ts";
import type { Diagnostics } from "../../hcl/source/diagnostic.ts";
import { mergeBodies } from "../../hcl/syntax/merge-bodies.ts";
import type { Builder, Catalogue, PostProcessor, Provisioner } from "../../sdk/component.ts";
import { buildValue } from "../components/build-values.ts";
import { findComponent } from "../components/find-component.ts";
import type { Interpolation } from "../components/interpolation.ts";
import { plannedComponent } from "../components/planned-component.ts";
import { rescopedBody } from "../components/rescoped-body.ts";
import { packerInComponents, sourceVariables } from "../evaluation/scopes.ts";
import type { Explanation } from "../files/explain-missing-names.ts";
import { type BuildFilter, type BuildFilters, buildFilter } from "../filters/build-filter.ts";
import type { ConfigureContext, Planned, PlannedBuild, PlannedPostProcessor, PlannedProvisioner } from "../plan.ts";
import type { RequiredPlugin } from "../structure/required-plugins.ts";
import type { TypedBlock } from "../structure/typed-blocks.ts";
import {
  appliesTo,
  type BuildStructure,
  type PostProcessorBlock,
  type ProvisionerBlock,
  type SourceUse,
} from "./build-structure.ts";

export interface ToPlan {
  readonly builds: readonly BuildStructure[];
  readonly sources: ReadonlyMap<string, TypedBlock>;
  /** `var`, `local`, `data`, `path`, `packer` and functions. */
  readonly scope: Scope;
  readonly catalogue: Catalogue;
  readonly requiredPlugins: readonly RequiredPlugin[];
  readonly interpolation: Interpolation;
  readonly explain: Explanation;
}

/** One planned build for each source of each `build` block that the filters leave, in the order of the template. */
export async function planBuilds(
  template: ToPlan,
  filters: BuildFilters,
  diagnostics: Diagnostics,
): Promise<PlannedBuild[]> {
  if (template.builds.length === 0) {
    diagnostics.error({
      code: "missing-build-block",
      summary: "Missing build block",
      detail: 'A template needs at least one build block: build { sources = ["source.TYPE.NAME"] }.',
    });
    return [];
  }
  const filter = buildFilter(filters, diagnostics);
  if (!filter) return [];
  const builders = new Map<string, Promise<Builder | undefined>>();
  const planned: PlannedBuild[] = [];
  let left = 0;
  let uses = 0;
  for (const build of template.builds) {
    const components = await findComponents(build, template, diagnostics);
    for (const use of build.sources) {
      const source = template.sources.get(`${use.type}.${use.sourceName}`);
      if (!source) continue;
      const builder = builders.get(source.key) ?? findBuilder(source, template, diagnostics);
      builders.set(source.key, builder);
      uses++;
      if (!filter.wantsBuild(fullName(build, use))) continue;
      left++;
      const one = { template, build, use, source, components, filter, builder: await builder };
      if (one.builder) planned.push(planBuild({ ...one, builder: one.builder }));
    }
  }
  filter.reportUnused(diagnostics);
  if (left === 0 && uses > 0 && !filters.mayLeaveNone) {
    diagnostics.error({
      code: "no-builds",
      summary: "No builds to run",
      detail: "The template has builds, but -only and -except leave none of them.",
    });
  }
  return planned;
}

function fullName(build: BuildStructure, use: SourceUse): string {
  return build.name === undefined || build.name === "" ? use.key : `${build.name}.${use.key}`;
}

interface Components {
  readonly provisioners: ReadonlyMap<ProvisionerBlock, Provisioner>;
  readonly postProcessors: ReadonlyMap<PostProcessorBlock, PostProcessor>;
}

function findBuilder(source: TypedBlock, template: ToPlan, diagnostics: Diagnostics): Promise<Builder | undefined> {
  const wanted = { kind: "source", type: source.type, range: source.typeRange } as const;
  return findComponent(wanted, template.catalogue.builders, template.requiredPlugins, diagnostics);
}

/** Looks up every component of a build once, whether or not a filter leaves it: each that is unknown is reported. */
async function findComponents(build: BuildStructure, template: ToPlan, diagnostics: Diagnostics): Promise<Components> {
  const { catalogue, requiredPlugins } = template;
  const provisioners = new Map<ProvisionerBlock, Provisioner>();
  for (const block of [...build.provisioners, build.errorCleanupProvisioner ?? []].flat()) {
    const wanted = { kind: block.kind, type: block.type, range: block.typeRange };
    const found = await findComponent(wanted, catalogue.provisioners, requiredPlugins, diagnostics);
    if (found) provisioners.set(block, found);
  }
  const postProcessors = new Map<PostProcessorBlock, PostProcessor>();
  for (const block of build.postProcessors.flat()) {
    const wanted = { kind: block.kind, type: block.type, range: block.typeRange };
    const found = await findComponent(wanted, catalogue.postProcessors, requiredPlugins, diagnostics);
    if (found) postProcessors.set(block, found);
  }
  return { provisioners, postProcessors };
}

interface OneBuild {
  readonly template: ToPlan;
  readonly build: BuildStructure;
  readonly use: SourceUse;
  readonly source: TypedBlock;
  readonly components: Components;
  readonly filter: BuildFilter;
  readonly builder: Builder;
}

function planBuild(one: OneBuild): PlannedBuild {
  const { build, use, filter } = one;
  const errorCleanup = build.errorCleanupProvisioner && planProvisioner(build.errorCleanupProvisioner, one);
  return {
    name: fullName(build, use),
    ...(build.name !== undefined && build.name !== "" && { buildBlockName: build.name }),
    sourceName: use.sourceName,
    builder: planBuilder(one),
    provisioners: build.provisioners.flatMap((block) => planProvisioner(block, one) ?? []),
    ...(errorCleanup && { errorCleanupProvisioner: errorCleanup }),
    postProcessors: build.postProcessors
      .map((chain) => upToCut(chain, filter).flatMap((block) => planPostProcessor(block, one) ?? []))
      .filter((chain) => chain.length > 0),
    range: use.range,
  };
}

function planBuilder({ template, build, use, source, builder }: OneBuild): Planned<Builder> {
  const variables = new Map([...sourceVariables(use.type, use.localName), packerInComponents]);
  const scope = childScope(template.scope, variables);
  return plannedComponent({
    type: source.type,
    component: builder,
    range: source.header,
    scope: () => scope,
    body() {
      const body = expandDynamicBlocks(source.body, scope);
      return use.added ? mergeBodies([body, rescopedBody(use.added, build.scope, scope)]) : body;
    },
    interpolate: () => template.interpolation(use.sourceName, use.type),
    explain: template.explain,
  });
}

function planProvisioner(block: ProvisionerBlock, one: OneBuild): PlannedProvisioner | undefined {
  const component = one.components.provisioners.get(block);
  if (!component || !appliesTo(block.filter, one.use)) return undefined;
  return {
    ...plannedComponent({
      ...withinBuild(block, one),
      component,
      override: block.overrides.get(one.use.localName),
    }),
    ...(block.name !== undefined && { name: block.name }),
    ...(block.pauseBefore !== undefined && { pauseBefore: block.pauseBefore }),
    ...(block.timeout !== undefined && { timeout: block.timeout }),
    maxRetries: block.maxRetries,
    continueOnError: block.continueOnError,
  };
}

function planPostProcessor(block: PostProcessorBlock, one: OneBuild): PlannedPostProcessor | undefined {
  const component = one.components.postProcessors.get(block);
  if (!component || !appliesTo(block.filter, one.use)) return undefined;
  return {
    ...plannedComponent({ ...withinBuild(block, one), component }),
    ...(block.name !== undefined && { name: block.name }),
    ...(block.keepInputArtifact !== undefined && { keepInputArtifact: block.keepInputArtifact }),
  };
}

/** A chain as far as `-except` lets it go: what it names, and all that follows, is dropped. */
function upToCut(chain: readonly PostProcessorBlock[], filter: BuildFilter): readonly PostProcessorBlock[] {
  const cut = chain.findIndex(({ name, type }) =>
    filter.cutsPostProcessor(name === undefined || name === "" ? type : name),
  );
  return cut < 0 ? chain : chain.slice(0, cut);
}

/** What provisioners and post-processors have in common: they see `build` and `source`. */
function withinBuild(block: ProvisionerBlock | PostProcessorBlock, { template, build, use, builder }: OneBuild) {
  return {
    type: block.type,
    range: block.header,
    scope({ facts }: ConfigureContext) {
      const values = buildValue(build.name, builder.generates, facts);
      return childScope(build.scope, new Map([["build", values], ...sourceVariables(use.type, use.localName)]));
    },
    body: (scope: Scope) => rescopedBody(block.body, build.scope, scope),
    interpolate: () => template.interpolation(use.sourceName, use.type),
    explain: template.explain,
    title: `Failed preparing ${block.kind}-block "${block.type}" "${block.name ?? ""}"`,
  };
}
