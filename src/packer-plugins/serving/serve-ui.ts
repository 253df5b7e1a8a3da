import type { Progress, Work } from "../../sdk/component.ts";
import { countOfWire, mapOfWire, textOfWire } from "../rpc/read-wire.ts";
import type { Handler } from "../rpc/rpc-server.ts";

/** What a plugin may do to tell people something: the part of `Work` that it needs. */
export type UiWork = Pick<Work, "say" | "warn" | "progress">;

/** Transfers that a plugin may have going at a time. */
const MOST_TRANSFERS = 1000;

/** Asks a person; where there is none, throws a Failure. */
export type Ask = (question: string, signal: AbortSignal) => Promise<string>;

/** Puts the methods of `Ui` into the handlers: a plugin's lines, questions and transfers become ours. */
export function serveUi(handlers: Map<string, Handler>, work: UiWork, ask: Ask): void {
  const say: Handler = (text) => {
    work.say(textOfWire(text));
    return null;
  };
  handlers.set("Ui.Say", say);
  handlers.set("Ui.Message", say);
  handlers.set("Ui.Error", (text) => {
    work.warn(textOfWire(text));
    return null;
  });
  // For programs that read `-machine-readable`; what it says, the plugin says to people as well.
  handlers.set("Ui.Machine", () => null);
  handlers.set("Ui.Ask", (question, signal) => ask(textOfWire(question), signal));

  let transfers = 0;
  handlers.set("Ui.NewTrackProgress", (argument) => {
    const { Src, TotalSize, CurrentSize } = mapOfWire(argument);
    const total = countOfWire(TotalSize);
    if (handlers.size > 2 * MOST_TRANSFERS) throw new Error("too many transfers at a time");
    const id = String(++transfers);
    const progress: Progress = work.progress(textOfWire(Src), total > 0 ? total : undefined);
    let current = countOfWire(CurrentSize);
    handlers.set(`Ui${id}.Add`, (bytes) => {
      current += countOfWire(bytes);
      progress.update(current);
      return null;
    });
    handlers.set(`Ui${id}.Close`, () => {
      progress.done();
      handlers.delete(`Ui${id}.Add`);
      handlers.delete(`Ui${id}.Close`);
      return null;
    });
    return id;
  });
}
