import type { Diagnostics } from "../../../hcl/source/diagnostic.ts";
import { suggestion } from "../../../hcl/source/nearest-name.ts";
import type { BuildFilters } from "../../filters/build-filter.ts";

/** What `-only` and `-except` leave of a legacy template: they are names, not patterns. */
export interface NameFilter {
  wantsBuild(name: string): boolean;
  /** Whether `-except` names it: then it and the rest of its chain are dropped. */
  cutsPostProcessor(name: string): boolean;
  /** Warns of names that were never asked for. To be called when all names have been. */
  reportUnused(diagnostics: Diagnostics): void;
}

export function nameFilter({ only, except }: BuildFilters): NameFilter {
  const builds = new Set<string>();
  const postProcessors = new Set<string>();
  return {
    wantsBuild(name) {
      builds.add(name);
      return (only.length === 0 || only.includes(name)) && !except.includes(name);
    },
    cutsPostProcessor(name) {
      postProcessors.add(name);
      return except.includes(name);
    },
    reportUnused(diagnostics) {
      for (const [flag, names, known] of [
        ["only", only, [...builds]],
        ["except", except, [...builds, ...postProcessors]],
      ] as const) {
        for (const name of names) {
          if (known.includes(name)) continue;
          diagnostics.warning({
            code: "unused-build-filter",
            summary: `-${flag}=${name} matches nothing`,
            detail: `The names are: ${[...builds].join(", ")}.${suggestion(name, known)}${isPattern(name) ? " Patterns work in HCL templates only." : ""}`,
          });
        }
      }
    },
  };
}

function isPattern(name: string): boolean {
  return /[*?[{]/.test(name);
}
