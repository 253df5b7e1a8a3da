import type { LegacyTemplate, LegacyVariable } from "../../template/legacy/structure/legacy-template.ts";
import type { Console } from "./console.ts";

/** Prints what `inspect` shows of a template in the old JSON format, in Packer's shape to the letter. */
export function inspectLegacy(template: LegacyTemplate, console: Console): void {
  console.say("Packer Inspect: JSON mode");
  const { description } = template;
  if (description && description.text !== "") {
    console.say("Description:\n");
    console.say(`${description.text}\n`);
  }
  showVariables(template, console);
  showBuilders(template, console);
  console.say("Provisioners:\n");
  if (template.provisioners.length === 0) console.say("  <No provisioners>");
  for (const { type } of template.provisioners) {
    console.machine("", "template-provisioner", type);
    console.say(`  ${type}`);
  }
  console.say(
    "\nNote: If your build names contain user variables or template\nfunctions such as 'timestamp', these are processed at build time,\nand therefore only show in their raw form here.",
  );
}

function showVariables({ variables, sensitiveVariables }: LegacyTemplate, console: Console): void {
  const all = byName([...variables.values()], ({ name }) => name);
  if (all.length === 0) {
    console.say("Variables:\n");
    console.say("  <No variables>");
  }
  const secrets = new Set(sensitiveVariables.map(({ text }) => text));
  const required = all.filter((variable) => variable.default === undefined);
  if (required.length > 0) {
    console.say("Required variables:\n");
    for (const { name } of required) {
      console.machine("", "template-variable", name, "", "1");
      console.say(`  ${name}`);
    }
    console.say("");
  }
  const optional = all.filter((variable) => variable.default !== undefined);
  if (optional.length > 0) {
    console.say("Optional variables and their defaults:\n");
    const width = Math.max(...optional.map(({ name }) => name.length));
    for (const variable of optional) {
      const shown = shownDefault(variable, secrets);
      console.machine("", "template-variable", variable.name, shown, "0");
      console.say(`  ${variable.name.padEnd(width)} = ${shown}`);
    }
  }
  console.say("");
}

function shownDefault({ name, default: text = "" }: LegacyVariable, secrets: ReadonlySet<string>): string {
  return secrets.has(name) ? "<sensitive>" : text;
}

function showBuilders({ builders }: LegacyTemplate, console: Console): void {
  console.say("Builders:\n");
  if (builders.length === 0) console.say("  <No builders>");
  const width = Math.max(...builders.map(({ name }) => name.text.length));
  for (const { name, type } of byName([...builders], (builder) => builder.name.text)) {
    console.machine("", "template-builder", name.text, type);
    console.say(`  ${name.text.padEnd(width)}${name.text === type ? "" : ` (${type})`}`);
  }
  console.say("");
}

function byName<T>(items: readonly T[], nameOf: (item: T) => string): T[] {
  return [...items].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0));
}
