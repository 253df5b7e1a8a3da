import type { Duplex } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { Failure } from "../../../sdk/failure.ts";

/** What a guest writes to its serial port. */
export interface SerialConsole {
  /**
   * Resolves when the text has come since the last text that was waited for; what came before this call counts, too, so
   * that nothing is missed. A Failure when the console closes first.
   */
  waitForText(text: string | RegExp, signal: AbortSignal): Promise<void>;
  /** The last lines, without escape sequences: for people. */
  tail(lines: number): string;
  close(): void;
}

/** As much as is kept, in characters. What waits for a text must find it within this. */
const KEPT = 256 * 1024;

/** `onData` is told all bytes as they come, for a log. */
export function serialConsole(socket: Duplex, onData: (chunk: Buffer) => void = () => {}): SerialConsole {
  const decoder = new StringDecoder("utf8");
  const waiting = new Set<() => void>();
  let raw = "";
  let seen = 0;
  let ended = false;

  const look = (): void => {
    for (const one of [...waiting]) one();
  };
  socket.on("data", (chunk: Buffer) => {
    onData(chunk);
    raw += decoder.write(chunk);
    const surplus = raw.length - KEPT;
    if (surplus > 0) {
      raw = raw.slice(surplus);
      seen = Math.max(0, seen - surplus);
    }
    look();
  });
  // QEMU resets the connection when it quits.
  socket.on("error", () => {});
  socket.once("close", () => {
    ended = true;
    look();
  });

  /** The text may be cut by colours and cursor movements: it is looked for without them, and found with them. */
  const find = (text: string | RegExp): boolean => {
    const { plain, places } = withoutEscapes(raw, seen);
    const at = typeof text === "string" ? plain.indexOf(text) : plain.search(text);
    if (at < 0) return false;
    const length = typeof text === "string" ? text.length : (text.exec(plain)?.[0].length ?? 0);
    seen = (places[Math.max(at, at + length - 1)] ?? seen - 1) + 1;
    return true;
  };
  return {
    waitForText(text, signal) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const check = (): void => {
        if (signal.aborted) reject(signal.reason);
        else if (find(text)) resolve();
        else if (ended) reject(new Failure(`The console closed before it showed ${shown(text)}`));
      };
      waiting.add(check);
      signal.addEventListener("abort", check, { once: true });
      check();
      return promise.finally(() => {
        waiting.delete(check);
        signal.removeEventListener("abort", check);
      });
    },
    tail: (lines) => withoutEscapes(raw, 0).plain.split("\n").slice(-lines).join("\n"),
    close: () => socket.destroy(),
  };
}

/** CSI, OSC and two-character sequences, and control characters that move nothing forward. */
const ESCAPES =
  /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]*[0-Z\\^-~])|[\0-\x08\x0b-\x1a\x1c-\x1f\x7f]/g;

/** The text from `start` on as it is read, and where each of its characters stands. */
function withoutEscapes(raw: string, start: number): { readonly plain: string; readonly places: readonly number[] } {
  let plain = "";
  const places: number[] = [];
  let from = start;
  const take = (to: number): void => {
    for (let at = from; at < to; at++) places.push(at);
    plain += raw.slice(from, to);
  };
  ESCAPES.lastIndex = start;
  for (let match = ESCAPES.exec(raw); match; match = ESCAPES.exec(raw)) {
    take(match.index);
    from = match.index + match[0].length;
  }
  take(raw.length);
  return { plain, places };
}

function shown(text: string | RegExp): string {
  return typeof text === "string" ? JSON.stringify(text) : String(text);
}
