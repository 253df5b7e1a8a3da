import { Diagnostics } from "../../hcl/source/diagnostic.ts";
import type { Source } from "../../hcl/source/source.ts";
import { checkNames } from "../legacy/plan/check-legacy.ts";
import { readStrictJson } from "../legacy/structure/json-faults.ts";
import { readLegacyStructure } from "../legacy/structure/read-legacy-structure.ts";
import { fixValueOf, jsonText } from "./fix-value.ts";
import { fixers } from "./fixers.ts";

/**
 * The text of a template of the old JSON format with all that fixers know brought up to date, as Packer lays it out.
 * undefined, with an error in `diagnostics`, where it cannot be read or fixed.
 */
export function fixTemplate(source: Source, diagnostics: Diagnostics): string | undefined {
  const found = new Diagnostics();
  const root = readStrictJson(source, found);
  diagnostics.append(found.all);
  if (!root || found.hasErrors) return undefined;
  const template = fixValueOf(root);
  if (!(template instanceof Map)) {
    diagnostics.error({
      code: "legacy-form",
      summary: "A template must be a JSON object",
      detail: "Only templates of the old JSON format can be fixed.",
      subject: root.range,
    });
    return undefined;
  }
  for (const { name, fix } of fixers) {
    try {
      fix(template);
    } catch (fault) {
      if (!(fault instanceof Error)) throw fault;
      const detail = `The fixer "${name}" does not know what it means. Write true or false.`;
      diagnostics.error({ code: "not-fixable", summary: `Error fixing: ${fault.message}`, detail });
      return undefined;
    }
  }
  return `${jsonText(template)}\n`;
}

/** What is wrong with the form of a template, as `fix -validate` checks it. Components are not looked at. */
export function checkForm(source: Source, diagnostics: Diagnostics): void {
  const structure = readLegacyStructure(source, diagnostics);
  if (structure && !diagnostics.hasErrors) checkNames(structure, diagnostics);
}
