import type { LaterTemplates, MachineFactsForTemplates } from "../../sdk/component.ts";
import { Failure } from "../../sdk/failure.ts";
import { templateFunctions } from "../../spec/go-template/packer-functions.ts";
import { renderUntilStable } from "../../spec/go-template/render-template.ts";
import { PACKER_VERSION } from "../../template/packer-version.ts";
import type { BuildRun } from "../build-run.ts";
import { known } from "./machine-facts.ts";

/** Renders what components render themselves, with Packer's functions and the facts of the machine. */
export function laterTemplates(run: BuildRun, machine: MachineFactsForTemplates): Required<LaterTemplates> {
  const facts = known(machine);
  const texts = Object.entries(facts).map(([name, fact]) => [name, typeof fact === "string" ? fact : String(fact)]);
  const functions = templateFunctions({
    startTime: run.startTime,
    packerVersion: PACKER_VERSION,
    cwd: run.host.cwd,
    templateFolder: run.host.files.resolve(run.facts.templateFolder),
    buildName: run.facts.sourceName,
    buildType: run.facts.builderType,
    ...(run.planned.userVariables && { userVariables: run.planned.userVariables }),
    build: { names: new Set(Object.keys(facts)), values: Object.fromEntries(texts) },
  });
  return {
    render(text, data) {
      const rendered = renderUntilStable(text, { ...facts, ...data }, functions);
      if ("text" in rendered) return rendered.text;
      const why = "error" in rendered ? rendered.error : "it needs a value that is not known";
      throw new Failure(`The template ${JSON.stringify(text)} cannot be rendered: ${why}`);
    },
  };
}
