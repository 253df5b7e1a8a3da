import type { Json } from "../../sdk/json.ts";
import type {
  OutlinedBuild,
  OutlinedComponent,
  OutlinedOptions,
  OutlinedPostProcessor,
  OutlinedProvisioner,
  PlanOutline,
  Shown,
} from "./outline.ts";

/** An outline as people read it. */
export function planText(outline: PlanOutline): string {
  const count = outline.builds.length;
  return [
    `Plan of ${outline.template}: ${count === 1 ? "1 build" : `${count} builds`}`,
    ...section("Variables", variableRows(outline)),
    ...section("Locals", rows(outline.locals.map((local) => [`local.${local.name}`, shownText(local), ""]))),
    ...section("Data sources", dataSourceRows(outline)),
    ...section(
      "Evaluated in this order",
      outline.stages.map((stage, index) => `${index + 1}. ${stage.join(", ")}`),
    ),
    ...outline.builds.flatMap((build) => ["", ...buildLines(build)]),
  ].join("\n");
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", `${title}:`, ...lines.map((line) => `  ${line}`)];
}

function variableRows({ variables }: PlanOutline): string[] {
  return rows(
    variables.map((variable) => [
      `var.${variable.name}`,
      shownText(variable),
      `from the ${variable.from}${variable.place === undefined ? "" : ` (${variable.place})`}`,
    ]),
  );
}

function dataSourceRows({ dataSources }: PlanOutline): string[] {
  return dataSources.map(({ name, read, uses }) => {
    const needs = uses.length === 0 ? "" : `, needs ${uses.join(", ")}`;
    return `${name}: ${read ? "read" : "not read (use -evaluate-datasources)"}${needs}`;
  });
}

/** "name = value   note", in columns as far as they are not too wide. */
function rows(items: readonly (readonly [name: string, value: string, note: string])[]): string[] {
  const width = (texts: readonly string[]) => Math.min(32, Math.max(0, ...texts.map((text) => text.length)));
  const names = width(items.map(([name]) => name));
  const values = width(items.map(([, value]) => value));
  return items.map(([name, value, note]) =>
    `${name.padEnd(names)} = ${note === "" ? value : value.padEnd(values)}  ${note}`.trimEnd(),
  );
}

function buildLines(build: OutlinedBuild): string[] {
  const { builder, provisioners, errorCleanupProvisioner: cleanup, postProcessors } = build;
  return [
    `${build.name}`,
    ...indented([`builder ${headOf(builder)}`, ...indented(optionLines(builder.options))]),
    ...indented(provisioners.flatMap((one, index) => provisionerLines(`${index + 1}. provisioner`, one))),
    ...indented(cleanup ? provisionerLines("on failure: provisioner", cleanup) : []),
    ...indented([`artifact: ${build.makes ?? `what the builder ${builder.type} makes`}`]),
    ...indented(postProcessors.flatMap((chain, index) => chainLines(chain, postProcessors.length > 1 ? index + 1 : 0))),
  ];
}

function provisionerLines(label: string, one: OutlinedProvisioner): string[] {
  const rules = [
    ...(one.pauseBefore === undefined ? [] : [`pauses ${one.pauseBefore} before`]),
    ...(one.timeout === undefined ? [] : [`at most ${one.timeout}`]),
    ...(one.maxRetries === undefined ? [] : [`retried up to ${one.maxRetries} times`]),
  ];
  return [
    `${label} ${headOf(one)}${rules.length === 0 ? "" : `, ${rules.join(", ")}`}`,
    ...indented(optionLines(one.options)),
    ...indented((one.reads ?? []).map((path) => `reads ${path}`)),
  ];
}

function chainLines(chain: readonly OutlinedPostProcessor[], number: number): string[] {
  return chain.flatMap((one, index) => {
    const label = number === 0 ? "" : `chain ${number}: `;
    const keep =
      one.keepInputArtifact === undefined ? "" : `, ${one.keepInputArtifact ? "keeps" : "removes"} its input`;
    return [
      `${index === 0 ? `${label}post-processor` : "then post-processor"} ${headOf(one)}${keep}`,
      ...indented(optionLines(one.options)),
    ];
  });
}

function headOf({ type, name, place }: OutlinedComponent & { readonly name?: string }): string {
  return `${type}${name && name !== type ? ` "${name}"` : ""}${place === undefined ? "" : ` (${place})`}`;
}

function optionLines(options: OutlinedOptions): string[] {
  const width = Math.min(24, Math.max(0, ...Object.keys(options).map((name) => name.length)));
  return Object.entries(options).flatMap(([name, option]) => {
    if ("block" in option) return [`${name}:`, ...indented(optionLines(option.block))];
    if ("blocks" in option) return option.blocks.flatMap((block) => [`${name}:`, ...indented(optionLines(block))]);
    return [`${name.padEnd(width)} = ${shownText(option)}`];
  });
}

const LONGEST = 160;

function shownText(shown: Shown): string {
  if ("sensitive" in shown) return "<sensitive>";
  if ("knownAfter" in shown) return `(${knownAfterText(shown.knownAfter)})`;
  const text = valueText(shown.value);
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}… (${text.length} characters)`;
}

function knownAfterText(causes: readonly string[]): string {
  if (causes.length === 0) return "known later";
  const facts = causes.filter((cause) => cause.startsWith("build."));
  const data = causes.filter((cause) => !cause.startsWith("build."));
  return [
    ...(data.length === 0 ? [] : [`known after ${data.join(", ")} is read`]),
    ...(facts.length === 0 ? [] : [`known after the machine is there: ${facts.join(", ")}`]),
  ].join("; ");
}

/** As the language writes it, in one line. */
function valueText(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(valueText).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value);
  return entries.length === 0
    ? "{}"
    : `{ ${entries.map(([key, item]) => `${keyText(key)} = ${valueText(item)}`).join(", ")} }`;
}

function keyText(key: string): string {
  return /^[\p{ID_Start}_][\p{ID_Continue}-]*$/u.test(key) ? key : JSON.stringify(key);
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
