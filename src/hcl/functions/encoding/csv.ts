import { FunctionFault } from "../../evaluation/scope.ts";
import { objectOf, STRING } from "../../values/type.ts";
import { listValue, objectValue, stringValue, type Value } from "../../values/value.ts";

/** A list of objects, one a row; the first row names the columns. Throws `FunctionFault` for what is no CSV (RFC 4180). */
export function decodeCsv(text: string): Value {
  const [header, ...rows] = readRows(text.replaceAll("\r\n", "\n"));
  if (!header) throw new FunctionFault("the line with the names of the columns is missing", 0);
  const names = header.fields.map((name) => name.normalize("NFC"));
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) throw new FunctionFault(`the column ${JSON.stringify(repeated)} occurs twice`, 0);
  const type = objectOf(new Map([...names].sort().map((name) => [name, STRING])));
  const objects = rows.map(({ fields, line }) => {
    if (fields.length !== names.length) {
      throw new FunctionFault(`line ${line} has ${fields.length} fields, and there are ${names.length} columns`, 0);
    }
    return objectValue(names.map((name, index) => [name, stringValue(fields[index] ?? "")]));
  });
  return listValue(type, objects);
}

interface Row {
  readonly fields: readonly string[];
  /** Counted from 1. */
  readonly line: number;
}

/** Empty lines are no rows. */
function readRows(text: string): Row[] {
  const rows: Row[] = [];
  let at = 0;
  let line = 1;
  while (at < text.length) {
    if (text[at] === "\n") {
      at++;
      line++;
      continue;
    }
    const fields: string[] = [];
    const start = line;
    for (;;) {
      const field = text[at] === '"' ? quotedField(text, at, line) : plainField(text, at, line);
      fields.push(field.text);
      line += field.text.split("\n").length - 1;
      at = field.end;
      if (text[at] !== ",") break;
      at++;
    }
    rows.push({ fields, line: start });
    at++;
    line++;
  }
  return rows;
}

function plainField(text: string, start: number, line: number): { text: string; end: number } {
  let end = start;
  while (end < text.length && text[end] !== "," && text[end] !== "\n") {
    if (text[end] === '"')
      throw new FunctionFault(`line ${line}: a field with a quote in it must be quoted as a whole`, 0);
    end++;
  }
  return { text: text.slice(start, end), end };
}

function quotedField(text: string, start: number, line: number): { text: string; end: number } {
  let content = "";
  let at = start + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) throw new FunctionFault(`line ${line}: a quoted field has no end`, 0);
    content += text.slice(at, quote);
    const behind = text[quote + 1];
    if (behind === '"') {
      content += '"';
      at = quote + 2;
    } else if (behind === undefined || behind === "," || behind === "\n") return { text: content, end: quote + 1 };
    else throw new FunctionFault(`line ${line}: a quoted field goes on behind its end`, 0);
  }
}
