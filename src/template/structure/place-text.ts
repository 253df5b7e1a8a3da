import { describeRange } from "../../hcl/source/describe-range.ts";
import type { Range } from "../../hcl/source/source.ts";

/** A place in words, for the detail of a message about another place: "in sources.pkr.hcl, line 12". */
export function placeText(range: Range): string {
  const { file, start } = describeRange(range);
  return `in ${file}, line ${start.line}`;
}
