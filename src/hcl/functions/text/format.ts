import { FunctionFault, type Parameter } from "../../evaluation/scope.ts";
import { ANY, listOf, STRING } from "../../values/type.ts";
import {
  isNull,
  isUnknown,
  isWhollyKnown,
  itemsOf,
  listValue,
  stringValue,
  unknownOf,
  type Value,
} from "../../values/value.ts";
import { define, type FunctionTable, tableOf, textAt } from "../define.ts";
import { formatText } from "./format-verbs.ts";

const FORMAT: Parameter = { name: "format", type: STRING };
const ARGS: Parameter = { name: "args", type: ANY, allowNull: true, allowUnknown: true };

const format = define({
  name: "format",
  doc: "The text of a format with its verbs (%s, %d, %q, %v ...) filled in with the arguments.",
  parameters: [FORMAT],
  variadic: ARGS,
  returns: STRING,
  call(args) {
    const values = args.slice(1);
    return values.every(isWhollyKnown) ? stringValue(formatText(textAt(args, 0), values)) : unknownOf(STRING);
  },
});

const formatlist = define({
  name: "formatlist",
  doc: "Formats once for each element of the lists among the arguments, which must be of one length; other arguments are the same each time.",
  parameters: [FORMAT],
  variadic: ARGS,
  returns: listOf(STRING),
  call(args) {
    const values = args.slice(1);
    const count = turns(values);
    if (count === undefined) return unknownOf(listOf(STRING));
    const texts = Array.from({ length: count }, (_, turn) => {
      const each = values.map((value) => (isSequence(value) ? (itemsOf(value)[turn] ?? value) : value));
      return each.every(isWhollyKnown) ? stringValue(formatText(textAt(args, 0), each)) : unknownOf(STRING);
    });
    return listValue(STRING, texts);
  },
});

/** Functions that fill in formats. */
export const formatFunctions: FunctionTable = tableOf([format, formatlist]);

/** How often to format; undefined where the length of a list is not known. */
function turns(values: readonly Value[]): number | undefined {
  let count: number | undefined;
  let known = true;
  for (const [index, value] of values.entries()) {
    if (isUnknown(value) && (value.type.kind === "any" || isSequence(value))) known = false;
    else if (isSequence(value)) {
      const { length } = itemsOf(value);
      if (count !== undefined && count !== length) {
        throw new FunctionFault(
          `this list has ${length} elements, another one ${count}: all must have the same number`,
          index + 1,
        );
      }
      count = length;
    }
  }
  return known ? (count ?? 1) : undefined;
}

function isSequence(value: Value): boolean {
  const { kind } = value.type;
  return (kind === "list" || kind === "set" || kind === "tuple") && !isNull(value);
}
