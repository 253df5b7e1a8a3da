import type { Diagnostics, DiagnosticText } from "../source/diagnostic.ts";
import { suggestion } from "../source/nearest-name.ts";
import { type Range, rangeOf, type Source } from "../source/source.ts";
import { readEscape } from "./escape.ts";
import type { JsonMember, JsonNode, JsonString } from "./json-tree.ts";

/**
 * Reads a JSON text. Whatever the text, there is a tree; faults are reported in the order of the text, several in one
 * pass. Duplicate properties are no fault here.
 */
export function readJson(source: Source, diagnostics: Diagnostics): JsonNode {
  return new JsonReader(source, diagnostics).readFile();
}

const MOST_DEPTH = 400;

class JsonReader {
  private readonly source: Source;
  private readonly text: string;
  private readonly diagnostics: Diagnostics;
  private position = 0;
  private depth = 0;
  /** Behind a fault, until the next comma or closing bracket: what is found there follows from it. */
  private panicking = false;

  constructor(source: Source, diagnostics: Diagnostics) {
    this.source = source;
    this.text = source.text;
    this.diagnostics = diagnostics;
  }

  readFile(): JsonNode {
    if (this.text.charCodeAt(0) === 0xfeff) this.position = 1;
    const value = this.readValue("value");
    this.skipBlanks();
    if (this.position < this.text.length && value.kind !== "fault") {
      this.report(this.position, this.position + 1, {
        code: "json-extra-data",
        summary: "Extraneous data after value",
        detail: "The JSON value is complete before this.",
      });
    }
    return value;
  }

  /** At a fault nothing may be taken: who asked for the value goes on behind the next comma or bracket. */
  private readValue(what: "value" | "element"): JsonNode {
    this.skipBlanks();
    const start = this.position;
    const character = this.text.charAt(start);
    if (character === "{" || character === "[") {
      if (this.depth >= MOST_DEPTH) {
        const fault = this.fault(start, start + 1, {
          code: "nested-too-deep",
          summary: "Invalid start of value",
          detail: `More than ${MOST_DEPTH} levels of nesting are not supported.`,
        });
        this.position = this.text.length;
        return fault;
      }
      this.depth++;
      const value = character === "{" ? this.readObject() : this.readArray();
      this.depth--;
      return value;
    }
    if (character === '"') return this.readString();
    if (character === "-" || (character >= "0" && character <= "9")) return this.readNumber();
    const word = this.match(/[A-Za-z_$][\w$]*/y);
    if (word !== "") return this.readKeyword(word);
    return this.reportNoValue(character, what);
  }

  private readObject(): JsonNode {
    const start = this.position++;
    const members: JsonMember[] = [];
    this.skipBlanks();
    if (!this.take("}")) {
      do this.readMember(members);
      while (this.endItem(start, "}"));
    }
    return { kind: "object", members, range: this.rangeFrom(start) };
  }

  private readMember(members: JsonMember[]): void {
    this.skipBlanks();
    const start = this.position;
    const character = this.text.charAt(start);
    if (character !== '"') {
      const word = this.match(/'[^'\n]*'|[A-Za-z_$][\w$-]*|[-\d.]+/y);
      const closing = character === "}" || character === "";
      this.fault(start, start + Math.max(1, word.length), {
        code: "json-property-name",
        summary: closing ? "Missing JSON value" : "Invalid object property name",
        detail:
          character === "/"
            ? 'JSON has no comments. Write one as a property named "//".'
            : "The name of a property is a string in double quotes.",
      });
      this.position += word.length;
      this.skipBlanks();
      if (this.text.charAt(this.position) !== ":") return;
      this.position++;
      this.readValue("value");
      return;
    }
    const name = this.readString();
    if (name.kind === "fault") return;
    this.skipBlanks();
    if (!this.take(":")) {
      this.reportNoColon(name);
      return;
    }
    members.push({ name, value: this.readValue("value") });
  }

  private reportNoColon(name: JsonString): void {
    const at = this.position;
    const found = this.text.charAt(at);
    const bare = found === "," || found === "}";
    this.fault(at, at + 1, {
      code: bare ? "json-property-value" : "json-property-colon",
      summary: bare ? "Missing object value" : "Missing property value colon",
      detail: bare
        ? `A colon and a value must follow the name "${name.text}".`
        : found === "="
          ? "In JSON a colon, and not an equals sign, stands between name and value."
          : "A colon must stand between name and value.",
    });
    if (found !== "=") return;
    this.position++;
    this.readValue("value");
  }

  private readArray(): JsonNode {
    const start = this.position++;
    const items: JsonNode[] = [];
    this.skipBlanks();
    if (!this.take("]")) {
      do items.push(this.readValue("element"));
      while (this.endItem(start, "]"));
    }
    return { kind: "array", items, range: this.rangeFrom(start) };
  }

  /** Behind an item: whether there is another. Takes the comma or the closing bracket. */
  private endItem(start: number, closing: "}" | "]"): boolean {
    this.skipBlanks();
    const at = this.position;
    const kind = closing === "}" ? "object" : "array";
    if (this.take(closing)) {
      this.panicking = false;
      return false;
    }
    if (this.take(",")) {
      this.panicking = false;
      this.skipBlanks();
      if (this.text.charAt(this.position) !== closing) return true;
      this.position++;
      this.report(at, at + 1, {
        code: "json-trailing-comma",
        summary: `Trailing comma in ${kind}`,
        detail: `JSON allows no comma behind the last ${kind === "object" ? "property" : "item"}.`,
      });
      return false;
    }
    const found = this.text.charAt(at);
    if (found === "") {
      this.fault(start, start + 1, {
        code: "json-unclosed",
        summary: kind === "object" ? "Unclosed object" : "Unclosed array",
        detail: `This ${kind} has no closing "${closing}" before the end of the text.`,
      });
      return false;
    }
    const other = closing === "}" ? "]" : "}";
    if (found === other) {
      this.fault(at, at + 1, {
        code: "json-mismatched",
        summary: kind === "object" ? "Mismatched braces" : "Mismatched brackets",
        detail: `What opened here must be closed with "${closing}", and not with "${other}".`,
        context: rangeOf(this.source, start, at + 1),
      });
      // The wrong bracket closes this, or what is around and this was not closed at all: the former is more common.
      this.position++;
      this.panicking = false;
      return false;
    }
    if (found === ":" && kind === "array") {
      this.fault(at, at + 1, {
        code: "json-array-colon",
        summary: "Invalid array value",
        detail: "The items of an array have no names. Write properties in braces: { … }.",
      });
    } else {
      this.fault(at, at + 1, {
        code: "json-comma",
        summary: "Missing attribute separator comma",
        detail: `A comma must stand between the ${kind === "object" ? "properties of an object" : "items of an array"}.`,
      });
    }
    return this.resume(closing);
  }

  /** Behind a fault, skips to the next comma or closing bracket of this level, and takes it. */
  private resume(closing: "}" | "]"): boolean {
    this.panicking = false;
    let depth = 0;
    while (this.position < this.text.length) {
      const character = this.text.charAt(this.position);
      // A property on a line of its own: only the comma before it is missing.
      if (depth === 0 && character === '"' && closing === "}" && this.atMember()) return true;
      if (character === '"') {
        this.skipString();
        continue;
      }
      this.position++;
      if (character === "{" || character === "[") depth++;
      else if (character === "}" || character === "]") {
        if (depth === 0) return false;
        depth--;
      } else if (character === "," && depth === 0) return true;
    }
    return false;
  }

  private atMember(): boolean {
    return this.match(/"(?:[^"\\\n]|\\.)*"\s*:/y) !== "";
  }

  private skipString(): void {
    this.position += Math.max(1, this.match(/"(?:[^"\\\n]|\\.)*"?/y).length);
  }

  private readString(): JsonString | Extract<JsonNode, { kind: "fault" }> {
    const { text } = this;
    const start = this.position;
    let value = "";
    let from = start + 1;
    let at = from;
    for (; ; at++) {
      const code = text.charCodeAt(at);
      if (code === 0x22) break;
      if (Number.isNaN(code) || code === 0x0a || code === 0x0d) {
        this.position = at;
        return this.fault(start, at, {
          code: "json-string",
          summary: "Invalid JSON string",
          detail: 'This string has no closing quote on its line. A line break in it is written "\\n".',
        });
      }
      if (code === 0x5c) {
        value += text.slice(from, at);
        const sequence = readEscape(text, at);
        if (sequence.fault !== undefined) {
          this.report(at, at + sequence.length, {
            code: "json-string",
            summary: "Invalid JSON string",
            detail: sequence.fault,
          });
        }
        value += sequence.text;
        at += sequence.length - 1;
        from = at + 1;
      } else if (code < 0x20) {
        this.report(at, at + 1, {
          code: "json-string",
          summary: "Invalid JSON string",
          detail: `A control character must be escaped: \\u${code.toString(16).padStart(4, "0")}${code === 9 ? " or \\t" : ""}.`,
        });
      }
    }
    value += text.slice(from, at);
    this.position = at + 1;
    return { kind: "string", text: value, range: this.rangeFrom(start) };
  }

  private readNumber(): JsonNode {
    const start = this.position;
    const text = this.match(/-?[\d.]+(?:[eE][+-]?\d*)?[\w.]*|-/y);
    this.position += text.length;
    if (/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)) {
      return { kind: "number", text, range: this.rangeFrom(start) };
    }
    this.report(start, this.position, {
      code: "json-number",
      summary: "Invalid JSON number",
      detail: /^-?0\d/.test(text)
        ? "A number in JSON cannot begin with a zero. What must keep its zeros is a string."
        : `"${text}" is no number of JSON.`,
    });
    return { kind: "fault", range: this.rangeFrom(start) };
  }

  private readKeyword(word: string): JsonNode {
    const start = this.position;
    this.position += word.length;
    const range = this.rangeFrom(start);
    if (word === "null") return { kind: "null", range };
    if (word === "true" || word === "false") return { kind: "bool", value: word === "true", range };
    this.report(start, this.position, {
      code: "json-keyword",
      summary: "Invalid JSON keyword",
      detail: `"${word}" is no value of JSON; text is written in double quotes.${suggestion(word, ["true", "false", "null"])}`,
    });
    return { kind: "fault", range };
  }

  private reportNoValue(character: string, what: "value" | "element"): JsonNode {
    const at = this.position;
    const end = character === "";
    return this.fault(at, end ? at : at + 1, {
      code: "json-value",
      summary: end
        ? "Missing value"
        : character === "}"
          ? "Missing JSON value"
          : character === "]"
            ? "Missing array element value"
            : "Invalid start of value",
      detail: end
        ? "The text ends where a value is expected."
        : character === "'"
          ? "Strings are written in double quotes."
          : character === "/"
            ? 'JSON has no comments. Write one as a property named "//".'
            : `${what === "element" ? "An item" : "A value"} is expected here: an object, an array, a string, a number, true, false or null.`,
    });
  }

  private skipBlanks(): void {
    for (; ; this.position++) {
      const code = this.text.charCodeAt(this.position);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
    }
  }

  private take(character: string): boolean {
    if (this.text.charAt(this.position) !== character) return false;
    this.position++;
    return true;
  }

  /** What a sticky expression finds here; the position stays. */
  private match(expression: RegExp): string {
    expression.lastIndex = this.position;
    return expression.exec(this.text)?.[0] ?? "";
  }

  private rangeFrom(start: number): Range {
    return rangeOf(this.source, start, this.position);
  }

  private fault(start: number, end: number, text: DiagnosticText): Extract<JsonNode, { kind: "fault" }> {
    if (!this.panicking) this.report(start, end, text);
    this.panicking = true;
    return { kind: "fault", range: rangeOf(this.source, start, Math.min(end, this.text.length)) };
  }

  private report(start: number, end: number, text: DiagnosticText): void {
    this.diagnostics.error({ ...text, subject: rangeOf(this.source, start, Math.min(end, this.text.length)) });
  }
}
