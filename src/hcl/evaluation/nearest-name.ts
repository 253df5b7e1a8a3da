/** The known name that the given one was probably meant to be, if there is one near enough. */
export function nearestName(given: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.min(3, Math.max(1, Math.ceil(given.length / 2)));
  for (const name of known) {
    if (name === given || Math.abs(name.length - given.length) > least) continue;
    const far = distance(given.toLowerCase(), name.toLowerCase());
    if (far < least || (far === least && best === undefined && far < 3)) {
      best = name;
      least = far;
    }
  }
  return best;
}

/** ` Did you mean "x"?` where something near is known, else nothing. */
export function didYouMean(given: string, known: Iterable<string>): string {
  const name = nearestName(given, known);
  return name === undefined ? "" : ` Did you mean "${name}"?`;
}

/** How many letters must be changed, added, dropped or swapped with their neighbour to make one text the other. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      row.push(least);
    }
    [before, last] = [last, row];
  }
  return last[b.length] ?? 0;
}
