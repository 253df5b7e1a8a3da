import { FunctionFault } from "../../evaluation/scope.ts";
import { dayNames, monthNames } from "./names.ts";
import { type Civil, civilOf, type Timestamp, zoneText } from "./timestamp.ts";

/** The timestamp as the format says; letters are verbs, `'text'` stands for itself. Throws `FunctionFault`. */
export function formatDate(format: string, time: Timestamp): string {
  const civil = civilOf(time);
  return format.replace(/''|'(?:[^']|'')*'?|([A-Za-z])\1*|[^'A-Za-z]+/g, (token) => {
    if (token.startsWith("'")) return literal(token);
    return /^[A-Za-z]/.test(token) ? verb(token, civil, time.offset) : token;
  });
}

function literal(token: string): string {
  if (token === "''") return "'";
  const inner = token.slice(1, -1);
  // An odd number of quotes at the end: the last one closes the text.
  const closing = /'+$/.exec(token.slice(1))?.[0].length ?? 0;
  if (closing % 2 === 0) throw new FunctionFault("a text in single quotes has no end", 0);
  return inner.replaceAll("''", "'");
}

function verb(token: string, civil: Civil, offset: number): string {
  const letter = token.charAt(0);
  const forms = formsOf(letter, civil, offset);
  if (!forms) throw new FunctionFault(`there is no verb "${token}"; other text must stand in single quotes`, 0);
  const text = forms[token.length];
  if (text !== undefined) return text;
  const allowed = Object.keys(forms).map((length) => letter.repeat(Number(length)));
  throw new FunctionFault(`there is no verb "${token}", only ${allowed.join(", ")}`, 0);
}

/** What a verb gives by its length. */
function formsOf(letter: string, civil: Civil, offset: number): Readonly<Record<number, string>> | undefined {
  const { year, month, day, hour, minute, second, weekday } = civil;
  const hour12 = hour % 12 || 12;
  switch (letter) {
    case "Y":
      return { 2: two(year % 100), 4: String(year).padStart(4, "0") };
    case "M": {
      const name = monthNames[month - 1] ?? "";
      return { 1: String(month), 2: two(month), 3: name.slice(0, 3), 4: name };
    }
    case "D":
      return { 1: String(day), 2: two(day) };
    case "E": {
      const name = dayNames[weekday] ?? "";
      return { 3: name.slice(0, 3), 4: name };
    }
    case "h":
      return { 1: String(hour), 2: two(hour) };
    case "H":
      return { 1: String(hour12), 2: two(hour12) };
    case "A":
      return { 2: hour < 12 ? "AM" : "PM" };
    case "a":
      return { 2: hour < 12 ? "am" : "pm" };
    case "m":
      return { 1: String(minute), 2: two(minute) };
    case "s":
      return { 1: String(second), 2: two(second) };
    case "Z":
      return {
        1: zoneText(offset, ":", "Z"),
        3: zoneText(offset, "", "UTC"),
        4: zoneText(offset, ""),
        5: zoneText(offset, ":"),
      };
    default:
      return undefined;
  }
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}
