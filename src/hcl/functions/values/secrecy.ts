import { ANY, BOOL } from "../../values/type.ts";
import { boolValue, isUnknown, SENSITIVE, sensitive, unknownOf, withMarks, withoutMarks } from "../../values/value.ts";
import { at, define, type FunctionTable, tableOf } from "../define.ts";
import { VALUE } from "./unevaluated.ts";

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

/** Functions on what is secret. */
export const secrecyFunctions: FunctionTable = tableOf([markSensitive, nonsensitive, issensitive]);
