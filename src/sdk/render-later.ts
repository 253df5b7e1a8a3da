import type { GoValue } from "../spec/go-template/go-value.ts";
import { renderUntilStable } from "../spec/go-template/render-template.ts";
import type { TemplateFunction, TemplateFunctions } from "../spec/go-template/template-function.ts";
import type { BuildFacts, LaterTemplates, MachineFactsForTemplates, Work } from "./component.ts";
import { Failure } from "./failure.ts";

/** What is known where options are rendered late: of a provisioner or a post-processor at work. */
export type Rendering = Pick<Work, "host"> &
  LaterTemplates & { readonly facts: BuildFacts; readonly machine: MachineFactsForTemplates };

/**
 * Renders an option declared `templating: "later"` with `data` as {{.Name}}. The data is taken as it is: braces in it
 * are text. Throws a Failure for a faulty template.
 */
export function renderLater(work: Rendering, text: string, data: Readonly<Record<string, string>>): string {
  if (!text.includes("{{")) return text;
  // An option is rendered until nothing changes; what comes in as data must come out of that unharmed.
  const shielded = Object.fromEntries(Object.entries(data).map(([name, value]) => [name, shield(value)]));
  const rendered = work.render?.(text, shielded) ?? renderHere(work, text, shielded);
  return unshield(rendered);
}

const SHIELD = "{\u0000{";

function shield(text: string): string {
  return text.replaceAll("{{", SHIELD);
}

function unshield(text: string): string {
  return text.replaceAll(SHIELD, "{{");
}

/** Where the engine gives no renderer: with what the work itself knows. */
function renderHere(work: Rendering, text: string, data: Readonly<Record<string, string>>): string {
  const values: GoValue = { ...work.machine, ...data };
  const rendered = renderUntilStable(text, values, functionsOf(work));
  if ("text" in rendered) return rendered.text;
  const why = "error" in rendered ? rendered.error : "it needs a value that is not known";
  throw new Failure(`The template ${JSON.stringify(text)} cannot be rendered: ${why}`);
}

function functionsOf({ facts, host, machine }: Rendering): TemplateFunctions {
  const functions = new Map<string, TemplateFunction>([
    ["build", { parameters: ["string"], call: ([name]) => machine[String(name)] }],
  ]);
  const constants = {
    build_name: facts.sourceName,
    build_type: facts.builderType,
    template_dir: facts.templateFolder,
    pwd: host.cwd,
    timestamp: String(Math.floor(host.now().getTime() / 1000)),
  };
  for (const [name, value] of Object.entries(constants)) functions.set(name, { parameters: [], call: () => value });
  return functions;
}
