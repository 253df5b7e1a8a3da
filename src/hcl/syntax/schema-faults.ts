import type { Diagnostics } from "../source/diagnostic.ts";
import { nearestName } from "../source/nearest-name.ts";
import type { Range } from "../source/source.ts";
import type { BodySchema } from "./body.ts";
import type { Name } from "./tree.ts";

export type BlockSchema = BodySchema["blocks"][number];

/** Whether a block has as many labels as its schema names; otherwise that is reported. */
export function checkLabels(
  schema: BlockSchema,
  block: { readonly header: Range; readonly labels: readonly Name[] },
  diagnostics: Diagnostics,
): boolean {
  const names = schema.labelNames ?? [];
  const { type } = schema;
  const form = `${type}${names.map((name) => ` "${name}"`).join("")} { … }`;
  const missing = names[block.labels.length];
  if (missing !== undefined) {
    diagnostics.error({
      code: "label-missing",
      summary: `Missing ${missing} for ${type}`,
      detail: `A ${type} block takes ${names.length === 1 ? "a label" : `${names.length} labels`}: ${form}.`,
      subject: block.header,
    });
    return false;
  }
  const extra = block.labels[names.length];
  if (extra) {
    diagnostics.error({
      code: "label-extraneous",
      summary: `Extraneous label for ${type}`,
      detail:
        names.length === 0
          ? `A ${type} block takes no label: ${form}.`
          : `A ${type} block takes ${names.length === 1 ? "only one label" : `only ${names.length} labels`}: ${form}.`,
      subject: extra.range,
      context: block.header,
    });
  }
  return extra === undefined;
}

/** Reports the required arguments that are not there. */
export function reportMissing(
  schema: BodySchema,
  present: { has(name: string): boolean },
  subject: Range | undefined,
  diagnostics: Diagnostics,
): void {
  for (const { name, required } of schema.attributes) {
    if (!required || present.has(name)) continue;
    diagnostics.error({
      code: "argument-missing",
      summary: "Missing required argument",
      detail: `The argument "${name}" is required, and it is not set.`,
      subject,
    });
  }
}

/** Reports an argument that no schema names. `schemas`: the one asked for first, then those of earlier partial contents. */
export function reportUnsupported(
  name: Name,
  schemas: readonly BodySchema[],
  present: { has(name: string): boolean },
  diagnostics: Diagnostics,
): void {
  const free = schemas.flatMap(({ attributes }) => attributes.map((attribute) => attribute.name));
  const near = nearestName(
    name.text,
    free.filter((candidate) => !present.has(candidate)),
  );
  const isBlock = schemas.some(({ blocks }) => blocks.some(({ type }) => type === name.text));
  const hint = isBlock
    ? ` Did you mean to define a block of type "${name.text}"? A block has no equals sign.`
    : near === undefined
      ? ""
      : ` Did you mean "${near}"?`;
  diagnostics.error({
    code: "argument-unsupported",
    summary: "Unsupported argument",
    detail: `There is no argument named "${name.text}" here.${hint}`,
    subject: name.range,
  });
}

/** Reports a block that no schema names. */
export function reportUnsupportedBlock(type: Name, schemas: readonly BodySchema[], diagnostics: Diagnostics): void {
  const types = schemas.flatMap(({ blocks }) => blocks.map((block) => block.type));
  const near = nearestName(type.text, types);
  const isArgument = schemas.some(({ attributes }) => attributes.some(({ name }) => name === type.text));
  const hint = isArgument
    ? ` Did you mean to define argument "${type.text}"? If so, use the equals sign to assign it a value.`
    : near === undefined
      ? ""
      : ` Did you mean "${near}"?`;
  diagnostics.error({
    code: "block-unsupported",
    summary: "Unsupported block type",
    detail: `There is no block of type "${type.text}" here.${hint}`,
    subject: type.range,
  });
}
