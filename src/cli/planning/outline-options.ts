import type { Range } from "../../hcl/source/source.ts";
import { Numeric, type Value } from "../../hcl/values/value.ts";
import type { Json } from "../../sdk/json.ts";
import { formatGoDuration } from "../../spec/duration.ts";
import type { AttributeForm, Field, Fields } from "../../spec/field.ts";
import type { Configured } from "../../template/plan.ts";
import type { OutlinedOptions, Shown } from "./outline.ts";
import { outlineValue } from "./outline-value.ts";
import { distinct } from "./value-references.ts";

export interface OptionsToOutline {
  readonly fields: Fields;
  readonly configured: Configured;
  readonly mask: (text: string) => string;
  /** The data sources that a value waits for. */
  readonly waitsFor: (key: string) => readonly string[];
}

/** The options that the template sets, as far as they are known; secrets only by name. */
export function outlineOptions(toOutline: OptionsToOutline): OutlinedOptions {
  const { decoded } = toOutline.configured;
  if (!decoded) return {};
  // Decoded from these fields; `never` stands for that in `Configured`.
  const config = toOutline.configured.config as Readonly<Record<string, unknown>>;
  return optionsAt("", config, toOutline.fields, { ...toOutline, decoded });
}

type Outlining = OptionsToOutline & { readonly decoded: NonNullable<Configured["decoded"]> };

function optionsAt(
  around: string,
  config: Readonly<Record<string, unknown>>,
  fields: Fields,
  outlining: Outlining,
): OutlinedOptions {
  const { decoded } = outlining;
  const options: Record<string, OutlinedOptions[string]> = {};
  for (const [name, field] of Object.entries(fields)) {
    const path = around === "" ? name : `${around}.${name}`;
    const range = decoded.written.get(path);
    if (!range) continue;
    options[name] = optionAt(path, config[name], field, range, outlining);
  }
  return options;
}

function optionAt(path: string, value: unknown, field: Field, range: Range, outlining: Outlining) {
  const { decoded, mask } = outlining;
  if (decoded.unknown.has(path)) return { knownAfter: causesIn(range, outlining) };
  if (decoded.sensitive.has(path)) return { sensitive: true } as const;
  const { shape } = field;
  // What was decoded has the shape that its field declares.
  if (shape.kind === "block") {
    return { block: optionsAt(path, value as Readonly<Record<string, unknown>>, shape.fields, outlining) };
  }
  if (shape.kind === "blocks") {
    const items = value as readonly Readonly<Record<string, unknown>>[];
    return { blocks: items.map((item, index) => optionsAt(`${path}[${index}]`, item, shape.fields, outlining)) };
  }
  return shownAs(value, shape.as, mask);
}

function shownAs(value: unknown, form: AttributeForm, mask: (text: string) => string): Shown {
  if (form === "value") return outlineValue(value as Value, mask, []);
  return { value: plain(value, form, mask) };
}

function plain(value: unknown, form: AttributeForm, mask: (text: string) => string): Json {
  if (form === "duration" && typeof value === "number") return formatGoDuration(value);
  if (typeof form === "object" && "list" in form && Array.isArray(value)) {
    return value.map((item) => plain(item, form.list, mask));
  }
  if (typeof form === "object" && "map" in form && typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item, form.map, mask)]));
  }
  if (typeof value === "string") return mask(value);
  if (typeof value === "number" || typeof value === "boolean") return value;
  return value instanceof Numeric ? value.toNumber() : null;
}

const REFERENCE =
  /\b(?:data\.[\p{ID_Start}_][\p{ID_Continue}-]*\.[\p{ID_Start}_][\p{ID_Continue}-]*|(?:local|build)\.[\p{ID_Start}_][\p{ID_Continue}-]*)/gu;
const OLD_REFERENCE = /\{\{-?\s*build\s+[`"](\w+)[`"]/g;

/** What the text of an option refers to that is not known yet. */
function causesIn({ source, start, end }: Range, { waitsFor }: Outlining): string[] {
  const text = source.text.slice(start, end);
  const keys = [...text.matchAll(REFERENCE)].map(([key]) => key);
  const facts = [...text.matchAll(OLD_REFERENCE)].map(([, name]) => `build.${name}`);
  return distinct([...keys.flatMap((key) => (key.startsWith("build.") ? [key] : waitsFor(key))), ...facts]);
}
