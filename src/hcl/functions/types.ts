import { FunctionFault, type HclFunction, type UnevaluatedCall } from "../evaluation/scope.ts";
import { Diagnostics } from "../source/diagnostic.ts";
import { ConversionFault, convert } from "../values/convert.ts";
import { ANY, BOOL, listOf, mapOf, NUMBER, STRING, setOf, type Type } from "../values/type.ts";
import { typeText } from "../values/type-text.ts";
import {
  boolValue,
  isUnknown,
  isWhollyKnown,
  marksWithin,
  SENSITIVE,
  sensitive,
  stringValue,
  UNKNOWN_VALUE,
  unknownOf,
  type Value,
  withMarks,
  withoutMarks,
} from "../values/value.ts";
import { at, define, type FunctionTable, tableOf } from "./define.ts";

const VALUE = { name: "value", type: ANY, allowNull: true, allowUnknown: true, allowMarked: true };

/** A function that gets its arguments unevaluated. */
function unevaluated(
  declaration: { name: string; doc: string; parameters?: readonly string[]; variadic?: string },
  evaluate: (call: UnevaluatedCall) => Value,
): HclFunction {
  return {
    name: declaration.name,
    doc: declaration.doc,
    parameters: (declaration.parameters ?? []).map((name) => ({ ...VALUE, name })),
    variadic: declaration.variadic === undefined ? undefined : { ...VALUE, name: declaration.variadic },
    resultType: () => ANY,
    call() {
      throw new Error(`${declaration.name} must be called with unevaluated arguments`);
    },
    evaluate,
  };
}

const attempt = unevaluated(
  { name: "try", doc: "The value of the first of the expressions that can be evaluated.", variadic: "expressions" },
  (call) => {
    if (call.argumentCount === 0) throw new FunctionFault("at least one expression is required");
    const faults: string[] = [];
    for (let index = 0; index < call.argumentCount; index++) {
      const found = new Diagnostics();
      const value = call.evaluate(index, found);
      if (!found.hasErrors) return isWhollyKnown(value) ? value : withMarks(UNKNOWN_VALUE, marksWithin(value));
      const first = found.all.find((each) => each.severity === "error");
      if (first) faults.push(`\n- ${first.summary}: ${first.detail.replace(/\.$/, "")}`);
    }
    throw new FunctionFault(`none of the expressions could be evaluated:${faults.join("")}`);
  },
);

const can = unevaluated(
  { name: "can", doc: "Whether the expression can be evaluated.", parameters: ["expression"] },
  (call) => {
    const found = new Diagnostics();
    const value = call.evaluate(0, found);
    if (found.hasErrors) return boolValue(false);
    return isWhollyKnown(value) ? boolValue(true) : unknownOf(BOOL);
  },
);

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

const markSensitive = define({
  name: "sensitive",
  doc: "The value as a secret: it, and all that is made from it, is masked wherever it would be shown.",
  parameters: [VALUE],
  returns: ANY,
  call: (args) => sensitive(at(args, 0)),
});

const nonsensitive = define({
  name: "nonsensitive",
  doc: "The value as no secret any more. Only for what gives nothing away.",
  parameters: [VALUE],
  returns: ANY,
  call(args) {
    const value = at(args, 0);
    return withMarks(
      withoutMarks(value),
      [...value.marks].filter((mark) => mark !== SENSITIVE),
    );
  },
});

const issensitive = define({
  name: "issensitive",
  doc: "Whether the value is a secret.",
  parameters: [VALUE],
  returns: BOOL,
  call(args) {
    const value = at(args, 0);
    if (value.marks.has(SENSITIVE)) return boolValue(true);
    return isUnknown(value) ? unknownOf(BOOL) : boolValue(false);
  },
});

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

/** Functions on types, and those that decide what is evaluated at all. */
export const typeFunctions: FunctionTable = tableOf([
  attempt,
  can,
  convertTo,
  to("tostring", "The value as a string.", STRING),
  to("tonumber", "The value as a number.", NUMBER),
  to("tobool", "The value as true or false.", BOOL),
  to("tolist", "The value as a list.", listOf(ANY)),
  to("toset", "The value as a set.", setOf(ANY)),
  to("tomap", "The value as a map.", mapOf(ANY)),
  markSensitive,
  nonsensitive,
  issensitive,
  typeOf,
]);
