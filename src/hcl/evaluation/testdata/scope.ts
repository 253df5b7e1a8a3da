import { numberText } from "../../values/number-text.ts";
import { BOOL, listOf, mapOf, NUMBER, objectOf, STRING } from "../../values/type.ts";
import { typeText } from "../../values/type-text.ts";
import {
  boolValue,
  FALSE,
  isUnknown,
  itemsOf,
  listValue,
  mapValue,
  NULL,
  Numeric,
  nullOf,
  numberValue,
  objectValue,
  sensitive,
  setValueOfSorted,
  stringValue,
  TRUE,
  tupleValue,
  UNKNOWN_VALUE,
  unknownOf,
  type Value,
  withoutMarks,
} from "../../values/value.ts";
import type { HclFunction, Scope } from "../scope.ts";

const text = (...texts: string[]) => listValue(STRING, texts.map(stringValue));
const item = (id: number, k: string) => objectValue({ id: numberValue(id), k: stringValue(k) });

/** The variables that the recorded expressions use. */
export const testVariables: ReadonlyMap<string, Value> = new Map(
  Object.entries({
    num: numberValue(3),
    text: stringValue("hello"),
    yes: TRUE,
    no: FALSE,
    none: nullOf(STRING),
    nothing: NULL,
    list: text("a", "b", "c"),
    empty: text(),
    nulllist: nullOf(listOf(STRING)),
    set: setValueOfSorted(STRING, [stringValue("a"), stringValue("b")]),
    map: mapValue(NUMBER, [
      ["x", numberValue(1)],
      ["y", numberValue(2)],
    ]),
    obj: objectValue({ name: stringValue("n"), size: numberValue(7), tags: text("t"), nil: nullOf(STRING) }),
    objs: listValue(item(1, "p").type, [item(1, "p"), item(2, "q")]),
    tuple: tupleValue([numberValue(1), stringValue("two"), boolValue(true)]),
    later: unknownOf(STRING),
    laternum: unknownOf(NUMBER),
    laterbool: unknownOf(BOOL),
    laterlist: unknownOf(listOf(STRING)),
    laterany: UNKNOWN_VALUE,
    latermap: unknownOf(mapOf(STRING)),
    laterobj: unknownOf(objectOf({ a: STRING })),
    secret: sensitive(stringValue("s3cret")),
    secretnum: sensitive(numberValue(42)),
    secretbool: sensitive(TRUE),
    secretlist: sensitive(text("p", "q")),
    partsecret: listValue(STRING, [stringValue("open"), sensitive(stringValue("shut"))]),
    secretobj: objectValue({ user: stringValue("u"), pass: sensitive(stringValue("p")) }),
  }),
);

export function testScope(functions: ReadonlyMap<string, HclFunction>): Scope {
  return { variables: testVariables, functions };
}

/** A value in full, with types where they do not show, as the recordings write it. */
export function encoded(value: Value): string {
  if (value.marks.size > 0) return `${[...value.marks].join("+")}(${encoded(withoutMarks(value))})`;
  const { data, type } = value;
  if (isUnknown(value)) return `unknown(${typeText(type)})`;
  if (data === null) return `null(${typeText(type)})`;
  if (typeof data === "string") return JSON.stringify(data);
  if (typeof data === "boolean") return String(data);
  if (data instanceof Numeric) return numberText(data);
  if (data instanceof Map) {
    const items = [...data].map(([key, each]) => `${JSON.stringify(key)} = ${encoded(each)}`).join(", ");
    if (type.kind !== "map") return `{${items}}`;
    return items === "" ? `map(${typeText(type.element)}){}` : `map{${items}}`;
  }
  const items = itemsOf(value).map(encoded).join(", ");
  if (type.kind !== "list" && type.kind !== "set") return `[${items}]`;
  return items === "" ? `${type.kind}(${typeText(type.element)})[]` : `${type.kind}[${items}]`;
}
