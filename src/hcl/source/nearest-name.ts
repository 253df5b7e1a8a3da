/**
 * The candidate nearest to `given`, for "did you mean": fewer than three edits away (a rule kept from HCL), and not
 * so short that nothing of it is the same.
 */
export function nearestName(given: string, candidates: Iterable<string>): string | undefined {
  let nearest: string | undefined;
  let least = NEAR;
  for (const candidate of candidates) {
    const limit = Math.min(least, Math.max(given.length, candidate.length));
    const distance = editDistance(given, candidate, limit);
    if (distance >= limit) continue;
    nearest = candidate;
    least = distance;
  }
  return nearest;
}

/** A sentence to append to a detail (with a leading space), or nothing. */
export function suggestion(given: string, candidates: Iterable<string>): string {
  const near = nearestName(given, candidates);
  return near === undefined ? "" : ` Did you mean "${near}"?`;
}

const NEAR = 3;

/** Levenshtein distance over code points; anything from `limit` up may be reported as `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  const from = [...a];
  const to = [...b];
  if (Math.abs(from.length - to.length) >= limit) return limit;
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [row, letter] of from.entries()) {
    const current = [row + 1];
    for (const [column, other] of to.entries()) {
      const replaced = (previous[column] ?? 0) + (letter === other ? 0 : 1);
      const removed = (previous[column + 1] ?? 0) + 1;
      const added = (current[column] ?? 0) + 1;
      current.push(Math.min(replaced, removed, added));
    }
    previous = current;
  }
  return previous[to.length] ?? limit;
}
