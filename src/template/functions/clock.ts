import { FunctionFault, type HclFunction } from "../../hcl/evaluation/scope.ts";
import { define, textAt } from "../../hcl/functions/define.ts";
import { STRING } from "../../hcl/values/type.ts";
import { stringValue } from "../../hcl/values/value.ts";
import { formatGoTime, RFC3339 } from "../../spec/go-template/go-time.ts";
import { formatStrftime } from "../../spec/go-template/strftime.ts";
import type { FunctionWorld } from "./function-world.ts";

/** Functions that tell the time, in UTC. */
export function clockFunctions(world: FunctionWorld): HclFunction[] {
  return [
    define({
      name: "timestamp",
      doc: "The time now (RFC 3339, UTC); another one at each call.",
      parameters: [],
      returns: STRING,
      call: () => stringValue(formatGoTime(world.now(), RFC3339)),
    }),
    startTime("plantimestamp", "The time at which the run started (RFC 3339, UTC).", world),
    startTime("legacy_isotime", "The time at which the run started, in a layout of Go.", world, formatGoTime),
    startTime("legacy_strftime", "The time at which the run started, in a format of strftime.", world, formatStrftime),
  ];
}

function startTime(
  name: string,
  doc: string,
  world: FunctionWorld,
  form?: (date: Date, format: string) => string,
): HclFunction {
  return define({
    name,
    doc,
    parameters: [],
    ...(form && { variadic: { name: "format", type: STRING } }),
    returns: STRING,
    call(args) {
      if (args.length > 1) throw new FunctionFault("there can only be one format", 1);
      if (args.length === 0 || !form) return stringValue(formatGoTime(world.startTime, RFC3339));
      return stringValue(form(world.startTime, textAt(args, 0)));
    },
  });
}
