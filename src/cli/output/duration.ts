const UNITS = [
  ["year", 365 * 86_400_000_000],
  ["week", 7 * 86_400_000_000],
  ["day", 86_400_000_000],
  ["hour", 3_600_000_000],
  ["minute", 60_000_000],
  ["second", 1_000_000],
  ["millisecond", 1_000],
  ["microsecond", 1],
] as const;

/** A duration in words, its two largest parts: "1 second 820 milliseconds". */
export function durationInWords(milliseconds: number): string {
  let rest = Math.max(0, Math.round(milliseconds * 1000));
  const parts: string[] = [];
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${unit}${count === 1 ? "" : "s"}`);
  }
  return parts.slice(0, 2).join(" ") || "0 microseconds";
}

/** A duration in one short word, for lanes and tables: "0.4s", "12.3s", "4m05s", "1h02m". */
export function shortDuration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 99.95) return `${seconds.toFixed(1)}s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)}m${String(whole % 60).padStart(2, "0")}s`;
  return `${Math.floor(whole / 3600)}h${String(Math.floor((whole % 3600) / 60)).padStart(2, "0")}m`;
}
