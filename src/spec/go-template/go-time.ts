/**
 * The time in UTC, in a layout of Go: "2006-01-02T15:04:05Z07:00" and all other forms of its reference time. Anything
 * else in the layout stays as it is.
 */
export function formatGoTime(date: Date, layout: string): string {
  return layout.replace(ELEMENT, (element) => formatElement(date, element));
}

/** Go's name for the layout of RFC 3339: what `{{isotime}}` uses by itself. */
export const RFC3339 = "2006-01-02T15:04:05Z07:00";

/** `_2006` is an underscore and the year; `Jan` and `Mon` are none where a lower-case letter follows. */
const ELEMENT =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|002|0[1-6]|15|1|2006|2|__2|_2(?!006)|[345]|PM|pm|[-Z]07(?::00:00|0000|:00|00)?|[.,](?:0+|9+)(?![0-9])/g;

const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

function formatElement(date: Date, element: string): string {
  const hour12 = date.getUTCHours() % 12 || 12;
  switch (element) {
    case "January":
      return monthName(date);
    case "Jan":
      return monthName(date).slice(0, 3);
    case "01":
      return padded(date.getUTCMonth() + 1, 2);
    case "1":
      return String(date.getUTCMonth() + 1);
    case "Monday":
      return dayName(date);
    case "Mon":
      return dayName(date).slice(0, 3);
    case "02":
      return padded(date.getUTCDate(), 2);
    case "_2":
      return padded(date.getUTCDate(), 2, " ");
    case "2":
      return String(date.getUTCDate());
    case "002":
      return padded(dayOfYear(date), 3);
    case "__2":
      return padded(dayOfYear(date), 3, " ");
    case "15":
      return padded(date.getUTCHours(), 2);
    case "03":
      return padded(hour12, 2);
    case "3":
      return String(hour12);
    case "04":
      return padded(date.getUTCMinutes(), 2);
    case "4":
      return String(date.getUTCMinutes());
    case "05":
      return padded(date.getUTCSeconds(), 2);
    case "5":
      return String(date.getUTCSeconds());
    case "2006":
      return padded(date.getUTCFullYear(), 4);
    case "06":
      return padded(date.getUTCFullYear() % 100, 2);
    case "PM":
      return date.getUTCHours() < 12 ? "AM" : "PM";
    case "pm":
      return date.getUTCHours() < 12 ? "am" : "pm";
    case "MST":
      return "UTC";
    default:
      return /^[.,]/.test(element) ? fraction(date, element) : offset(element);
  }
}

/** `.000` has as many digits as it says, `.999` none that are zeros at the end. */
function fraction(date: Date, element: string): string {
  const digits = padded(date.getUTCMilliseconds(), 3)
    .padEnd(element.length - 1, "0")
    .slice(0, element.length - 1);
  if (element[1] === "0") return `${element[0]}${digits}`;
  const shown = digits.replace(/0+$/, "");
  return shown === "" ? "" : `${element[0]}${shown}`;
}

/** Always that of UTC. */
function offset(element: string): string {
  return element.startsWith("Z") ? "Z" : element.replace("-07", "+00");
}

function monthName(date: Date): string {
  return MONTHS[date.getUTCMonth()] ?? "";
}

function dayName(date: Date): string {
  return DAYS[date.getUTCDay()] ?? "";
}

function dayOfYear(date: Date): number {
  const start = Date.UTC(date.getUTCFullYear(), 0, 1);
  const today = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate());
  return (today - start) / 86_400_000 + 1;
}

function padded(number: number, width: number, filler = "0"): string {
  return String(number).padStart(width, filler);
}
