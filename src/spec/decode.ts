import type { Scope } from "../hcl/evaluation/scope.ts";
import type { Diagnostics } from "../hcl/source/diagnostic.ts";
import type { Range } from "../hcl/source/source.ts";
import type { Body } from "../hcl/syntax/body.ts";
import { isNull, type Value } from "../hcl/values/value.ts";
import { type BlockEntry, type Entry, errorCount, gatherLayer } from "./decoding/gather-layer.ts";
import type { Place } from "./decoding/place.ts";
import { readAttribute } from "./decoding/read-attribute.ts";
import type { Field, Fields, PartialConfig } from "./field.ts";
import type { Rendered } from "./go-template/render-template.ts";

export interface DecodeContext {
  readonly scope: Scope;
  /** Renders Packer's `{{ … }}` in a text option, once. Called only for texts that hold `{{`. */
  interpolate(text: string): Rendered;
  /** Why a text that the component renders itself is no template, if so. Packer checks these when it decodes, too. */
  checkTemplate?(text: string): string | undefined;
  /** Learns of every secret text, as written and as rendered. */
  secret(text: string): void;
}

/**
 * Options from one place: a body, or a value (a provisioner's `override`, a legacy JSON template). Bodies are read
 * with HCL's own conversions; values with the looser ones that Packer has for them ("true" is a boolean, "5" a number,
 * "a,b" a list).
 */
export type Layer = Body | ValueLayer;

export interface ValueLayer extends Place {
  readonly value: Value;
}

export interface DecodedFields<F extends Fields> {
  /** Fields that are unknown or faulty are missing in it. */
  readonly config: PartialConfig<F>;
  /** Everything was known and without fault: then `config` is a whole `Config<F>`. */
  readonly complete: boolean;
  /** Paths of the fields whose value is not known yet, or was faulty. */
  readonly unknown: ReadonlySet<string>;
  /** Paths of the fields that hold something sensitive, by their own declaration or the marks of what was written. */
  readonly sensitive: ReadonlySet<string>;
  /** Where each field, item of a written-out list and block stands, by path ("login.username", "scripts[0]"). */
  readonly written: ReadonlyMap<string, Range>;
}

/**
 * Decodes the options of a component. Of several layers, a later one wins field by field (maps and
 * single blocks are merged, lists replaced). Null and empty text count as
 * not set, as they do for Packer's components. Every fault is reported at the value that has it.
 */
export function decodeFields<F extends Fields>(
  source: Layer | readonly Layer[],
  fields: F,
  context: DecodeContext,
  diagnostics: Diagnostics,
): DecodedFields<F> {
  const decoding: Decoding = {
    context,
    diagnostics,
    unknown: new Set(),
    sensitive: new Set(),
    written: new Map(),
    empty: new Map(),
  };
  const faultsBefore = errorCount(diagnostics);
  const layers: readonly Layer[] = isLayers(source) ? source : [source];
  const config = decodeLayers(layers, fields, "", decoding);
  return {
    // Built from the same fields that the type is inferred from.
    config: config as PartialConfig<F>,
    complete: decoding.unknown.size === 0 && errorCount(diagnostics) === faultsBefore,
    unknown: decoding.unknown,
    sensitive: decoding.sensitive,
    written: decoding.written,
  };
}

/** Options that come as one value. */
export function decodeValue<F extends Fields>(
  value: Value,
  fields: F,
  context: DecodeContext,
  diagnostics: Diagnostics,
  place: Place,
): DecodedFields<F> {
  return decodeFields([{ value, ...place }], fields, context, diagnostics);
}

/** What one call of `decodeFields` collects. */
export interface Decoding {
  readonly context: DecodeContext;
  readonly diagnostics: Diagnostics;
  readonly unknown: Set<string>;
  readonly sensitive: Set<string>;
  readonly written: Map<string, Range>;
  /** Written as null or as empty text: not set, but a place to point at. */
  readonly empty: Map<string, Range>;
}

function isLayers(source: Layer | readonly Layer[]): source is readonly Layer[] {
  return Array.isArray(source);
}

function decodeLayers(layers: readonly Layer[], fields: Fields, path: string, decoding: Decoding) {
  const entries = new Map<string, Entry>();
  for (const layer of layers) {
    for (const [name, entry] of gatherLayer(layer, fields, path === "", decoding)) {
      const isNothing = entry.kind === "attribute" && isNull(entry.value);
      const earlier = entries.get(name);
      if (!isNothing || earlier === undefined) entries.set(name, earlier ? onTopOf(earlier, entry) : entry);
    }
  }
  const first = layers[0];
  const missingAt = first === undefined ? undefined : "value" in first ? first.range : first.missingItemRange;

  const config: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    const fieldPath = path === "" ? name : `${path}.${name}`;
    const value = decodeField(name, field, entries.get(name), fieldPath, missingAt, decoding);
    if (value !== undefined) config[name] = value;
  }
  return config;
}

/** Maps and blocks are merged, entry by entry and option by option; of anything else the later one counts. */
function onTopOf(earlier: Entry, later: Entry): Entry {
  if (earlier.kind === "attribute" && later.kind === "attribute") return { ...later, earlier };
  if (earlier.kind === "blocks" && later.kind === "blocks" && later.items.length > 0) return { ...later, earlier };
  return later;
}

/** undefined: not set and without default, unknown, or faulty. */
function decodeField(
  name: string,
  field: Field,
  entry: Entry | undefined,
  path: string,
  missingAt: Range | undefined,
  decoding: Decoding,
): unknown {
  if (entry?.kind === "unknown") {
    decoding.unknown.add(path);
    decoding.written.set(path, entry.range);
    return undefined;
  }
  const value =
    entry === undefined
      ? undefined
      : entry.kind === "attribute"
        ? readAttribute(name, field, entry, path, decoding)
        : readBlocks(name, field, entry, path, decoding);
  if (decoding.unknown.has(path)) return undefined;
  if (value === undefined) {
    if (field.required) reportMissing(name, field, missingAt, path, decoding);
    return field.required ? undefined : field.default;
  }
  if (field.deprecated !== undefined) warnDeprecated(name, field.deprecated, entry, decoding);
  return value;
}

function readBlocks(name: string, field: Field, entry: BlockEntry, path: string, decoding: Decoding): unknown {
  const { shape } = field;
  if (shape.kind === "attribute" || entry.items.length === 0) return undefined;
  const { diagnostics, written } = decoding;
  written.set(path, entry.items[0]?.range ?? entry.range);

  if (shape.kind === "block") {
    const [first, second] = entry.items;
    if (second !== undefined) {
      diagnostics.error({
        code: "block-duplicate",
        summary: `Duplicate ${name} block`,
        detail: `Only one block of type "${name}" is allowed.`,
        subject: second.range,
      });
      decoding.unknown.add(path);
    }
    const below = entry.earlier?.items[0];
    const layers = below ? [below.layer] : [];
    return first && decodeLayers([...layers, first.layer], shape.fields, path, decoding);
  }
  if (shape.most !== undefined && entry.items.length > shape.most) {
    diagnostics.error({
      code: "block-too-many",
      summary: `Too many ${name} blocks`,
      detail: `No more than ${shape.most} "${name}" blocks are allowed.`,
      subject: entry.items[shape.most]?.range,
    });
    decoding.unknown.add(path);
  }
  if (shape.least !== undefined && entry.items.length < shape.least) {
    diagnostics.error({
      code: "block-too-few",
      summary: `Insufficient ${name} blocks`,
      detail: `At least ${shape.least} "${name}" blocks are required.`,
      subject: entry.range,
    });
    decoding.unknown.add(path);
  }
  return entry.items.map((item, index) => {
    written.set(`${path}[${index}]`, item.range);
    return decodeLayers([item.layer], shape.fields, `${path}[${index}]`, decoding);
  });
}

function reportMissing(name: string, field: Field, subject: Range | undefined, path: string, decoding: Decoding): void {
  decoding.unknown.add(path);
  const empty = decoding.empty.get(path);
  if (field.shape.kind === "attribute") {
    decoding.diagnostics.error({
      code: "argument-missing",
      summary: "Missing required argument",
      detail: empty
        ? `The argument "${name}" is required, but its value is null or empty.`
        : `The argument "${name}" is required, and it is not set.`,
      subject: empty ?? subject,
    });
  } else {
    decoding.diagnostics.error({
      code: "block-missing",
      summary: `Missing ${name} block`,
      detail: `A ${name} block is required here.`,
      subject,
    });
  }
}

function warnDeprecated(name: string, why: string, entry: Entry | undefined, decoding: Decoding): void {
  decoding.diagnostics.warning({
    code: "argument-deprecated",
    summary: `Deprecated argument "${name}"`,
    detail: why,
    subject: entry?.kind === "attribute" ? (entry.nameRange ?? entry.place.range) : entry?.range,
  });
}
