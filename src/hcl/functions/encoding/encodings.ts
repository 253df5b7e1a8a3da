import { FunctionFault, type Parameter } from "../../evaluation/scope.ts";
import { fromJson, toJson } from "../../values/json-text.ts";
import { ANY, STRING } from "../../values/type.ts";
import { stringValue } from "../../values/value.ts";
import { at, define, type FunctionTable, tableOf, textAt } from "../define.ts";
import { fromBase64, toBase64, utf8Text } from "./base64.ts";
import { decodeText, encodeText } from "./character-sets.ts";
import { decodeCsv } from "./csv.ts";

const TEXT: Parameter = { name: "str", type: STRING };
const ENCODING: Parameter = { name: "encoding", type: STRING };

const base64encode = define({
  name: "base64encode",
  doc: "The UTF-8 bytes of the text as base64.",
  parameters: [TEXT],
  returns: STRING,
  call: (args) => stringValue(toBase64(new TextEncoder().encode(textAt(args, 0)))),
});

const base64decode = define({
  name: "base64decode",
  doc: "The text whose UTF-8 bytes the base64 holds.",
  parameters: [TEXT],
  returns: STRING,
  call(args) {
    const text = utf8Text(bytesOf(textAt(args, 0)));
    if (text === undefined) throw new FunctionFault("the decoded bytes are no text in UTF-8", 0);
    return stringValue(text);
  },
});

const textencodebase64 = define({
  name: "textencodebase64",
  doc: "The text in a character encoding (by its IANA name, such as UTF-16LE) as base64.",
  parameters: [{ ...TEXT, name: "string" }, ENCODING],
  returns: STRING,
  call: (args) => stringValue(toBase64(encodeText(textAt(args, 0), textAt(args, 1)))),
});

const textdecodebase64 = define({
  name: "textdecodebase64",
  doc: "The text that base64 holds in a character encoding (by its IANA name, such as UTF-16LE).",
  parameters: [{ ...TEXT, name: "source" }, ENCODING],
  returns: STRING,
  call: (args) => stringValue(decodeText(bytesOf(textAt(args, 0)), textAt(args, 1))),
});

const jsonencode = define({
  name: "jsonencode",
  doc: "The value as JSON.",
  parameters: [{ name: "val", type: ANY, allowNull: true }],
  returns: STRING,
  call: (args) => stringValue(toJson(at(args, 0))),
});

const jsondecode = define({
  name: "jsondecode",
  doc: "The value that JSON stands for.",
  parameters: [TEXT],
  returns: ANY,
  call(args) {
    try {
      return fromJson(textAt(args, 0));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw new FunctionFault(`this is no JSON: ${error.message}`, 0);
    }
  },
});

const csvdecode = define({
  name: "csvdecode",
  doc: "The rows of comma-separated values as a list of objects; the first line names the columns.",
  parameters: [TEXT],
  returns: ANY,
  call: (args) => decodeCsv(textAt(args, 0)),
});

const urlencode = define({
  name: "urlencode",
  doc: "The text as part of a query of a URL; a space becomes a plus sign.",
  parameters: [TEXT],
  returns: STRING,
  call: (args) => stringValue(queryEscaped(textAt(args, 0))),
});

/** Functions that write values and text in other forms, and read them. YAML has a file of its own. */
export const encodingFunctions: FunctionTable = tableOf([
  base64encode,
  base64decode,
  textencodebase64,
  textdecodebase64,
  jsonencode,
  jsondecode,
  csvdecode,
  urlencode,
]);

function bytesOf(base64: string): Uint8Array {
  const bytes = fromBase64(base64);
  if (!bytes) throw new FunctionFault("this is no base64", 0);
  return bytes;
}

function queryEscaped(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+");
}
