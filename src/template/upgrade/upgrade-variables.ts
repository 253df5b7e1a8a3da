import { compareCodePoints } from "../../hcl/values/value.ts";
import type { LegacyTemplate, LegacyVariable } from "../legacy/structure/legacy-template.ts";
import { environmentVariable } from "./convert-call.ts";
import { convertText } from "./convert-text.ts";
import { blockText, identifierOf, quoted } from "./hcl-text.ts";
import { noted } from "./noted.ts";
import type { UpgradeContext } from "./upgrade-context.ts";

/** The variables whose value only a local may have: it uses other variables, or functions. */
export function namesOfLocals({ variables }: LegacyTemplate): ReadonlySet<string> {
  const names = [...variables.values()].filter(({ default: text }) => text !== undefined && needsLocal(text));
  return new Set(names.map(({ name }) => name));
}

function needsLocal(text: string): boolean {
  const actions = [...text.matchAll(/\{\{(.*?)\}\}/gs)].map(([, action = ""]) => action.replace(/^-?\s*|\s*-?$/g, ""));
  return actions.some((action) => !/^(\.|env\s+(`[^`]*`|"[^"]*")$)/.test(action));
}

/** `variable` blocks, by name. Those that nobody declared but somebody uses, or that read the environment, come along. */
export function variableBlocks(context: UpgradeContext): string[] {
  const { template, locals, used } = context;
  const declared = [...template.variables.values()].filter(({ name }) => !locals.has(name));
  const secrets = new Set(template.sensitiveVariables.map(({ text }) => text));
  const blocks = declared.map((variable): [string, string] => [
    variable.name,
    variableBlock(variable, secrets.has(variable.name), context),
  ]);
  for (const name of used.undeclared) blocks.push([name, blockText(headerOf(name), ["type = string"])]);
  for (const name of used.environment) {
    const lines = ["type = string", `default = "\${env(${quoted(name)})}"`];
    blocks.push([environmentVariable(name), blockText(headerOf(environmentVariable(name)), lines)]);
  }
  return blocks.sort(([a], [b]) => compareCodePoints(a, b)).map(([, text]) => text);
}

function headerOf(name: string): string {
  return `variable "${identifierOf(name)}"`;
}

function variableBlock({ name, default: text }: LegacyVariable, isSecret: boolean, context: UpgradeContext): string {
  const lines = ["type = string"];
  const converted = text === undefined ? undefined : convertText(text, "variable", context);
  if (converted) lines.push(`default = ${converted.text}`);
  if (isSecret) lines.push("sensitive = true");
  return noted(blockText(headerOf(name), lines), converted?.notes ?? []);
}

/** A `local` block for each that is secret, and one `locals` block of all others. */
export function localBlocks(context: UpgradeContext): {
  readonly secret: string[];
  readonly plain: string | undefined;
} {
  const secrets = new Set(context.template.sensitiveVariables.map(({ text }) => text));
  const notes: string[] = [];
  const plain: string[] = [];
  const secret: string[] = [];
  const names = [...context.locals].sort(compareCodePoints);
  for (const name of names) {
    const text = context.template.variables.get(name)?.default ?? "";
    const converted = convertText(text, "local", context);
    if (secrets.has(name)) {
      const lines = ["sensitive = true", `expression = ${converted.text}`];
      secret.push(noted(blockText(`local "${identifierOf(name)}"`, lines), converted.notes));
    } else {
      plain.push(`${identifierOf(name)} = ${converted.text}`);
      notes.push(...converted.notes);
    }
  }
  return { secret, plain: plain.length === 0 ? undefined : noted(blockText("locals", plain), notes) };
}
