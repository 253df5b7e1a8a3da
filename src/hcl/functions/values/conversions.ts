import { FunctionFault, type HclFunction } from "../../evaluation/scope.ts";
import { ConversionFault, convert } from "../../values/convert.ts";
import { ANY, BOOL, listOf, mapOf, NUMBER, STRING, setOf, type Type } from "../../values/type.ts";
import { typeText } from "../../values/type-text.ts";
import { isUnknown, stringValue, UNKNOWN_VALUE, unknownOf } from "../../values/value.ts";
import { at, define, type FunctionTable, tableOf } from "../define.ts";
import { unevaluated, VALUE } from "./unevaluated.ts";

const convertTo = unevaluated(
  {
    name: "convert",
    doc: 'The value as a value of a type: convert("5", number), convert([], list(string)).',
    parameters: ["value", "type"],
  },
  (call) => {
    const type = call.typeOf(1, call.diagnostics);
    const before = call.diagnostics.all.length;
    const value = call.evaluate(0, call.diagnostics);
    if (!type || call.diagnostics.all.length > before) return UNKNOWN_VALUE;
    const converted = convert(value, type);
    if (converted instanceof ConversionFault) throw new FunctionFault(converted.message, 0);
    return converted;
  },
);

function to(name: string, doc: string, type: Type): HclFunction {
  return define({
    name,
    doc,
    parameters: [{ ...VALUE, name: "v" }],
    returns: type,
    call(args) {
      const converted = convert(at(args, 0), type);
      if (converted instanceof ConversionFault) throw new FunctionFault(converted.message, 0);
      return converted;
    },
  });
}

const typeOf = define({
  name: "type",
  doc: "The type of the value, as text.",
  parameters: [VALUE],
  returns: STRING,
  call(args) {
    const { type } = at(args, 0);
    return type.kind === "any" && isUnknown(at(args, 0)) ? unknownOf(STRING) : stringValue(typeText(type));
  },
});

/** Functions that turn values into values of other types. */
export const conversionFunctions: FunctionTable = tableOf([
  convertTo,
  to("tostring", "The value as a string.", STRING),
  to("tonumber", "The value as a number.", NUMBER),
  to("tobool", "The value as true or false.", BOOL),
  to("tolist", "The value as a list.", listOf(ANY)),
  to("toset", "The value as a set.", setOf(ANY)),
  to("tomap", "The value as a map.", mapOf(ANY)),
  typeOf,
]);
