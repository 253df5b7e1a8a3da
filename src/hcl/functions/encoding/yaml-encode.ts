import { numberText } from "../../values/number-text.ts";
import { itemsOf, Numeric, type Value } from "../../values/value.ts";

const WIDTH = 80;

/**
 * The value as a YAML document, laid out as libyaml does, which Packer uses: block style, two spaces of indentation but
 * none for sequences in mappings, texts in double quotes folded behind column 80, and literal blocks for several lines.
 */
export function encodeYaml(value: Value): string {
  const output = new Output();
  if (itemsOf(value).length > 0) write(value, -2, output, "document");
  else writeScalar(value, 2, output);
  if (!output.text.endsWith("\n")) output.put("\n");
  // Behind a word without quotes libyaml ends the document expressly.
  const isPlain = typeof value.data !== "string" && itemsOf(value).length === 0 && !/^[[{]/.test(output.text);
  return output.text + (isPlain ? "...\n" : "");
}

class Output {
  text = "";
  column = 0;

  put(text: string): void {
    this.text += text;
    const line = text.lastIndexOf("\n");
    this.column = line < 0 ? this.column + [...text].length : [...text.slice(line + 1)].length;
  }

  startLine(indent: number): void {
    if (this.text !== "" && !this.text.endsWith("\n")) this.put("\n");
    this.put(" ".repeat(Math.max(0, indent)));
  }
}

/** Where a collection starts: behind what stands before it, on a line of its own, or at the start of the document. */
type Start = "same line" | "next line" | "document";

/** `indent` is that of the surrounding block. */
function write(value: Value, indent: number, output: Output, start: Start): void {
  const { data } = value;
  if (data instanceof Map && data.size > 0) writeMapping(data, indent + 2, output, start);
  else if (Array.isArray(data) && data.length > 0) writeSequence(itemsOf(value), indent + 2, output, start);
  else {
    if (start !== "document") output.put(" ");
    writeScalar(value, indent + 2, output);
  }
}

function writeMapping(data: ReadonlyMap<string, Value>, indent: number, output: Output, start: Start): void {
  let sameLine = start === "same line";
  if (sameLine) output.put(" ");
  for (const [key, value] of data) {
    if (!sameLine) output.startLine(indent);
    sameLine = false;
    // A key that is long or has several lines is marked as one, and what it stands for starts on the line of the colon.
    const marked = /[\n\r\u0085\u2028\u2029]/.test(key) || new TextEncoder().encode(key).length > 128;
    if (marked) output.put("? ");
    if (marked) writeText(key, indent + 2, output);
    else writeQuoted(key, indent + 2, output, false);
    if (marked) output.startLine(indent);
    output.put(":");
    const isSequence = Array.isArray(value.data) && value.data.length > 0;
    // In a mapping a sequence needs no indentation of its own.
    write(value, isSequence && !marked ? indent - 2 : indent, output, marked ? "same line" : "next line");
  }
}

function writeSequence(items: readonly Value[], indent: number, output: Output, start: Start): void {
  let sameLine = start === "same line";
  if (sameLine) output.put(" ");
  for (const item of items) {
    if (!sameLine) output.startLine(indent);
    sameLine = false;
    output.put("-");
    write(item, indent, output, "same line");
  }
}

function writeScalar(value: Value, indent: number, output: Output): void {
  const { data } = value;
  if (typeof data === "string") writeText(data, indent, output);
  else if (data instanceof Numeric) output.put(numberText(data));
  else if (data instanceof Map) output.put("{}");
  else if (Array.isArray(data)) output.put("[]");
  else output.put(String(data));
}

function writeText(text: string, indent: number, output: Output): void {
  if (text.includes("\n") && canBeLiteral(text)) writeLiteral(text, indent, output);
  else writeQuoted(text, indent, output, true);
}

const NOT_PRINTABLE = /[^\n\x20-\x7e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/u;

/** A block cannot show spaces at the end of a line, nor what cannot be printed. */
function canBeLiteral(text: string): boolean {
  return !/ (?:$|[\n\r\u0085\u2028\u2029])/.test(text) && !NOT_PRINTABLE.test(text);
}

function writeLiteral(text: string, indent: number, output: Output): void {
  const keeps = /(?:^|[\n\u0085\u2028\u2029])[\n\u0085\u2028\u2029]$/.test(text);
  const hint = /^[ \n\u0085\u2028\u2029]/.test(text) ? "2" : "";
  output.put(`|${hint}${keeps ? "+" : /[\n\u0085\u2028\u2029]$/.test(text) ? "" : "-"}\n`);
  const lines = text.split("\n");
  const last = lines.pop() ?? "";
  for (const line of lines) output.put(line === "" ? "\n" : `${" ".repeat(Math.max(0, indent))}${line}\n`);
  if (last !== "") output.put(`${" ".repeat(Math.max(0, indent))}${last}`);
}

function writeQuoted(text: string, indent: number, output: Output, mayFold: boolean): void {
  output.put('"');
  const characters = [...text];
  let afterSpace = false;
  for (let index = 0; index < characters.length; index++) {
    const character = characters[index] ?? "";
    const isInner = index > 0 && index < characters.length - 1;
    if (character === " " && mayFold && !afterSpace && output.column > WIDTH && isInner) {
      output.startLine(indent);
      if (characters[index + 1] === " ") output.put("\\");
    } else output.put(escaped(character));
    afterSpace = character === " ";
  }
  output.put('"');
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\0": "\\0",
  "\x07": "\\a",
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\v": "\\v",
  "\f": "\\f",
  "\r": "\\r",
  "\x1b": "\\e",
  '"': '\\"',
  "\\": "\\\\",
  "\u0085": "\\N",
  "\u2028": "\\L",
  "\u2029": "\\P",
};

function escaped(character: string): string {
  const short = Object.hasOwn(ESCAPES, character) ? ESCAPES[character] : undefined;
  if (short !== undefined) return short;
  if (!NOT_PRINTABLE.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${hex.padStart(2, "0")}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}
