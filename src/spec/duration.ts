export type ParsedDuration = { readonly milliseconds: number } | { readonly problem: string };

/**
 * Reads a duration as Go does: "1h5m3.5s", "-1.5h", "0". The problem of a faulty one is worded as in Go.
 * Milliseconds may have a fraction.
 */
export function parseGoDuration(text: string): ParsedDuration {
  const invalid = { problem: `time: invalid duration ${quoted(text)}` };
  const sign = text.startsWith("-") ? -1 : 1;
  let rest = text.replace(/^[-+]/, "");
  if (rest === "0") return { milliseconds: 0 };
  if (rest === "") return invalid;

  let nanoseconds = 0n;
  while (rest !== "") {
    const [whole, digits = "", fraction = "", unit = ""] = /^([0-9]*)(?:\.([0-9]*))?([^0-9.]*)/.exec(rest) ?? [""];
    if (digits === "" && fraction === "") return invalid;
    if (unit === "") return { problem: `time: missing unit in duration ${quoted(text)}` };
    const scale = UNITS.get(unit);
    if (scale === undefined) return { problem: `time: unknown unit ${quoted(unit)} in duration ${quoted(text)}` };
    nanoseconds += BigInt(digits) * scale + (BigInt(fraction || "0") * scale) / 10n ** BigInt(fraction.length);
    if (nanoseconds > LONGEST) return invalid;
    rest = rest.slice(whole.length);
  }
  return { milliseconds: (sign * Number(nanoseconds)) / 1e6 };
}

/** As Go prints a duration: "5m0s", "1.5s", "100ms", "0s". */
export function formatGoDuration(milliseconds: number): string {
  const nanoseconds = BigInt(Math.round(Math.abs(milliseconds) * 1e6));
  const sign = milliseconds < 0 ? "-" : "";
  if (nanoseconds === 0n) return "0s";
  if (nanoseconds < 1_000n) return `${sign}${nanoseconds}ns`;
  if (nanoseconds < 1_000_000n) return `${sign}${decimal(nanoseconds, 3)}µs`;
  if (nanoseconds < SECOND) return `${sign}${decimal(nanoseconds, 6)}ms`;
  const seconds = `${decimal(nanoseconds % MINUTE, 9)}s`;
  const minutes = nanoseconds / MINUTE;
  if (minutes === 0n) return sign + seconds;
  const hours = minutes / 60n;
  return hours === 0n ? `${sign}${minutes}m${seconds}` : `${sign}${hours}h${minutes % 60n}m${seconds}`;
}

const SECOND = 1_000_000_000n;
const MINUTE = 60n * SECOND;
/** Go counts durations in 63 bits of nanoseconds. */
const LONGEST = 2n ** 63n - 1n;
const UNITS = new Map([
  ["ns", 1n],
  ["us", 1_000n],
  // Both the micro sign and the Greek letter.
  ["\u00b5s", 1_000n],
  ["\u03bcs", 1_000n],
  ["ms", 1_000_000n],
  ["s", SECOND],
  ["m", MINUTE],
  ["h", 60n * MINUTE],
]);

function quoted(text: string): string {
  return JSON.stringify(text);
}

/** `number` divided by 10 to the `places`, without trailing zeros. */
function decimal(number: bigint, places: number): string {
  const digits = String(number).padStart(places + 1, "0");
  const fraction = digits.slice(-places).replace(/0+$/, "");
  return digits.slice(0, -places) + (fraction && `.${fraction}`);
}
