import type { MachineFactsForTemplates } from "../../sdk/component.ts";
import type { Host } from "../../sdk/host.ts";
import type { DecodeContext } from "../../spec/decode.ts";
import { renderUntilStable } from "../../spec/go-template/render-template.ts";
import type { TemplateFunction, TemplateFunctions } from "../../spec/go-template/template-function.ts";
import type { TemplateFiles } from "../files/find-template-files.ts";
import { PACKER_VERSION } from "../packer-version.ts";

/** What the `{{ … }}` of an option can know about the build. */
export interface InterpolationFacts {
  readonly sourceName?: string | undefined;
  readonly builderType?: string | undefined;
  /** Absent before anything runs. */
  readonly facts?: MachineFactsForTemplates | undefined;
}

/** Renders the `{{ … }}` that options of Packer's components may hold. */
export type Interpolation = (facts: InterpolationFacts) => DecodeContext["interpolate"];

export function packerInterpolation(host: Host, files: TemplateFiles): Interpolation {
  const start = host.now();
  return ({ sourceName, builderType }) => {
    const functions: TemplateFunctions = new Map(
      Object.entries({
        build_name: constant(sourceName ?? ""),
        build_type: constant(builderType ?? ""),
        template_dir: constant(files.folder),
        pwd: constant(host.cwd),
        packer_version: constant(PACKER_VERSION),
        timestamp: constant(String(Math.floor(start.getTime() / 1000))),
      }),
    );
    return (text) => renderUntilStable(text, {}, functions);
  };
}

function constant(text: string): TemplateFunction {
  return { parameters: [], call: () => text };
}
