import { builtinFunctions } from "./builtin-functions.ts";
import { evaluateTemplate } from "./evaluate-template.ts";
import type { GoValue } from "./go-value.ts";
import { parseTemplate } from "./parse-template.ts";
import { NotYetKnown, TemplateFault } from "./template-fault.ts";
import type { TemplateFunctions } from "./template-function.ts";

/** A rendered text; `unknown`: it needs a value that is only known later; `error`: worded as Go words it. */
export type Rendered = { readonly text: string } | { readonly unknown: true } | { readonly error: string };

/** Renders a template of Go's kind once. A key that the data lacks renders as `<no value>`. */
export function renderTemplate(text: string, data: GoValue, functions: TemplateFunctions): Rendered {
  if (!text.includes("{{")) return { text };
  try {
    const template = parseTemplate(text, (name) => functions.has(name) || builtinFunctions.has(name));
    const all = new Map([...builtinFunctions, ...functions]);
    return { text: evaluateTemplate(template, data, all) };
  } catch (fault) {
    if (fault instanceof NotYetKnown) return { unknown: true };
    if (fault instanceof TemplateFault) return { error: fault.message };
    throw fault;
  }
}

/** Why the text is no template, or undefined where it is one: what renders it later may add these functions. */
export function templateFault(text: string, functions: TemplateFunctions): string | undefined {
  if (!text.includes("{{")) return undefined;
  try {
    parseTemplate(text, (name) => functions.has(name) || builtinFunctions.has(name));
    return undefined;
  } catch (fault) {
    if (fault instanceof TemplateFault) return fault.message;
    throw fault;
  }
}

/** Renders until nothing changes any more, as Packer's components do for what they render themselves. */
export function renderUntilStable(text: string, data: GoValue, functions: TemplateFunctions): Rendered {
  let current = text;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const rendered = renderTemplate(current, data, functions);
    if (!("text" in rendered) || rendered.text === current) return rendered;
    current = rendered.text;
  }
  return { error: `template: root: still changing after ${MOST_ROUNDS} rounds: does it render to itself?` };
}

const MOST_ROUNDS = 100;
