import { consoleNumberText } from "./number-text.ts";
import { isSensitive, isUnknown, isWhollyKnown, itemsOf, Numeric, SENSITIVE, type Value } from "./value.ts";

/**
 * The value as `packer console` shows it: text as it is, or quoted within a collection; one item a line; `<unknown>` for
 * what is not wholly known, and `<sensitive>` in place of every secret. A null attribute is left out, as Packer does.
 */
export function showValue(value: Value): string {
  if (value.marks.has(SENSITIVE)) return "<sensitive>";
  if (!isWhollyKnown(value) && !isSensitive(value)) return "<unknown>";
  return typeof value.data === "string" ? value.data : shown(value, "");
}

function shown(value: Value, indent: string): string {
  if (value.marks.has(SENSITIVE)) return "<sensitive>";
  const { data } = value;
  if (isUnknown(value)) return "<unknown>";
  if (data === null) return "null";
  if (typeof data === "string") return JSON.stringify(data);
  if (typeof data === "boolean") return String(data);
  if (data instanceof Numeric) return consoleNumberText(data);
  const inner = `${indent}  `;
  if (data instanceof Map) {
    const lines = [...data]
      .filter(([, item]) => item.data !== null)
      .map(([key, item]) => `${inner}${JSON.stringify(key)} = ${shown(item, inner)}\n`);
    return lines.length === 0 ? "{}" : `{\n${lines.join("")}${indent}}`;
  }
  const lines = itemsOf(value).map((item) => `${inner}${shown(item, inner)},\n`);
  return lines.length === 0 ? "[]" : `[\n${lines.join("")}${indent}]`;
}
