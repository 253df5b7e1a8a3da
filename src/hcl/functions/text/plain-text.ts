import { FunctionFault, type HclFunction, type Parameter } from "../../evaluation/scope.ts";
import { BOOL, listOf, NUMBER, STRING } from "../../values/type.ts";
import { boolValue, compareCodePoints, isNull, itemsOf, listValue, stringValue } from "../../values/value.ts";
import { at, define, type FunctionTable, tableOf, textAt, wholeAt } from "../define.ts";
import { graphemes } from "./graphemes.ts";

const TEXT: Parameter = { name: "str", type: STRING };
const text = (name: string): Parameter => ({ name, type: STRING });

function ofOneText(name: string, doc: string, change: (text: string) => string): HclFunction {
  return define({
    name,
    doc,
    parameters: [TEXT],
    returns: STRING,
    call: (args) => stringValue(change(textAt(args, 0))),
  });
}

function ofTwoTexts(name: string, doc: string, second: string, change: (text: string, other: string) => string) {
  return define({
    name,
    doc,
    parameters: [TEXT, text(second)],
    returns: STRING,
    call: (args) => stringValue(change(textAt(args, 0), textAt(args, 1))),
  });
}

function question(name: string, doc: string, second: string, answer: (text: string, other: string) => boolean) {
  return define({
    name,
    doc,
    parameters: [TEXT, text(second)],
    returns: BOOL,
    call: (args) => boolValue(answer(textAt(args, 0), textAt(args, 1))),
  });
}

const substr = define({
  name: "substr",
  doc: "A piece of the text, counted in characters as a reader sees them. A negative offset counts from the end; a length of -1 takes all the rest.",
  parameters: [TEXT, { name: "offset", type: NUMBER }, { name: "length", type: NUMBER }],
  returns: STRING,
  call(args) {
    const characters = graphemes(textAt(args, 0));
    const offset = wholeAt(args, 1);
    const length = wholeAt(args, 2);
    const start = offset < 0 ? Math.max(0, characters.length + offset) : offset;
    // Packer gives all the rest, and not nothing, for a length of 0 behind a negative offset.
    if (offset < 0 && length === 0) return stringValue(characters.slice(start).join(""));
    return stringValue(characters.slice(start, length < 0 ? undefined : start + length).join(""));
  },
});

const split = define({
  name: "split",
  doc: "The pieces of the text between the separators; an empty separator gives its characters.",
  parameters: [text("separator"), TEXT],
  returns: listOf(STRING),
  call(args) {
    const [separator, whole] = [textAt(args, 0), textAt(args, 1)];
    const pieces = separator === "" ? [...whole] : whole.split(separator);
    return listValue(STRING, pieces.map(stringValue));
  },
});

const join = define({
  name: "join",
  doc: "The texts of one or more lists, with a separator between them.",
  parameters: [text("separator")],
  variadic: { name: "lists", type: listOf(STRING) },
  returns: STRING,
  call(args) {
    if (args.length < 2) throw new FunctionFault("at least one list is required");
    const texts = args.slice(1).flatMap((list, index) =>
      itemsOf(list).map((item, position) => {
        if (isNull(item)) throw new FunctionFault(`element ${position} is null, and null cannot be joined`, index + 1);
        return String(item.data);
      }),
    );
    return stringValue(texts.join(textAt(args, 0)));
  },
});

const replace = define({
  name: "replace",
  doc: "The text with every occurrence of a part replaced. The part is taken literally, whatever it looks like; see regex_replace for patterns.",
  parameters: [TEXT, text("substr"), text("replace")],
  returns: STRING,
  call: (args) => stringValue(replaced(textAt(args, 0), textAt(args, 1), textAt(args, 2))),
});

const indent = define({
  name: "indent",
  doc: "The text with spaces put before every line but the first.",
  parameters: [{ name: "spaces", type: NUMBER }, TEXT],
  returns: STRING,
  call(args) {
    const spaces = wholeAt(args, 0);
    if (spaces < 0 || spaces > 10_000) throw new FunctionFault("a number from 0 to 10000 is required", 0);
    return stringValue(textAt(args, 1).replaceAll("\n", `\n${" ".repeat(spaces)}`));
  },
});

const sort = define({
  name: "sort",
  doc: "The texts of a list in the order of their code points.",
  parameters: [{ name: "list", type: listOf(STRING) }],
  returns: listOf(STRING),
  call(args) {
    const texts = itemsOf(at(args, 0)).map((item, index) => {
      if (typeof item.data !== "string")
        throw new FunctionFault(`element ${index} is null, and null cannot be sorted`, 0);
      return item.data;
    });
    return listValue(STRING, texts.sort(compareCodePoints).map(stringValue));
  },
});

/** Functions on text that need no pattern. */
export const textFunctions: FunctionTable = tableOf([
  ofOneText("upper", "The text in capital letters.", (whole) => eachCharacter(whole, upper)),
  ofOneText("lower", "The text in small letters.", (whole) => eachCharacter(whole, lower)),
  ofOneText("title", "The text with a capital at the start of each word.", title),
  ofOneText("strrev", "The text backwards.", (whole) => graphemes(whole).reverse().join("")),
  ofOneText("chomp", "The text without the line breaks at its end.", (whole) => whole.replace(/[\r\n]+$/, "")),
  ofOneText("trimspace", "The text without white space at both ends.", trimSpace),
  ofTwoTexts("trim", "The text without any of the given characters at both ends.", "cutset", trimSet),
  ofTwoTexts("trimprefix", "The text without a certain beginning.", "prefix", (whole, prefix) =>
    whole.startsWith(prefix) ? whole.slice(prefix.length) : whole,
  ),
  ofTwoTexts("trimsuffix", "The text without a certain ending.", "suffix", (whole, suffix) =>
    whole.endsWith(suffix) ? whole.slice(0, whole.length - suffix.length) : whole,
  ),
  question("startswith", "Whether the text begins with another.", "prefix", (whole, part) => whole.startsWith(part)),
  question("endswith", "Whether the text ends with another.", "suffix", (whole, part) => whole.endsWith(part)),
  question("strcontains", "Whether the text contains another.", "substr", (whole, part) => whole.includes(part)),
  substr,
  split,
  join,
  replace,
  indent,
  sort,
]);

/** Go maps letter by letter, and only to single letters: "ß" stays, which JavaScript would make "SS". */
function eachCharacter(whole: string, change: (character: string) => string): string {
  let result = "";
  for (const character of whole) result += change(character);
  return result;
}

function upper(character: string): string {
  const changed = character.toUpperCase();
  return [...changed].length === 1 ? changed : character;
}

function lower(character: string): string {
  const changed = character.toLowerCase();
  return [...changed].length === 1 ? changed : ([...changed][0] ?? character);
}

/** A word starts behind everything that is no letter, digit or underscore. */
function title(whole: string): string {
  let result = "";
  let before = " ";
  for (const character of whole) {
    result += isSeparator(before) ? (DIGRAPHS[character] ?? upper(character)) : character;
    before = character;
  }
  return result;
}

/** Two letters in one, of which only the first becomes a capital. */
const DIGRAPHS: Readonly<Record<string, string>> = { Ǆ: "ǅ", ǆ: "ǅ", Ǉ: "ǈ", ǉ: "ǈ", Ǌ: "ǋ", ǌ: "ǋ", Ǳ: "ǲ", ǳ: "ǲ" };

function isSeparator(character: string): boolean {
  if (/[\p{L}\p{N}_]/u.test(character)) return false;
  return (character.codePointAt(0) ?? 0) < 0x80 || SPACE.test(character);
}

const SPACE = /[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const SPACE_AT_ENDS = new RegExp(`^${SPACE.source}+|${SPACE.source}+$`, "g");

function trimSpace(whole: string): string {
  return whole.replace(SPACE_AT_ENDS, "");
}

function trimSet(whole: string, set: string): string {
  const characters = [...whole];
  const cut = new Set(set);
  let start = 0;
  let end = characters.length;
  while (start < end && cut.has(characters[start] ?? "")) start++;
  while (end > start && cut.has(characters[end - 1] ?? "")) end--;
  return characters.slice(start, end).join("");
}

/** An empty part stands between all characters and at both ends. */
function replaced(whole: string, part: string, by: string): string {
  if (part !== "") return whole.replaceAll(part, () => by);
  return `${by}${[...whole].map((character) => character + by).join("")}`;
}
