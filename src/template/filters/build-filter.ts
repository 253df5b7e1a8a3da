import type { Diagnostics } from "../../hcl/source/diagnostic.ts";
import { nearestName } from "../../hcl/source/nearest-name.ts";
import { type Glob, parseGlob } from "./glob.ts";

/** `-only` and `-except`, as given on the command line: globs over the full names of builds. */
export interface BuildFilters {
  readonly only: readonly string[];
  readonly except: readonly string[];
  /** Whether it is no fault that no build is left: so it is where nothing is to be built (`validate`). */
  readonly mayLeaveNone?: boolean;
}

/** Decides by names, and remembers which patterns were of use. */
export interface BuildFilter {
  /** Whether a build of this full name is wanted. */
  wantsBuild(name: string): boolean;
  /** Whether a post-processor, and what follows it in its chain, is cut off. */
  cutsPostProcessor(name: string): boolean;
  /** Warns about patterns that matched nothing. To be called when all names have been asked for. */
  reportUnused(diagnostics: Diagnostics): void;
}

/** undefined, and reported, where a pattern is no glob. */
export function buildFilter(filters: BuildFilters, diagnostics: Diagnostics): BuildFilter | undefined {
  const only = parseAll("only", filters.only, diagnostics);
  const except = parseAll("except", filters.except, diagnostics);
  if (only.length < filters.only.length || except.length < filters.except.length) return undefined;
  const used = new Set<Glob>();
  const names = new Set<string>();
  const matches = (globs: readonly Glob[], name: string) => {
    const matching = globs.filter((glob) => glob.matches(name));
    for (const glob of matching) used.add(glob);
    return matching.length > 0;
  };
  return {
    wantsBuild(name) {
      names.add(name);
      const included = only.length === 0 || matches(only, name);
      return !matches(except, name) && included;
    },
    cutsPostProcessor: (name) => matches(except, name),
    reportUnused(diagnostics) {
      warnUnused("only", only, used, [...names], diagnostics);
      warnUnused("except", except, used, [...names], diagnostics);
    },
  };
}

type Flag = "only" | "except";

function parseAll(flag: Flag, patterns: readonly string[], diagnostics: Diagnostics): Glob[] {
  return patterns.flatMap((pattern) => {
    const glob = parseGlob(pattern);
    if (!("fault" in glob)) return [glob];
    diagnostics.error({
      code: "invalid-glob",
      summary: `Invalid -${flag} pattern ${pattern}`,
      detail: `This is no glob: ${glob.fault}. Put a \\ before a letter that means itself.`,
    });
    return [];
  });
}

function warnUnused(
  flag: Flag,
  globs: readonly Glob[],
  used: ReadonlySet<Glob>,
  names: readonly string[],
  diagnostics: Diagnostics,
): void {
  const unused = globs.filter((glob) => !used.has(glob));
  if (unused.length === 0) return;
  const details = unused.map(({ pattern }) => {
    const near = nearestName(pattern, names);
    return `Nothing matches "${pattern}".${near === undefined ? "" : ` Did you mean "${near}"?`}`;
  });
  diagnostics.warning({
    code: "unused-build-filter",
    summary: `an '${flag}' option was passed, but not all matches were found for the given build.`,
    detail: `${details.join(" ")} Possible build names: ${names.join(", ")}. A pattern such as "*.NAME" matches several.`,
  });
}
