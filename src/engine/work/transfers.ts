import type { Progress } from "../../sdk/component.ts";
import type { Emit } from "../../sdk/events.ts";

/** Milliseconds between two progress events of one transfer. */
const INTERVAL = 100;

let count = 0;

/** The transfers of one piece of work. Ten events a second each at most; the first and the last are always shown. */
export function transfers(
  emit: Emit,
  clock: () => number,
): {
  start(title: string, total?: number): Progress;
  /** Ends those that are still open. */
  close(): void;
} {
  const open = new Set<Progress>();
  return {
    start(title, total) {
      const id = `transfer-${++count}`;
      let latest = { current: 0, total };
      let shown = Number.NEGATIVE_INFINITY;
      const show = (done: boolean) => {
        shown = clock();
        emit({
          type: "progress",
          id,
          title,
          current: latest.current,
          ...(latest.total !== undefined && { total: latest.total }),
          ...(done && { done }),
        });
      };
      const progress: Progress = {
        update(current, newTotal) {
          if (!open.has(progress)) return;
          latest = { current, total: newTotal ?? latest.total };
          if (clock() - shown >= INTERVAL) show(false);
        },
        done() {
          if (open.delete(progress)) show(true);
        },
      };
      open.add(progress);
      show(false);
      return progress;
    },
    close() {
      for (const progress of open) progress.done();
    },
  };
}
