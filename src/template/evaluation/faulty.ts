import { itemsOf, UNKNOWN_VALUE, type Value, withMarks } from "../../hcl/values/value.ts";

const FAULTY = "faulty";

/**
 * Stands for the value of a variable or local that could not be found and has been reported: unknown, and marked, so
 * that nothing derived from it is reported again.
 */
export const FAULTY_VALUE: Value = withMarks(UNKNOWN_VALUE, [FAULTY]);

/** Derived from a value whose fault has been reported. */
export function isFaulty(value: Value): boolean {
  return value.marks.has(FAULTY) || itemsOf(value).some(isFaulty);
}
