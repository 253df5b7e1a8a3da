import type { Host } from "../../sdk/host.ts";
import type { DecodeContext } from "../../spec/decode.ts";
import { templateFunctions } from "../../spec/go-template/packer-functions.ts";
import { renderTemplate } from "../../spec/go-template/render-template.ts";
import type { TemplateFiles } from "../files/find-template-files.ts";
import { PACKER_VERSION } from "../packer-version.ts";

/** Renders the `{{ … }}` that options of Packer's components may hold, for a source and its builder's type. */
export type Interpolation = (sourceName?: string, builderType?: string) => DecodeContext["interpolate"];

export function packerInterpolation(host: Host, files: TemplateFiles, startTime: Date): Interpolation {
  const world = {
    startTime,
    packerVersion: PACKER_VERSION,
    cwd: host.cwd,
    templateFolder: files.folder,
  };
  return (sourceName, builderType) => {
    const functions = templateFunctions({
      ...world,
      ...(sourceName !== undefined && { buildName: sourceName }),
      ...(builderType !== undefined && { buildType: builderType }),
    });
    return (text) => renderTemplate(text, {}, functions);
  };
}
