/** Milliseconds as Go prints a duration ("1h0m0s", "5m0s", "1.5s", "250ms"): messages of Packer contain it. */
export function goDuration(milliseconds: number): string {
  if (milliseconds === 0) return "0s";
  if (milliseconds < 0) return `-${goDuration(-milliseconds)}`;
  if (milliseconds < 1) return `${trimmed(milliseconds * 1000)}µs`;
  if (milliseconds < 1000) return `${trimmed(milliseconds)}ms`;
  const hours = Math.floor(milliseconds / 3_600_000);
  const minutes = Math.floor((milliseconds % 3_600_000) / 60_000);
  const seconds = `${trimmed((milliseconds % 60_000) / 1000)}s`;
  if (hours > 0) return `${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}

function trimmed(number: number): string {
  return String(Number(number.toFixed(6)));
}
