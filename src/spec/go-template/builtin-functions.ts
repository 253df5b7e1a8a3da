import { goPrint, goSprint, goSprintf, goSprintln } from "./go-print.ts";
import { fromData, type GoValue, isList, isMap, isTrue, keyOf, sortedKeys, typeName } from "./go-value.ts";
import type { TemplateFunction, TemplateFunctions } from "./template-function.ts";

/** The functions that every template of Go has. */
export const builtinFunctions: TemplateFunctions = new Map<string, TemplateFunction>([
  ["and", deciding(false)],
  ["or", deciding(true)],
  ["not", { parameters: ["any"], call: ([value]) => !isTrue(value) }],
  ["len", { parameters: ["any"], call: ([value]) => length(value) }],
  ["index", { parameters: ["any"], variadic: "any", call: ([item, ...keys]) => keys.reduce(index, indexable(item)) }],
  ["slice", { parameters: ["any"], variadic: "any", call: ([item, ...indexes]) => slice(item, indexes) }],
  ["print", { parameters: [], variadic: "any", call: (args) => goSprint(args) }],
  ["println", { parameters: [], variadic: "any", call: (args) => goSprintln(args) }],
  ["printf", { parameters: ["string"], variadic: "any", call: ([format, ...args]) => goSprintf(String(format), args) }],
  ["html", escaping((text) => text.replace(/[\0"'&<>]/g, (each) => HTML.get(each) ?? each))],
  ["js", escaping((text) => text.replace(/[\\'"<>&=\p{C}]|(?! )\p{Z}/gu, jsEscape))],
  ["urlquery", escaping((text) => encodeURIComponent(text).replace(/%20|[!'()*]/g, urlEscape))],
  ["eq", { parameters: ["any"], variadic: "any", call: ([first, ...others]) => equalToAny(first, others) }],
  ["ne", { parameters: ["any", "any"], call: ([a, b]) => !equalToAny(a, [b]) }],
  ["lt", { parameters: ["any", "any"], call: ([a, b]) => isLess(a, b) }],
  ["le", { parameters: ["any", "any"], call: ([a, b]) => isLess(a, b) || equalToAny(a, [b]) }],
  ["gt", { parameters: ["any", "any"], call: ([a, b]) => !(isLess(a, b) || equalToAny(a, [b])) }],
  ["ge", { parameters: ["any", "any"], call: ([a, b]) => !isLess(a, b) }],
]);

const HTML = new Map([
  ["\0", "\ufffd"],
  ['"', "&#34;"],
  ["'", "&#39;"],
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
]);

function deciding(decides: boolean): TemplateFunction {
  return { parameters: ["any"], variadic: "any", decides, call: () => undefined };
}

/** Of the arguments, printed as one text. */
function escaping(escaped: (text: string) => string): TemplateFunction {
  return { parameters: [], variadic: "any", call: (args) => escaped(goSprint(args)) };
}

function jsEscape(character: string): string {
  if (/[\\'"]/.test(character)) return `\\${character}`;
  const code = character.codePointAt(0) ?? 0;
  return `\\u${code.toString(16).toUpperCase().padStart(4, "0")}`;
}

function urlEscape(text: string): string {
  return text === "%20" ? "+" : `%${(text.codePointAt(0) ?? 0).toString(16).toUpperCase()}`;
}

function length(value: GoValue): GoValue {
  if (value === null || value === undefined) throw new Error("len of nil pointer");
  if (typeof value === "string") return BigInt(Buffer.byteLength(value));
  if (isList(value)) return BigInt(value.length);
  if (isMap(value)) return BigInt(sortedKeys(value).length);
  throw new Error(`len of type ${typeName(value)}`);
}

function indexable(item: GoValue): GoValue {
  if (item === null || item === undefined) throw new Error("index of untyped nil");
  return item;
}

function index(item: GoValue, key: GoValue): GoValue {
  if (item === null || item === undefined) throw new Error("index of nil pointer");
  if (isMap(item)) {
    if (typeof key === "string") return keyOf(item, key);
    if (key === null || key === undefined) throw new Error("value is nil; should be of type string");
    throw new Error(`value has type ${typeName(key)}; should be string`);
  }
  if (typeof item === "string") {
    const bytes = Buffer.from(item);
    return BigInt(bytes[position(key, bytes.length - 1)] ?? 0);
  }
  if (isList(item)) return fromData(item[position(key, item.length - 1)]);
  throw new Error(`can't index item of type ${typeName(item)}`);
}

function slice(item: GoValue, indexes: readonly GoValue[]): GoValue {
  if (item === null || item === undefined) throw new Error("slice of untyped nil");
  if (indexes.length > 3) throw new Error(`too many slice indexes: ${indexes.length}`);
  if (typeof item === "string" && indexes.length === 3) throw new Error("cannot 3-index slice a string");
  if (typeof item !== "string" && !isList(item)) throw new Error(`can't slice item of type ${typeName(item)}`);
  const sliced = typeof item === "string" ? Buffer.from(item) : item;
  const positions = indexes.map((each) => position(each, sliced.length));
  const [from = 0, to = sliced.length] = positions;
  if (from > to) throw new Error(`invalid slice index: ${from} > ${to}`);
  return typeof item === "string" ? Buffer.from(item).subarray(from, to).toString() : item.slice(from, to);
}

function position(key: GoValue, last: number): number {
  if (key === null || key === undefined) throw new Error("cannot index slice/array with nil");
  if (typeof key !== "bigint") throw new Error(`cannot index slice/array with type ${typeName(key)}`);
  if (key < 0n || key > last) throw new Error(`index out of range: ${key}`);
  return Number(key);
}

function equalToAny(first: GoValue, others: readonly GoValue[]): boolean {
  if (others.length === 0) throw new Error("missing argument for comparison");
  return others.some((other) => {
    if (first === null || first === undefined || other === null || other === undefined) {
      return (first ?? undefined) === (other ?? undefined);
    }
    if (typeName(first) !== typeName(other)) {
      throw new Error(`incompatible types for comparison: ${typeName(first)} and ${typeName(other)}`);
    }
    if (typeof other === "object") throw new Error(`non-comparable type ${goPrint(other)}: ${typeName(other)}`);
    return first === other;
  });
}

function isLess(a: GoValue, b: GoValue): boolean {
  for (const value of [a, b]) {
    if (!["string", "bigint", "number", "boolean"].includes(typeof value))
      throw new Error("invalid type for comparison");
  }
  if (typeName(a) !== typeName(b)) {
    throw new Error(`incompatible types for comparison: ${typeName(a)} and ${typeName(b)}`);
  }
  if (typeof a === "string" && typeof b === "string") return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
  if (typeof a === "bigint" && typeof b === "bigint") return a < b;
  if (typeof a === "number" && typeof b === "number") return a < b;
  throw new Error("invalid type for comparison");
}
