import type { Work } from "../../sdk/component.ts";
import type { LineLevel } from "../../sdk/events.ts";
import type { BuildRun } from "../build-run.ts";
import { lineCutter } from "../lines/line-cutter.ts";
import { transfers } from "./transfers.ts";

/** What a component at work can do, until `close`: that ends its unfinished lines and transfers. */
export function componentWork(
  run: BuildRun,
  options: { readonly signal: AbortSignal; readonly target?: string | undefined },
): Work & { close(): void } {
  const { signal, target } = options;
  const line = (level: LineLevel) => (text: string) =>
    run.emit({ type: "line", level, text, ...(target !== undefined && { target }) });
  const streams = {
    stdout: lineCutter(line("stdout"), { masker: run.masker }),
    stderr: lineCutter(line("stderr"), { masker: run.masker }),
  };
  const progress = transfers(run.emit, () => performance.now());
  return {
    host: run.host,
    signal,
    say: line("say"),
    warn: line("warning"),
    output: (stream, chunk) => streams[stream].write(chunk),
    progress: progress.start,
    secret: run.masker.add,
    close() {
      streams.stdout.end();
      streams.stderr.end();
      progress.close();
    },
  };
}
