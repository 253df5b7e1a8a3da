import { itemsOf, SENSITIVE, type Value } from "../hcl/values/value.ts";

/** Every text in the value that is sensitive, by its own mark or that of something around it. Empty ones are left out. */
export function* secretTexts(value: Value, within = false): Generator<string> {
  const secret = within || value.marks.has(SENSITIVE);
  if (secret && typeof value.data === "string" && value.data !== "") yield value.data;
  for (const item of itemsOf(value)) yield* secretTexts(item, secret);
}
