import type { Range } from "../../hcl/source/source.ts";
import { literalText } from "../../hcl/syntax/literal-text.ts";
import type { Expression, KeyName } from "../../hcl/syntax/tree.ts";

/** Where a value was written; with its expression, the parts of the value have places of their own. */
export interface Place {
  readonly range: Range;
  readonly expression?: Expression | undefined;
}

/** The place of one item or attribute: its own where it is written out, else that of the whole. */
export function placeOfPart(place: Place, key: number | string): Place {
  const part = partOf(place.expression, key);
  return part === undefined ? { range: place.range } : { range: part.range, expression: part };
}

function partOf(expression: Expression | undefined, key: number | string): Expression | undefined {
  if (expression?.kind === "parentheses") return partOf(expression.inner, key);
  if (expression?.kind === "tuple" && typeof key === "number") return expression.items[key];
  if (expression?.kind !== "object" || typeof key !== "string") return undefined;
  return expression.items.findLast(({ key: written }) => keyText(written) === key)?.value;
}

/** undefined: only evaluation can tell. */
function keyText(key: Expression | KeyName): string | undefined {
  return key.kind === "key-name" ? key.text : literalText(key);
}
