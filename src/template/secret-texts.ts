import { numberText } from "../hcl/values/number-text.ts";
import { itemsOf, Numeric, SENSITIVE, type Value } from "../hcl/values/value.ts";

/**
 * Every text in the value that is sensitive, by its own mark or that of something around it. Empty ones are left out;
 * of numbers, the shorter ones: all output is full of them, and to mask them would hide everything else.
 */
export function* secretTexts(value: Value, within = false): Generator<string> {
  const secret = within || value.marks.has(SENSITIVE);
  const { data } = value;
  if (secret && typeof data === "string" && data !== "") yield data;
  if (secret && data instanceof Numeric) {
    const digits = numberText(data);
    if (digits.length >= SHORTEST_NUMBER) yield digits;
  }
  for (const item of itemsOf(value)) yield* secretTexts(item, secret);
}

const SHORTEST_NUMBER = 4;
