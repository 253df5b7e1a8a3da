import type { Diagnostics } from "../../hcl/source/diagnostic.ts";
import { nearestName } from "../../hcl/source/nearest-name.ts";
import type { BuildStructure } from "./build-structure.ts";

/** Warns about names in `only`, `except` and `override` that no source of the build has: they silently never match. */
export function checkSourceNames(build: BuildStructure, diagnostics: Diagnostics): void {
  // A source that is not there was reported; a name that meant it would be reported in its stead.
  if (build.sources.length === 0) return;
  const keys = build.sources.map((source) => source.key);
  const localNames = build.sources.map((source) => source.localName);
  const provisioners = [...build.provisioners, build.errorCleanupProvisioner ?? []].flat();
  for (const { filter } of [...provisioners, ...build.postProcessors.flat()]) {
    for (const [list, names] of Object.entries(filter)) {
      for (const { text, range } of names ?? []) {
        if (!keys.includes(text)) warn(list, text, range, keys, diagnostics);
      }
    }
  }
  for (const { overrides } of provisioners) {
    for (const [name, { range }] of overrides) {
      if (!localNames.includes(name)) warn("override", name, range, localNames, diagnostics);
    }
  }
}

function warn(
  list: string,
  name: string,
  subject: BuildStructure["header"],
  names: readonly string[],
  diagnostics: Diagnostics,
): void {
  const bare = name.replace(/^sources?\./, "");
  const near = names.includes(bare) ? bare : nearestName(bare, names);
  diagnostics.warning({
    code: "name-never-matches",
    summary: `A name in "${list}" matches no source`,
    detail: `No source of this build is called "${name}", so it has no effect. ${
      near === undefined ? `The names are: ${names.join(", ")}.` : `Did you mean "${near}"?`
    }`,
    subject,
  });
}
