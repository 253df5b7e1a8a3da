import type { Progress } from "../../../sdk/component.ts";
import type { EngineMessage } from "../engine/messages.ts";

/** What pulling and pushing tell people; the transfer's bytes are summed over the layers. */
export interface TransferListener {
  say(text: string): void;
  progress(title: string, total?: number): Progress;
}

/** Feeds messages to `listener`: one progress for the sum of all layers, one line for each message about the whole. */
export class TransferProgress {
  readonly #listener: TransferListener;
  readonly #title: string;
  readonly #verb: string;
  readonly #layers = new Map<string, { current: number; total: number }>();
  #progress: Progress | undefined;

  /** `verb`: the status that carries the transfer's bytes: "Downloading", "Pushing". */
  constructor(listener: TransferListener, title: string, verb: string) {
    this.#listener = listener;
    this.#title = title;
    this.#verb = verb;
  }

  take(message: EngineMessage): void {
    const { id, status } = message;
    if (status === undefined) return;
    if (id === undefined || !isLayer(id)) {
      this.#listener.say(id === undefined ? status : `${id}: ${status}`);
      return;
    }
    if (status === this.#verb) this.#moved(id, message);
    else if (/^(Download complete|Pull complete|Pushed)/.test(status)) this.#complete(id);
  }

  done(): void {
    this.#progress?.done();
  }

  #moved(id: string, message: EngineMessage): void {
    const { current = 0, total } = message.progressDetail ?? {};
    this.#layers.set(id, { current, total: Math.max(total ?? 0, current) });
    this.#report();
  }

  #complete(id: string): void {
    const layer = this.#layers.get(id);
    if (layer === undefined || layer.current === layer.total) return;
    layer.current = layer.total;
    this.#report();
  }

  #report(): void {
    let current = 0;
    let total = 0;
    for (const layer of this.#layers.values()) {
      current += layer.current;
      total += layer.total;
    }
    this.#progress ??= this.#listener.progress(this.#title, total);
    this.#progress.update(current, total);
  }
}

/** Layers are named by the first digits of their digest, the whole transfer by a tag. */
function isLayer(id: string): boolean {
  return /^[0-9a-f]{12}$/.test(id);
}
