import { formatGoTime } from "./go-time.ts";

/**
 * The time in UTC, in the conversions that Packer's `strftime` knows; `%L` is milliseconds with their point. Any other
 * stays as it is written.
 */
export function formatStrftime(date: Date, format: string): string {
  return format.replace(/%(.)/gsu, (conversion, letter: string) => {
    if (letter === "%") return "%";
    const layout = LAYOUTS.get(letter);
    return layout === undefined ? conversion : formatGoTime(date, layout);
  });
}

/** In Go's layouts. */
const LAYOUTS = new Map([
  ["A", "Monday"],
  ["a", "Mon"],
  ["B", "January"],
  ["b", "Jan"],
  ["d", "02"],
  ["H", "15"],
  ["I", "03"],
  ["L", ".000"],
  ["M", "04"],
  ["m", "01"],
  ["p", "PM"],
  ["S", "05"],
  ["Y", "2006"],
  ["y", "06"],
  ["Z", "MST"],
  ["z", "-0700"],
]);
