import type { Diagnostics } from "../../hcl/source/diagnostic.ts";
import type { Range } from "../../hcl/source/source.ts";
import type { Traversal } from "../../hcl/syntax/variables-of.ts";
import { appliesTo, type BuildStructure, type SourceUse } from "../../template/builds/build-structure.ts";
import { type BuildFilter, type BuildFilters, buildFilter } from "../../template/filters/build-filter.ts";
import { isFor, type LegacyTemplate } from "../../template/legacy/structure/legacy-template.ts";
import type { LoadedTemplate } from "../../template/loaded-template.ts";
import type { ParsedTemplate } from "../../template/parse-template.ts";
import { distinct, keysOf } from "./value-references.ts";

/** A build as `graph` draws it: what runs after what, and what each part refers to. Needs no component. */
export interface BuildShape {
  readonly name: string;
  readonly type: string;
  /** Builds that share provisioners and post-processors are of one group. */
  readonly group: string;
  /** "source.docker.base"; absent where the old format has none. */
  readonly source?: string;
  readonly uses: readonly string[];
  readonly provisioners: readonly StepShape[];
  readonly cleanup?: StepShape;
  readonly chains: readonly (readonly StepShape[])[];
}

export interface StepShape {
  /** Unique in the template; the same in every build that it is part of. */
  readonly id: string;
  readonly label: string;
  readonly uses: readonly string[];
}

/** The builds that the filters leave. undefined, and reported, where a filter is faulty. */
export function buildShapes(
  parsed: ParsedTemplate,
  loaded: LoadedTemplate,
  filters: BuildFilters,
  diagnostics: Diagnostics,
): BuildShape[] | undefined {
  const filter = buildFilter(filters, diagnostics);
  return filter && loaded.builds.flatMap((build, index) => shapesOf(build, index, parsed, filter));
}

function shapesOf(build: BuildStructure, index: number, parsed: ParsedTemplate, filter: BuildFilter): BuildShape[] {
  const group = build.name ? `build ${build.name}` : `build ${index + 1}`;
  const step = (
    kind: string,
    block: BuildStructure["provisioners"][number] | BuildStructure["postProcessors"][number][number],
    place: string,
  ): StepShape => ({
    id: `${group}/${kind}/${place}`,
    label: `${kind} ${block.type}${block.name ? ` ${block.name}` : ""}`,
    uses: keysOf(block.body.references()),
  });
  const provisioners = build.provisioners.map((block, at) => ({ block, step: step("provisioner", block, `${at}`) }));
  const cleanup = build.errorCleanupProvisioner && {
    block: build.errorCleanupProvisioner,
    step: step("error-cleanup-provisioner", build.errorCleanupProvisioner, ""),
  };
  const chains = build.postProcessors.map((chain, number) =>
    upToCut(chain, filter).map((block, at) => ({ block, step: step("post-processor", block, `${number}.${at}`) })),
  );
  // What the block refers to outside of its parts: its name, the `for_each` of dynamic blocks.
  const bodies = [...build.provisioners, build.errorCleanupProvisioner ?? [], ...build.postProcessors.flat()].flat();
  const parts = [...bodies.map(({ body }) => body), ...build.sources.flatMap(({ added }) => added ?? [])];
  const inParts = new Set(parts.flatMap((body) => body.references().map(placeOf)));
  const all = parsed.builds[index]?.body.references() ?? [];
  const own = keysOf(all.filter((reference) => !inParts.has(placeOf(reference))));
  const wanted = (use: SourceUse) => filter.wantsBuild(build.name ? `${build.name}.${use.key}` : use.key);
  return build.sources.filter(wanted).map((use) => ({
    name: build.name ? `${build.name}.${use.key}` : use.key,
    type: use.type,
    group,
    source: `source.${use.type}.${use.sourceName}`,
    uses: distinct([...own, ...(use.added ? keysOf(use.added.references()) : [])]),
    provisioners: provisioners.filter(({ block }) => appliesTo(block.filter, use)).map(({ step }) => step),
    ...(cleanup && appliesTo(cleanup.block.filter, use) && { cleanup: cleanup.step }),
    chains: chains
      .map((chain) => chain.filter(({ block }) => appliesTo(block.filter, use)).map(({ step }) => step))
      .filter((chain) => chain.length > 0),
  }));
}

function placeOf({ range }: Traversal): string {
  return `${range.source.name}:${range.start}-${range.end}`;
}

function upToCut<T extends { readonly type: string; readonly name?: string | undefined }>(
  chain: readonly T[],
  filter: BuildFilter,
): readonly T[] {
  const cut = chain.findIndex(({ name, type }) => filter.cutsPostProcessor(name ? name : type));
  return cut < 0 ? chain : chain.slice(0, cut);
}

/** The same for a template of the old JSON format; the filters name builders, and are no globs. */
export function legacyBuildShapes(template: LegacyTemplate, { only, except }: BuildFilters): BuildShape[] {
  const cuts = (name: string) => except.includes(name);
  const step = (
    kind: string,
    one: { type: string; name?: string | undefined; options: { range: Range } },
    place: string,
  ): StepShape => ({
    id: `${kind}/${place}`,
    label: `${kind} ${one.type}${one.name ? ` ${one.name}` : ""}`,
    uses: usersIn(one.options.range),
  });
  return template.builders
    .filter(({ name }) => (only.length === 0 || only.includes(name.text)) && !cuts(name.text))
    .map(({ name, type, options }) => ({
      name: name.text,
      type,
      group: "builders",
      uses: usersIn(options.range),
      provisioners: template.provisioners.flatMap((one, at) =>
        isFor(one.filter, name.text) ? [step("provisioner", one, `${at}`)] : [],
      ),
      ...(template.errorCleanupProvisioner && {
        cleanup: step("error-cleanup-provisioner", template.errorCleanupProvisioner, ""),
      }),
      chains: template.postProcessors
        .map((chain, number) => {
          const cut = chain.findIndex((one) => cuts(one.name ?? one.type));
          return (cut < 0 ? chain : chain.slice(0, cut)).flatMap((one, at) =>
            isFor(one.filter, name.text) ? [step("post-processor", one, `${number}.${at}`)] : [],
          );
        })
        .filter((chain) => chain.length > 0),
    }));
}

/** `{{user "name"}}` in the text. */
export function usersIn({ source, start, end }: Range): string[] {
  const text = source.text.slice(start, end);
  const names = [...text.matchAll(/\buser\s+(?:`([^`]+)`|\\?"([^"\\]+)\\?")/g)];
  return distinct(names.map(([, quoted, other]) => `var.${quoted ?? other}`));
}
