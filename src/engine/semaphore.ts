/** Lets at most `places` works run at once, in the order they came; fewer than 1 means no limit. */
export function semaphore(places: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = places < 1 ? Number.POSITIVE_INFINITY : places;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((enter) => waiting.push(enter));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}
