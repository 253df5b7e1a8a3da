import { suggestion } from "../../hcl/source/nearest-name.ts";
import { ConversionFault, convert } from "../../hcl/values/convert.ts";
import { aTypeName } from "../../hcl/values/type-text.ts";
import {
  isNull,
  isSensitive,
  isUnknown,
  itemsOf,
  Numeric,
  objectValue,
  SENSITIVE,
  stringValue,
  type Value,
  withMarks,
} from "../../hcl/values/value.ts";
import type { DecodeContext, Decoding } from "../decode.ts";
import { parseGoDuration } from "../duration.ts";
import type { AttributeForm, Field } from "../field.ts";
import { typeOfForm } from "../fields.ts";
import type { Rendered } from "../go-template/render-template.ts";
import type { AttributeEntry } from "./gather-layer.ts";
import { type Place, placeOfPart } from "./place.ts";
import { looseItems, looseMap, loosened } from "./weak-typing.ts";

/**
 * The value of an attribute in the form that the component gets, or undefined where it is not set. What is unknown, or
 * faulty (and then reported), is noted in `decoding.unknown`.
 */
export function readAttribute(
  name: string,
  field: Field,
  entry: AttributeEntry,
  path: string,
  decoding: Decoding,
): unknown {
  if (field.shape.kind !== "attribute") return undefined;
  const { as } = field.shape;
  const isMap = typeof as === "object" && "map" in as;
  const below = isMap && entry.earlier ? readAttribute(name, field, entry.earlier, path, decoding) : undefined;
  decoding.written.set(path, entry.place.range);
  const reading: Reading = { name, field, weak: entry.weak, decoding };
  const sensitive = field.sensitive ?? false;
  if (sensitive || isSensitive(entry.value)) decoding.sensitive.add(path);
  const result = read(entry.value, as, { ...entry.place, path, sensitive }, reading);
  if (result === NOT_USABLE) {
    decoding.unknown.add(path);
    return undefined;
  }
  if (typeof below === "object" && typeof result === "object") return { ...below, ...result };
  if (result !== null && result !== "") return result;
  decoding.written.delete(path);
  decoding.empty.set(path, entry.place.range);
  return undefined;
}

/** Unknown, or faulty and reported. */
const NOT_USABLE: unique symbol = Symbol("not usable");

interface Reading {
  readonly name: string;
  readonly field: Field;
  readonly weak: boolean;
  readonly decoding: Decoding;
}

interface Spot extends Place {
  readonly path: string;
  /** The value stands in something sensitive. */
  readonly sensitive: boolean;
}

/** Null where the value is null. */
function read(value: Value, form: AttributeForm, around: Spot, reading: Reading): unknown {
  if (isUnknown(value)) return NOT_USABLE;
  if (isNull(value)) return null;
  const spot = value.marks.has(SENSITIVE) ? { ...around, sensitive: true } : around;
  if (form === "value") return readValue(value, spot, reading);
  if (typeof form === "object") {
    return "list" in form ? readList(value, form.list, spot, reading) : readMap(value, form.map, spot, reading);
  }
  return readLeaf(value, form, spot, reading);
}

function readLeaf(value: Value, form: Extract<AttributeForm, string>, spot: Spot, reading: Reading): unknown {
  let given = value;
  if (reading.weak) {
    const rendered = renderIfText(value, spot, reading);
    if (rendered === NOT_USABLE) return NOT_USABLE;
    // As not set, which is what it is for Packer's decoder: the zero value.
    if (rendered.data === "") return "";
    given = loosened(rendered, form);
  }
  const converted = convert(given, typeOfForm(form));
  if (converted instanceof ConversionFault) return wrongType(converted.message, spot, reading);
  const { data } = converted;
  if (form === "boolean") return data;
  if (data instanceof Numeric) {
    if (form !== "integer" || data.isInteger()) return data.toNumber();
    return wrongType("a whole number is required", spot, reading);
  }
  if (typeof data !== "string") return NOT_USABLE;
  const text = reading.weak ? data : render(data, spot, reading);
  if (text === NOT_USABLE || text === "") return text;
  if (form === "duration") return readDuration(text, spot, reading);
  return isAllowed(text, spot, reading) ? text : NOT_USABLE;
}

function readList(value: Value, form: AttributeForm, spot: Spot, reading: Reading): unknown {
  let given = value;
  if (reading.weak) {
    const rendered = renderIfText(value, spot, reading);
    if (rendered === NOT_USABLE) return NOT_USABLE;
    given = looseItems(rendered);
  }
  if (!Array.isArray(given.data)) return wrongType(`a list is required, not ${aTypeName(given.type)}`, spot, reading);
  const written = given === value;
  const items = itemsOf(given).map((item, index) => {
    const place = written ? placeOfPart(spot, index) : spot;
    const path = `${spot.path}[${index}]`;
    if (written && place.expression) reading.decoding.written.set(path, place.range);
    return read(item, form, { ...place, path, sensitive: spot.sensitive }, reading) ?? zeroOf(form);
  });
  return items.includes(NOT_USABLE) ? NOT_USABLE : items;
}

function readMap(value: Value, form: AttributeForm, spot: Spot, reading: Reading): unknown {
  const given = reading.weak ? looseMap(value) : value;
  if (!(given.data instanceof Map)) return wrongType(`a map is required, not ${aTypeName(given.type)}`, spot, reading);
  const entries: [string, unknown][] = [];
  for (const [key, item] of given.data as ReadonlyMap<string, Value>) {
    const place = placeOfPart(spot, key);
    const path = `${spot.path}.${key}`;
    if (place.expression) reading.decoding.written.set(path, place.range);
    const result = read(item, form, { ...place, path, sensitive: spot.sensitive }, reading);
    const name = renderKey(key, spot, reading);
    if (result !== null) entries.push([String(name), name === NOT_USABLE ? name : result]);
  }
  return entries.some(([, item]) => item === NOT_USABLE) ? NOT_USABLE : Object.fromEntries(entries);
}

/** Renders each text in the value; the value keeps its types and marks. */
function readValue(value: Value, spot: Spot, reading: Reading): Value | typeof NOT_USABLE {
  const { shape } = reading.field;
  const converted = shape.kind === "attribute" && shape.as === "value" ? convert(value, shape.type) : value;
  if (converted instanceof ConversionFault) return wrongType(converted.message, spot, reading);
  return renderWithin(converted, spot, reading);
}

function renderWithin(value: Value, around: Spot, reading: Reading): Value | typeof NOT_USABLE {
  if (isUnknown(value)) return NOT_USABLE;
  const spot = value.marks.has(SENSITIVE) ? { ...around, sensitive: true } : around;
  const { data } = value;
  if (typeof data === "string") return renderIfText(value, spot, reading);
  if (Array.isArray(data)) {
    const items = itemsOf(value).map((item, index) => renderWithin(item, partSpot(spot, index), reading));
    return items.every(isUsable) ? { ...value, data: items } : NOT_USABLE;
  }
  if (!(data instanceof Map)) return value;
  const entries = [...(data as ReadonlyMap<string, Value>)].map(
    ([key, item]) => [renderKey(key, spot, reading), renderWithin(item, partSpot(spot, key), reading)] as const,
  );
  const usable = entries.flatMap(([key, item]) => (key !== NOT_USABLE && isUsable(item) ? [[key, item] as const] : []));
  if (usable.length < entries.length) return NOT_USABLE;
  return value.type.kind === "object"
    ? withMarks(objectValue(usable), value.marks)
    : { ...value, data: new Map(usable) };
}

function partSpot(spot: Spot, key: string | number): Spot {
  const path = typeof key === "number" ? `${spot.path}[${key}]` : `${spot.path}.${key}`;
  return { ...placeOfPart(spot, key), path, sensitive: spot.sensitive };
}

function isUsable(value: Value | typeof NOT_USABLE): value is Value {
  return value !== NOT_USABLE;
}

function renderIfText(value: Value, spot: Spot, reading: Reading): Value | typeof NOT_USABLE {
  if (typeof value.data !== "string") return value;
  const text = render(value.data, spot, reading);
  if (text === NOT_USABLE) return NOT_USABLE;
  return text === value.data ? value : withMarks(stringValue(text), value.marks);
}

function render(text: string, spot: Spot, { field, decoding }: Reading): string | typeof NOT_USABLE {
  const { context, diagnostics } = decoding;
  if (spot.sensitive && text !== "") context.secret(text);
  if (!text.includes("{{")) return text;
  const rendered = field.templating === "later" ? checked(text, context) : context.interpolate(text);
  if ("unknown" in rendered) return NOT_USABLE;
  if ("error" in rendered) {
    diagnostics.error({
      code: "option-template-invalid",
      summary: "Error in template",
      detail: `The {{ … }} template in "${spot.path}" cannot be rendered: ${rendered.error}.`,
      subject: spot.range,
    });
    return NOT_USABLE;
  }
  if (spot.sensitive && rendered.text !== "") context.secret(rendered.text);
  return rendered.text;
}

/** As Packer does; names are no secrets, even in a sensitive map. */
function renderKey(key: string, spot: Spot, reading: Reading): string | typeof NOT_USABLE {
  return render(key, { ...spot, sensitive: false }, reading);
}

function checked(text: string, context: DecodeContext): Rendered {
  const error = context.checkTemplate?.(text);
  return error === undefined ? { text } : { error };
}

function readDuration(text: string, spot: Spot, { decoding }: Reading): number | typeof NOT_USABLE {
  const parsed = parseGoDuration(text);
  if ("milliseconds" in parsed) return parsed.milliseconds;
  decoding.diagnostics.error({
    code: "duration-invalid",
    summary: `Failed to parse ${spot.path} duration`,
    detail: `${parsed.problem}. A duration is written with units, such as "90s", "5m" or "1h30m".`,
    subject: spot.range,
  });
  return NOT_USABLE;
}

function isAllowed(text: string, spot: Spot, { field, decoding }: Reading): boolean {
  const { oneOf } = field;
  if (oneOf === undefined || oneOf.includes(text)) return true;
  const given = spot.sensitive ? "This" : JSON.stringify(text);
  decoding.diagnostics.error({
    code: "argument-not-allowed",
    summary: `Invalid value for "${spot.path}"`,
    detail: `${given} is not one of ${oneOf.map((each) => JSON.stringify(each)).join(", ")}.${suggestion(text, oneOf)}`,
    subject: spot.range,
  });
  return false;
}

function wrongType(problem: string, spot: Spot, { name, decoding }: Reading): typeof NOT_USABLE {
  const where = spot.path.endsWith(name) ? `attribute "${name}"` : `"${spot.path}"`;
  decoding.diagnostics.error({
    code: "argument-wrong-type",
    summary: "Incorrect attribute value type",
    detail: `Inappropriate value for ${where}: ${problem}.`,
    subject: spot.range,
  });
  return NOT_USABLE;
}

/** What Packer's components see where an item is null. */
function zeroOf(form: AttributeForm): unknown {
  if (form === "text") return "";
  if (form === "boolean") return false;
  if (form === "number" || form === "integer" || form === "duration") return 0;
  if (form === "value") return null;
  return "list" in form ? [] : {};
}
