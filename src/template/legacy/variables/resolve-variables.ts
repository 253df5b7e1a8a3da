import type { Diagnostics } from "../../../hcl/source/diagnostic.ts";
import { suggestion } from "../../../hcl/source/nearest-name.ts";
import type { Range } from "../../../hcl/source/source.ts";
import { type TemplateWorld, templateFunctions } from "../../../spec/go-template/packer-functions.ts";
import { type Rendered, renderTemplate } from "../../../spec/go-template/render-template.ts";
import type { TemplateFunctions } from "../../../spec/go-template/template-function.ts";
import type { VariableOrigin } from "../../variables/variable.ts";
import type { LegacyVariable } from "../structure/legacy-template.ts";
import type { GivenValue } from "./given-values.ts";

export interface ToResolve {
  readonly declared: ReadonlyMap<string, LegacyVariable>;
  readonly given: ReadonlyMap<string, GivenValue>;
  /** With the environment: only here templates may read it. */
  readonly world: TemplateWorld & Required<Pick<TemplateWorld, "environment">>;
  /** Whether a variable without a value is a fault. */
  readonly requireValues: boolean;
}

/**
 * The values of all user variables, declared or just given. One may use others, in any order: they are rendered again and
 * again until nothing waits for another one.
 */
export function resolveVariables(input: ToResolve, diagnostics: Diagnostics): Record<string, string> {
  const waiting = textsOf(input, diagnostics);
  // Any name is one of a variable: "constructor", too.
  const values: Record<string, string> = Object.create(null);
  for (let before = -1; waiting.size !== before; ) {
    before = waiting.size;
    for (const [name, { text, range }] of [...waiting]) {
      const rendered = render(text, { ...input.world, userVariables: values });
      if (isWaiting(rendered)) continue;
      if (!("text" in rendered)) reportFault(name, rendered, range, diagnostics);
      values[name] = "text" in rendered ? rendered.text : "";
      waiting.delete(name);
    }
  }
  for (const [name, { text, range }] of waiting) reportUnresolved(name, text, range, waiting, values, diagnostics);
  return values;
}

interface Text {
  readonly text: string;
  readonly range: Range;
}

function textsOf({ declared, given, requireValues }: ToResolve, diagnostics: Diagnostics): Map<string, Text> {
  const texts = new Map<string, Text>();
  for (const { name, nameRange, default: text, range } of declared.values()) {
    if (text !== undefined) texts.set(name, { text, range });
    else if (requireValues && !given.has(name)) {
      diagnostics.error({
        code: "unset-variable",
        summary: `required variable not set: ${name}`,
        detail: `Its default is null, so a value must be given: with -var '${name}=…', or in a JSON file with -var-file.`,
        subject: nameRange,
      });
      texts.set(name, { text: "", range });
    }
  }
  for (const [name, { text, range }] of given) texts.set(name, { text, range });
  return texts;
}

/** `{{ .Name }}` is left for whoever knows the name. */
const LATER = /\{\{\s?\.(?:.*?)\s?\}\}/g;

function render(text: string, world: TemplateWorld): Rendered {
  const later: string[] = [];
  const shielded = text.replace(LATER, (action) => `\u0000${later.push(action) - 1}\u0000`);
  const rendered = renderTemplate(shielded, {}, new Map([...templateFunctions(world), ...secretStores]));
  if (!("text" in rendered)) return rendered;
  return { text: rendered.text.replace(/\u0000(\d+)\u0000/g, (_, index) => later[Number(index)] ?? "") };
}

const NOT_SET = /Error: variable not set: (.*)$/s;

/** Only here Packer reads them. */
const secretStores: TemplateFunctions = new Map(
  ["vault", "consul_key", "aws_secretsmanager", "aws_secretsmanager_raw"].map((name) => [
    name,
    {
      parameters: [],
      variadic: "any",
      call() {
        throw new Error("it is not read yet in templates of the old format: give the value with -var, or use HCL");
      },
    },
  ]),
);

function isWaiting(rendered: Rendered): boolean {
  return "error" in rendered && NOT_SET.test(rendered.error);
}

function reportFault(name: string, rendered: Rendered, subject: Range, diagnostics: Diagnostics): void {
  const why = "error" in rendered ? rendered.error : "it needs a value that is known later";
  diagnostics.error({
    code: "variable-template-invalid",
    summary: `error interpolating default value for '${name}'`,
    detail: `The value of the variable "${name}" cannot be rendered: ${why}.`,
    subject,
  });
}

function reportUnresolved(
  name: string,
  text: string,
  subject: Range,
  waiting: ReadonlyMap<string, Text>,
  values: Readonly<Record<string, string>>,
  diagnostics: Diagnostics,
): void {
  const missing = namesUsedIn(text).filter((used) => !Object.hasOwn(values, used));
  const undeclared = missing.find((used) => !waiting.has(used));
  const why =
    undeclared !== undefined
      ? `There is no variable "${undeclared}".${suggestion(undeclared, [...Object.keys(values), ...waiting.keys()])}`
      : `It waits for ${missing.map((used) => `"${used}"`).join(", ") || "another variable"}, and that in the end for itself: variables cannot use each other in a circle.`;
  diagnostics.error({
    code: "variable-unresolved",
    summary: `Failed to interpolate "${name}"`,
    detail: `${why} All variables that are used by other variables are required.`,
    subject,
  });
}

/** The names in `{{user …}}`, as far as they are written out. */
export function namesUsedIn(text: string): string[] {
  return [...text.matchAll(/\{\{(.*?)\}\}/gs)].flatMap(([, action = ""]) =>
    [...action.matchAll(/\buser\s+(?:`([^`]*)`|"((?:[^"\\]|\\.)*)")/g)].map(([, raw, quoted = ""]) => raw ?? quoted),
  );
}

/** Where a value came from, for whoever shows it. */
export function originOf(
  name: string,
  { declared, given }: Pick<ToResolve, "declared" | "given">,
): VariableOrigin | undefined {
  return given.get(name)?.origin ?? (declared.get(name)?.default === undefined ? undefined : "default");
}
