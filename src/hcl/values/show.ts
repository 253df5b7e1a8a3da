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
  if (typeof data === "string") return goQuoted(data);
  if (typeof data === "boolean") return String(data);
  if (data instanceof Numeric) return consoleNumberText(data);
  const inner = `${indent}  `;
  if (data instanceof Map) {
    const lines = [...data]
      .filter(([, item]) => item.data !== null)
      .map(([key, item]) => `${inner}${goQuoted(key)} = ${shown(item, inner)}\n`);
    return lines.length === 0 ? "{}" : `{\n${lines.join("")}${indent}}`;
  }
  const lines = itemsOf(value).map((item) => `${inner}${shown(item, inner)},\n`);
  return lines.length === 0 ? "[]" : `[\n${lines.join("")}${indent}]`;
}

/** The text as Go's %q writes it: what does not show is written as code. */
export function goQuoted(text: string): string {
  const escaped = text.replaceAll(/["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (character === '"' || character === "\\") return `\\${character}`;
    const letter = "abtnvfr"[code - 7];
    if (letter !== undefined) return `\\${letter}`;
    if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, "0")}`;
    return code < 0x10000 ? `\\u${code.toString(16).padStart(4, "0")}` : `\\U${code.toString(16).padStart(8, "0")}`;
  });
  return `"${escaped}"`;
}
