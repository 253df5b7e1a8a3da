import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  type ParsedNode,
  parseAllDocuments,
  type Scalar,
} from "yaml";
import { ConversionFault, convert } from "../../values/convert.ts";
import { parseNumber } from "../../values/number-text.ts";
import { STRING } from "../../values/type.ts";
import {
  boolValue,
  isNull,
  NULL,
  numberValue,
  objectValue,
  stringValue,
  tupleValue,
  type Value,
} from "../../values/value.ts";
import { formatTimestamp, parseLooseTimestamp } from "../dates/timestamp.ts";
import { fromBase64 } from "./base64.ts";

/** The value of a YAML document, with the plain words of YAML 1.1 (yes, on, ~) and `<<` as Packer reads them. */
export function decodeYaml(text: string): { readonly value: Value } | { readonly fault: string } {
  const lines = new LineCounter();
  // Scalars stay text here: what they mean is decided below, as in the library that Packer uses.
  const documents = parseAllDocuments(text, {
    schema: "failsafe",
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
  });
  if (!Array.isArray(documents) || documents.length === 0) return { fault: "there is no value in this YAML" };
  const [document, second] = documents;
  if (second) return { fault: "only one YAML document is allowed" };
  const [error] = document?.errors ?? [];
  if (error?.message.includes("call stack")) return { fault: "it is nested too deeply" };
  if (error) return { fault: `line ${lines.linePos(error.pos[0]).line}: ${error.message.replace(/\.$/, "")}` };
  const reader = new Reader(lines);
  try {
    return { value: document?.contents ? reader.value(document.contents as ParsedNode) : NULL };
  } catch (fault) {
    if (fault instanceof YamlFault) return { fault: fault.message };
    throw fault;
  }
}

class YamlFault extends Error {}

class Reader {
  readonly lines: LineCounter;
  readonly anchors = new Map<string, Value>();
  readonly pending = new Set<string>();
  /** Aliases can multiply a small text beyond all memory. */
  private budget = 1_000_000;

  constructor(lines: LineCounter) {
    this.lines = lines;
  }

  value(node: ParsedNode | null): Value {
    if (!node) return NULL;
    if (isAlias(node)) return this.alias(node.source, node);
    const { anchor } = node;
    if (anchor) this.pending.add(anchor);
    const value = isScalar(node) ? this.scalar(node) : this.collection(node);
    if (anchor) {
      this.pending.delete(anchor);
      this.anchors.set(anchor, value);
    }
    return value;
  }

  private collection(node: ParsedNode): Value {
    if (isSeq(node)) {
      this.checkTag(node, "seq");
      return tupleValue(node.items.map((item) => this.value(item as ParsedNode | null)));
    }
    if (!isMap(node)) throw this.fault(node, "this is no value");
    this.checkTag(node, "map");
    const entries = new Map<string, Value>();
    for (const pair of node.items as Pair<ParsedNode, ParsedNode | null>[]) {
      const { key } = pair;
      if (isScalar(key) && ((key.value === "<<" && key.type === "PLAIN") || key.tag === "tag:yaml.org,2002:merge")) {
        this.merge(pair.value, entries);
      } else entries.set(this.key(key, node), this.value(pair.value));
    }
    return objectValue(entries);
  }

  private key(node: ParsedNode | null, mapping: ParsedNode): string {
    const text = node && !isMap(node) && !isSeq(node) ? convert(this.value(node), STRING) : undefined;
    if (!text || text instanceof ConversionFault) throw this.fault(node ?? mapping, "a key must be text");
    if (isNull(text)) throw this.fault(node ?? mapping, "a key must not be null");
    return String(text.data);
  }

  private merge(node: ParsedNode | null, entries: Map<string, Value>): void {
    const merged = this.value(node);
    const sources = Array.isArray(merged.data) ? (merged.data as readonly Value[]) : [merged];
    for (const source of sources) {
      if (!(source.data instanceof Map)) throw this.fault(node, "only mappings can be merged into a mapping");
      for (const [key, value] of source.data) entries.set(key, value);
    }
  }

  private alias(name: string, node: ParsedNode): Value {
    if (this.pending.has(name)) throw this.fault(node, `the anchor "${name}" cannot be used inside itself`);
    const value = this.anchors.get(name);
    if (!value) throw this.fault(node, `there is no anchor "${name}"`);
    this.budget -= size(value);
    if (this.budget < 0) throw this.fault(node, "the aliases make this too large");
    return value;
  }

  private scalar(node: Scalar): Value {
    const source = node.source ?? String(node.value ?? "");
    const tag = (node.tag ?? "").replace(/^tag:yaml\.org,2002:/, "");
    const isPlain = node.type === "PLAIN" || node.type === undefined || node.type === null;
    switch (tag) {
      case "":
        return isPlain ? plainValue(source, node, this) : stringValue(source);
      case "str":
        return stringValue(source);
      case "binary":
        if (!fromBase64(source)) throw this.fault(node, "this is no base64");
        return stringValue(source);
      case "null":
        return NULL;
      case "bool":
      case "int":
      case "float":
      case "timestamp":
        return tagged(tag, source, node, this);
      default:
        throw this.fault(node, `the tag "${node.tag}" is not supported`);
    }
  }

  private checkTag(node: ParsedNode, kind: string): void {
    if (node.tag && node.tag !== `tag:yaml.org,2002:${kind}`)
      throw this.fault(node, `the tag "${node.tag}" is not supported`);
  }

  fault(node: { range?: readonly number[] | null | undefined } | null, message: string): YamlFault {
    const start = node?.range?.[0];
    return new YamlFault(start === undefined ? message : `line ${this.lines.linePos(start).line}: ${message}`);
  }
}

const TRUE_WORDS = new Set(["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"]);
const FALSE_WORDS = new Set(["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"]);
const NULL_WORDS = new Set(["", "~", "null", "Null", "NULL"]);

function plainValue(source: string, node: Scalar, reader: Reader): Value {
  if (TRUE_WORDS.has(source)) return boolValue(true);
  if (FALSE_WORDS.has(source)) return boolValue(false);
  if (NULL_WORDS.has(source)) return NULL;
  if (/^[-+]?\.(?:inf|Inf|INF)$|^\.(?:nan|NaN|NAN)$/.test(source))
    throw reader.fault(node, `${source} is not supported`);
  const time = parseLooseTimestamp(source);
  if (time) return stringValue(formatTimestamp(time));
  return numberOf(source) ?? stringValue(source);
}

function tagged(tag: string, source: string, node: Scalar, reader: Reader): Value {
  const fail = () => reader.fault(node, `${JSON.stringify(source)} is no ${tag}`);
  if (tag === "bool") {
    if (!TRUE_WORDS.has(source) && !FALSE_WORDS.has(source)) throw fail();
    return boolValue(TRUE_WORDS.has(source));
  }
  if (tag === "timestamp") {
    const time = parseLooseTimestamp(source);
    if (!time) throw fail();
    return stringValue(formatTimestamp(time));
  }
  const number = numberOf(source);
  if (!number) throw fail();
  return number;
}

function numberOf(source: string): Value | undefined {
  if (/^0[ox]/.test(source))
    return /^(?:0o[0-7]+|0x[0-9a-fA-F]+)$/.test(source) ? numberValue(BigInt(source)) : undefined;
  const number = parseNumber(source);
  return number && numberValue(number);
}

function size(value: Value): number {
  const { data } = value;
  if (Array.isArray(data)) return (data as readonly Value[]).reduce((sum, item) => sum + size(item), 1);
  return data instanceof Map ? [...data.values()].reduce((sum, item) => sum + size(item), 1) : 1;
}
