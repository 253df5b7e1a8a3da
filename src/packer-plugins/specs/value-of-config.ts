import { makeSet } from "../../hcl/values/make-set.ts";
import {
  isNull,
  listValue,
  nullOf,
  objectValue,
  tupleValue,
  unknownOf,
  type Value,
  withoutMarksWithin,
} from "../../hcl/values/value.ts";
import { type ObjectSpec, type Spec, typeOfSpec } from "./spec.ts";

/** What `decodeFields` gives for the fields of a spec. */
export interface DecodedConfig {
  readonly config: Readonly<Record<string, unknown>>;
  /** Paths of what is not known yet ("image", "disk[0].size"). */
  readonly unknown: ReadonlySet<string>;
}

/**
 * The value that a plugin gets: every attribute of its spec, of just the declared type; null where nothing was
 * written, unknown where it is not known yet. No block is an empty list, or null where there can be one only.
 */
export function valueOfConfig(spec: ObjectSpec, decoded: DecodedConfig): Value {
  return withoutMarksWithin(objectOf(spec, decoded.config, "", decoded.unknown));
}

type Unknown = ReadonlySet<string>;

function objectOf(spec: ObjectSpec, config: Readonly<Record<string, unknown>>, path: string, unknown: Unknown): Value {
  return objectValue([...spec.attributes].map(([name, each]) => [name, valueFor(each, config, path, unknown)]));
}

function valueFor(spec: Spec, config: Readonly<Record<string, unknown>>, around: string, unknown: Unknown): Value {
  if (spec.kind === "object") return objectOf(spec, config, around, unknown);
  if (spec.kind === "literal") return spec.value;
  if (spec.kind === "default") {
    const primary = valueFor(spec.primary, config, around, unknown);
    return isNull(primary) ? valueFor(spec.otherwise, config, around, unknown) : primary;
  }
  const type = typeOfSpec(spec);
  const path = around === "" ? spec.name : `${around}.${spec.name}`;
  const given = config[spec.name];
  if (unknown.has(path)) return unknownOf(type);
  switch (spec.kind) {
    case "attribute":
    case "any-attributes":
      return isValue(given) ? given : nullOf(type);
    case "block":
      return isConfig(given) ? valueFor(spec.nested, given, path, unknown) : nullOf(type);
    case "blocks": {
      const configs = Array.isArray(given) ? given.filter(isConfig) : [];
      const items = configs.map((each, index) => valueFor(spec.nested, each, `${path}[${index}]`, unknown));
      const element = typeOfSpec(spec.nested);
      if (spec.as === "tuple") return tupleValue(items);
      return spec.as === "set" ? makeSet(element, items) : listValue(element, items);
    }
    case "labelled":
      return nullOf(type);
  }
}

function isConfig(given: unknown): given is Readonly<Record<string, unknown>> {
  return typeof given === "object" && given !== null;
}

/** Attributes were declared to decode to values of the language. */
function isValue(given: unknown): given is Value {
  return typeof given === "object" && given !== null && "type" in given && "data" in given && "marks" in given;
}
