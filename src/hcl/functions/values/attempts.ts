import { FunctionFault } from "../../evaluation/scope.ts";
import { Diagnostics } from "../../source/diagnostic.ts";
import { BOOL } from "../../values/type.ts";
import { boolValue, isWhollyKnown, marksWithin, UNKNOWN_VALUE, unknownOf, withMarks } from "../../values/value.ts";
import { type FunctionTable, tableOf } from "../define.ts";
import { unevaluated } from "./unevaluated.ts";

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

/** Functions that try whether something can be evaluated. */
export const attemptFunctions: FunctionTable = tableOf([attempt, can]);
