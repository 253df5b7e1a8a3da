import { evaluate } from "../../hcl/evaluation/evaluate.ts";
import type { Diagnostics } from "../../hcl/source/diagnostic.ts";
import { suggestion } from "../../hcl/source/nearest-name.ts";
import type { Range } from "../../hcl/source/source.ts";
import type { Attribute, Block, Body, BodySchema } from "../../hcl/syntax/body.ts";
import { isNull, isUnknown, itemsOf, type Mark, type Value, withMarks } from "../../hcl/values/value.ts";
import type { Decoding, Layer, ValueLayer } from "../decode.ts";
import type { Fields } from "../field.ts";
import { type Place, placeOfPart } from "./place.ts";

/** What one layer says about one field. */
export type Entry = AttributeEntry | BlockEntry | UnknownEntry;

export interface AttributeEntry {
  readonly kind: "attribute";
  readonly value: Value;
  readonly place: Place;
  readonly nameRange?: Range;
  /** Of a value layer: Packer's loose conversions hold. */
  readonly weak: boolean;
  /** Of the layer below. */
  readonly earlier?: AttributeEntry;
}

export interface BlockEntry {
  readonly kind: "blocks";
  readonly items: readonly { readonly layer: Layer; readonly range: Range }[];
  readonly range: Range;
  /** Of the layer below. */
  readonly earlier?: BlockEntry;
}

/** Not known yet, or faulty and reported. */
export interface UnknownEntry {
  readonly kind: "unknown";
  readonly range: Range;
}

/** What the layer says, by name of field. What no field knows is reported. `top`: it is no nested block. */
export function gatherLayer(layer: Layer, fields: Fields, top: boolean, decoding: Decoding): Map<string, Entry> {
  return "value" in layer ? gatherValue(layer, fields, top, decoding) : gatherBody(layer, fields, decoding);
}

function gatherBody(body: Body, fields: Fields, decoding: Decoding): Map<string, Entry> {
  const { diagnostics } = decoding;
  const names = Object.keys(fields);
  const blockNames = names.filter((name) => fields[name]?.shape.kind !== "attribute");
  const schema: BodySchema = {
    attributes: names.filter((name) => !blockNames.includes(name)).map((name) => ({ name })),
    blocks: blockNames.map((type) => ({ type })),
  };
  const { content, rest } = body.partialContent(schema, diagnostics);
  // `name = { … }` for a block; whatever else is left is reported with all names to suggest from.
  const { attributes } = rest.content({ ...schema, attributes: names.map((name) => ({ name })) }, diagnostics);

  const entries = new Map<string, Entry>();
  for (const [name, attribute] of content.attributes) {
    const value = evaluateAttribute(attribute, decoding);
    const place = { range: attribute.expression.range, expression: attribute.expression };
    entries.set(
      name,
      value === undefined
        ? { kind: "unknown", range: place.range }
        : { kind: "attribute", value, place, nameRange: attribute.nameRange, weak: false },
    );
  }
  for (const block of content.blocks) addBlock(block, entries);
  for (const [name, attribute] of attributes) {
    const value = evaluateAttribute(attribute, decoding);
    const place = { range: attribute.expression.range, expression: attribute.expression };
    const entry = value === undefined ? { kind: "unknown" as const, range: place.range } : blocksOf(value, place);
    const earlier = entries.get(name);
    entries.set(
      name,
      earlier?.kind === "blocks" && entry.kind === "blocks"
        ? { ...earlier, items: [...earlier.items, ...entry.items] }
        : entry,
    );
  }
  return entries;
}

/** undefined: it had a fault, which is reported. */
function evaluateAttribute(attribute: Attribute, { context, diagnostics }: Decoding): Value | undefined {
  const before = errorCount(diagnostics);
  const value = evaluate(attribute.expression, attribute.scope ?? context.scope, diagnostics);
  return errorCount(diagnostics) === before ? value : undefined;
}

export function errorCount(diagnostics: Diagnostics): number {
  return diagnostics.all.filter((diagnostic) => diagnostic.severity === "error").length;
}

function addBlock(block: Block, entries: Map<string, Entry>): void {
  const earlier = entries.get(block.type);
  if (earlier?.kind === "unknown") return;
  if (block.unknown) {
    entries.set(block.type, { kind: "unknown", range: block.header });
    return;
  }
  const item = { layer: block.body, range: block.header };
  const items = earlier?.kind === "blocks" ? [...earlier.items, item] : [item];
  entries.set(block.type, { kind: "blocks", items, range: block.header });
}

function gatherValue(layer: ValueLayer, fields: Fields, top: boolean, decoding: Decoding): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  const { value } = layer;
  if (isNull(value)) return entries;
  if (isUnknown(value)) {
    for (const name of Object.keys(fields)) entries.set(name, { kind: "unknown", range: layer.range });
    return entries;
  }
  if (!(value.data instanceof Map)) {
    decoding.diagnostics.error({
      code: "argument-wrong-type",
      summary: "Incorrect attribute value type",
      detail: "An object with the options by name is required.",
      subject: layer.range,
    });
    return entries;
  }
  const names = Object.keys(fields);
  for (const [key, inner] of value.data as ReadonlyMap<string, Value>) {
    const place = placeOfPart(layer, key);
    // Packer's decoder of values does not tell cases apart.
    const name = Object.hasOwn(fields, key) ? key : names.find((each) => each.toLowerCase() === key.toLowerCase());
    const field = name === undefined ? undefined : fields[name];
    if (name === undefined || field === undefined) {
      // Packer itself puts these in.
      if (top && (key === "type" || key.startsWith("packer_"))) continue;
      decoding.diagnostics.error({
        code: "argument-unsupported",
        summary: `unknown configuration key: '"${key}"'`,
        detail: `There is no option of this name.${suggestion(key, names)}`,
        subject: place.range,
      });
      continue;
    }
    const marked = withMarks(inner, value.marks);
    entries.set(
      name,
      field.shape.kind === "attribute"
        ? { kind: "attribute", value: marked, place, weak: true }
        : blocksOf(marked, place),
    );
  }
  return entries;
}

/** Blocks written as a value: an object, or a list of objects. */
function blocksOf(value: Value, place: Place): Entry {
  if (isUnknown(value)) return { kind: "unknown", range: place.range };
  if (isNull(value)) return { kind: "blocks", items: [], range: place.range };
  if (!Array.isArray(value.data)) return { kind: "blocks", items: [itemOf(value, place, [])], range: place.range };
  const items = itemsOf(value).map((item, index) => itemOf(item, placeOfPart(place, index), value.marks));
  return { kind: "blocks", items, range: place.range };
}

function itemOf(value: Value, place: Place, marks: Iterable<Mark>): BlockEntry["items"][number] {
  return { layer: { value: withMarks(value, marks), ...place }, range: place.range };
}
