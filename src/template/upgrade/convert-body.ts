import { numberText } from "../../hcl/values/number-text.ts";
import { toPlain } from "../../hcl/values/plain.ts";
import { compareCodePoints, itemsOf, Numeric, tupleValue, type Value } from "../../hcl/values/value.ts";
import type { AttributeForm, Field, Fields } from "../../spec/field.ts";
import { isIdentifier } from "../structure/names.ts";
import { convertText, type Place } from "./convert-text.ts";
import { blockText, quoted } from "./hcl-text.ts";
import type { UpgradeContext } from "./upgrade-context.ts";

/** The arguments and blocks of a body by name; each is one or several texts, without indentation. */
export type BodyParts = [name: string, text: string][];

export interface BodyConversion {
  readonly context: UpgradeContext;
  readonly place: Place;
  /** Collected. */
  readonly notes: string[];
  /** The options are those of an object: there are no blocks in it. */
  readonly inValue?: boolean;
}

/**
 * The options of a component in HCL. Where its fields are known, they tell blocks from arguments and what loose values
 * mean; else the form of the value does.
 */
export function convertBody(options: Value, fields: Fields | undefined, conversion: BodyConversion): BodyParts {
  if (!(options.data instanceof Map)) return [];
  const parts: BodyParts = [];
  for (const [key, value] of options.data as ReadonlyMap<string, Value>) {
    const name = nameIn(fields, key);
    const field = fields && Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (!conversion.inValue && !isIdentifier(name)) {
      conversion.notes.push(
        `An option called ${quoted(key)} cannot be written in HCL: ${JSON.stringify(toPlain(value))}`,
      );
      continue;
    }
    // An empty list may stand for no blocks: that is what it says of an option that nobody here knows.
    if (!conversion.inValue && isBlock(name, value, field)) {
      const inner = field && field.shape.kind !== "attribute" ? field.shape.fields : undefined;
      for (const item of Array.isArray(value.data) ? itemsOf(value) : [value]) {
        parts.push([name, blockText(name, linesOf(convertBody(item, inner, conversion)))]);
      }
    } else if (!Array.isArray(value.data) || value.data.length > 0 || field?.shape.kind === "attribute") {
      const form = field?.shape.kind === "attribute" ? field.shape.as : undefined;
      parts.push([name, `${keyText(name, conversion)} = ${valueText(shaped(value, form), form, conversion)}`]);
    }
  }
  return parts;
}

/** In the order of their names, as Packer writes them. */
export function linesOf(parts: BodyParts): string[] {
  return [...parts].sort(([a], [b]) => compareCodePoints(a, b)).map(([, text]) => text);
}

/** A value of an argument. */
export function valueText(value: Value, form: AttributeForm | undefined, conversion: BodyConversion): string {
  const { data } = value;
  if (data === null) return "null";
  if (typeof data === "boolean") return form === "text" ? quoted(data ? "1" : "0") : String(data);
  if (data instanceof Numeric && form === "boolean") return String(!data.isZero());
  if (data instanceof Numeric) return form === "duration" ? quoted(`${data.toFixed(0)}ns`) : numberText(data);
  if (typeof data === "string") return stringText(data, form, conversion);
  const itemForm = typeof form === "object" ? ("list" in form ? form.list : form.map) : undefined;
  if (Array.isArray(data)) {
    return `[${itemsOf(value)
      .map((item) => valueText(item, itemForm, conversion))
      .join(", ")}]`;
  }
  const members = [...(data as ReadonlyMap<string, Value>)].map(
    ([key, item]) => `${keyText(key, conversion)} = ${valueText(item, itemForm, conversion)}\n`,
  );
  return members.length === 0 ? "{}" : `{\n${members.join("")}}`;
}

export function keyText(key: string, { context, place, notes }: BodyConversion): string {
  if (isIdentifier(key)) return key;
  const converted = convertText(key, place, context);
  notes.push(...converted.notes);
  return converted.text;
}

function stringText(text: string, form: AttributeForm | undefined, { context, place, notes }: BodyConversion): string {
  if (form === "boolean" && /^(1|t|T|TRUE|true|True)$/.test(text)) return "true";
  if (form === "boolean" && /^(0|f|F|FALSE|false|False)$/.test(text)) return "false";
  const converted = convertText(text, place, context);
  notes.push(...converted.notes);
  if (typeof form !== "object" || !("list" in form)) return converted.text;
  // A list written as one text: it is split when it is rendered.
  if (text.includes("{{")) return `split(",", ${converted.text})`;
  return text === "" ? "[]" : `[${text.split(",").map(quoted).join(", ")}]`;
}

/** What loose decoding makes of a value before its items are looked at. */
function shaped(value: Value, form: AttributeForm | undefined): Value {
  if (typeof form !== "object" || !("list" in form) || value.data === null) return value;
  return Array.isArray(value.data) || typeof value.data === "string" ? value : tupleValue([value]);
}

/** Packer's decoder does not tell cases apart; HCL does. */
function nameIn(fields: Fields | undefined, key: string): string {
  if (!fields || Object.hasOwn(fields, key)) return key;
  return Object.keys(fields).find((name) => name.toLowerCase() === key.toLowerCase()) ?? key;
}

/** Options that are blocks though their values look like those of a map. */
const ALWAYS_BLOCKS: ReadonlySet<string> = new Set(["linux_options", "network_interface", "shared_image_gallery"]);

function isBlock(name: string, value: Value, field: Field | undefined): boolean {
  const objects = Array.isArray(value.data) ? itemsOf(value) : [value];
  const areObjects = objects.length > 0 && objects.every(({ data }) => data instanceof Map);
  if (field) return field.shape.kind !== "attribute" && areObjects;
  // What has other names than HCL's can only be a value.
  if (!areObjects || !objects.every(hasIdentifiers)) return false;
  if (Array.isArray(value.data) || ALWAYS_BLOCKS.has(name)) return true;
  const items = itemsOf(value);
  return (
    items.length === 0 || items.some(({ data }) => data instanceof Map || (Array.isArray(data) && data.length > 0))
  );
}

function hasIdentifiers({ data }: Value): boolean {
  return data instanceof Map && [...data.keys()].every(isIdentifier);
}
