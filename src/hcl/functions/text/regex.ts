import { RE2JS } from "re2js";
import { FunctionFault, type Parameter } from "../../evaluation/scope.ts";
import { ANY, listOf, objectOf, STRING, type Type, tupleOf } from "../../values/type.ts";
import { isUnknown, listValue, nullOf, objectValue, stringValue, tupleValue, type Value } from "../../values/value.ts";
import { at, define, type FunctionTable, tableOf, textAt } from "../define.ts";

const PATTERN: Parameter = { name: "pattern", type: STRING };
const TEXT: Parameter = { name: "string", type: STRING };

const regex = define({
  name: "regex",
  doc: "What the pattern (RE2) matches first: the text; or its groups, as an object if they are named and a list if not. No match is a fault.",
  parameters: [PATTERN, TEXT],
  returns: (args) => matchTypeOf(at(args, 0)),
  call(args) {
    const pattern = compiled(textAt(args, 0));
    const matcher = pattern.re.matcher(textAt(args, 1));
    if (!matcher.find()) throw new FunctionFault("the pattern matches nothing in the text");
    return matchValue(pattern, matcher);
  },
});

const regexall = define({
  name: "regexall",
  doc: "The list of all that the pattern (RE2) matches, each as regex gives it.",
  parameters: [PATTERN, TEXT],
  returns: (args) => listOf(matchTypeOf(at(args, 0))),
  call(args) {
    const pattern = compiled(textAt(args, 0));
    const matcher = pattern.re.matcher(textAt(args, 1));
    return listValue(
      pattern.type,
      allMatches(matcher, () => matchValue(pattern, matcher)),
    );
  },
});

const regexReplace = define({
  name: "regex_replace",
  doc: "The text with all that the pattern (RE2) matches replaced; $1 and ${name} stand for groups, $$ for a dollar.",
  parameters: [TEXT, PATTERN, { name: "replace", type: STRING }],
  returns: STRING,
  call(args) {
    const pattern = compiled(textAt(args, 1), 1);
    const text = textAt(args, 0);
    const template = textAt(args, 2);
    const matcher = pattern.re.matcher(text);
    let done = 0;
    const pieces = allMatches(matcher, () => {
      const before = text.slice(done, matcher.start());
      done = matcher.end();
      return before + expanded(template, pattern, matcher);
    });
    return stringValue(pieces.join("") + text.slice(done));
  },
});

/** Functions with patterns: RE2, whose time grows only linearly with the text. */
export const regexFunctions: FunctionTable = tableOf([
  regex,
  regexall,
  regexReplace,
  { ...regexReplace, name: "regexreplace", doc: "Another name of regex_replace." },
]);

interface Pattern {
  readonly re: RE2JS;
  readonly count: number;
  readonly names: ReadonlyMap<string, number>;
  /** The type of one match. */
  readonly type: Type;
}

type Matcher = ReturnType<RE2JS["matcher"]>;

const recent = new Map<string, Pattern>();

function compiled(source: string, argument = 0): Pattern {
  const known = recent.get(source);
  if (known) return known;
  const pattern = compile(source, argument);
  if (recent.size >= 50) recent.clear();
  recent.set(source, pattern);
  return pattern;
}

function compile(source: string, argument: number): Pattern {
  let re: RE2JS;
  try {
    re = RE2JS.compile(source);
  } catch (error) {
    throw new FunctionFault(
      `this is no valid pattern: ${error instanceof Error ? error.message : String(error)}`,
      argument,
    );
  }
  const count = re.groupCount();
  const names = new Map(Object.entries(re.namedGroups() as Record<string, number>));
  if (names.size > 0 && names.size < count) {
    throw new FunctionFault("either all groups of the pattern must have names, or none", argument);
  }
  return { re, count, names, type: typeOfMatch(count, names) };
}

function typeOfMatch(count: number, names: ReadonlyMap<string, number>): Type {
  if (names.size > 0) return objectOf(new Map([...names.keys()].sort().map((name) => [name, STRING])));
  return count > 0 ? tupleOf(Array.from({ length: count }, () => STRING)) : STRING;
}

function matchTypeOf(pattern: Value): Type {
  return isUnknown(pattern) || typeof pattern.data !== "string" ? ANY : compiled(pattern.data).type;
}

function matchValue(pattern: Pattern, matcher: Matcher): Value {
  const group = (index: number): Value => {
    const text = matcher.group(index);
    return text === null || text === undefined ? nullOf(STRING) : stringValue(text);
  };
  if (pattern.names.size > 0) return objectValue([...pattern.names].map(([name, index]) => [name, group(index)]));
  if (pattern.count === 0) return group(0);
  return tupleValue(Array.from({ length: pattern.count }, (_, index) => group(index + 1)));
}

/** What `take` makes of every match. As in Go, an empty match right behind another match does not count. */
function allMatches<T>(matcher: Matcher, take: () => T): T[] {
  const taken: T[] = [];
  let end = -1;
  while (matcher.find()) {
    if (matcher.start() === matcher.end() && matcher.start() === end) continue;
    end = matcher.end();
    taken.push(take());
  }
  return taken;
}

/** `$name` takes the longest run of letters, digits and underscores, as Go does: `$1x` is the group "1x". */
function expanded(template: string, pattern: Pattern, matcher: Matcher): string {
  return template.replace(/\$(?:\$|(\w+)|\{(\w+)\})/g, (whole, plain?: string, braced?: string) => {
    if (whole === "$$") return "$";
    const name = plain ?? braced ?? "";
    const index = /^\d+$/.test(name) ? Number(name) : pattern.names.get(name);
    return index === undefined || index > pattern.count ? "" : (matcher.group(index) ?? "");
  });
}
