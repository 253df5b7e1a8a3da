import type { Scope } from "../hcl/evaluation/scope.ts";
import type { Diagnostics } from "../hcl/source/diagnostic.ts";
import type { Value } from "../hcl/values/value.ts";
import type { Rendered } from "../spec/go-template/render-template.ts";
import type { BuildStructure } from "./builds/build-structure.ts";
import type { TemplateFiles } from "./files/find-template-files.ts";
import type { BuildFilters } from "./filters/build-filter.ts";
import type { LegacyTemplate } from "./legacy/structure/legacy-template.ts";
import type { Plan } from "./plan.ts";
import type { RequiredPlugin } from "./structure/required-plugins.ts";
import type { Variable } from "./variables/variable.ts";

export interface LoadedLegacy {
  readonly template: LegacyTemplate;
  /** A text with `{{ … }}`, as an option outside of any build is rendered. */
  render(text: string): Rendered;
}

/** A template that was read, in whichever language: it can be planned. */
export interface LoadedTemplate {
  readonly language: "hcl2" | "json";
  /** What only a template of the old JSON format has. */
  readonly legacy?: LoadedLegacy | undefined;
  readonly files: TemplateFiles;
  /** `inspect` and `console` show these. In the order of the text. */
  readonly variables: ReadonlyMap<string, Variable>;
  readonly locals: ReadonlyMap<string, Value>;
  /** By "type.name". */
  readonly data: ReadonlyMap<string, Value>;
  readonly requiredPlugins: readonly RequiredPlugin[];
  readonly builds: readonly BuildStructure[];
  /** `var`, `local`, `data`, `path`, `packer` and functions: where `console` evaluates. */
  readonly scope: Scope;
  /** Every secret text that is known so far. */
  readonly secrets: ReadonlySet<string>;
  /** What the template means, for the builds that the filters leave. Everything that is wrong is reported. */
  plan(filters: BuildFilters, diagnostics: Diagnostics): Promise<Plan>;
}
