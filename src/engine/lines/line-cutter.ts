import { StringDecoder } from "node:string_decoder";
import type { Masker } from "../masking/masker.ts";
import { sanitizeForTerminal } from "../masking/sanitize-for-terminal.ts";

/** Cuts output that comes in chunks into lines. */
export interface LineCutter {
  /** Bytes are UTF-8, whatever the chunks cut through. */
  write(chunk: Uint8Array | string): void;
  /** A last line without a newline is a line too. The next chunk begins anew. */
  end(): void;
}

export interface LineCutterOptions {
  /** Masks what it cuts. Needed where a line may be longer than `longest`: a secret may lie across the cut. */
  readonly masker?: Pick<Masker, "stream">;
  /** Characters (UTF-16) after which a line is given out in parts. Default 64 Ki. */
  readonly longest?: number;
}

/**
 * Gives each line to `line`: without its line break, without escape sequences, without what an earlier `\r` on the
 * line was meant to overwrite (progress bars), and masked.
 */
export function lineCutter(line: (text: string) => void, options: LineCutterOptions = {}): LineCutter {
  const { longest = 64 * 1024 } = options;
  const decoder = new StringDecoder("utf8");
  const masked = options.masker?.stream();
  /** The beginning of a line that has not ended. */
  let begun = "";
  /** Part of the line was given out already. */
  let isInParts = false;

  const give = (text: string, isEnd: boolean): void => {
    const clean = sanitizeForTerminal(text);
    const shown = masked ? masked.write(clean) + (isEnd ? masked.end() : "") : clean;
    if (shown !== "" || (isEnd && !isInParts)) line(shown);
    isInParts = !isEnd;
  };

  const take = (text: string): void => {
    begun = begun === "" ? text : begun + text;
    let start = 0;
    for (let newline = begun.indexOf("\n"); newline !== -1; newline = begun.indexOf("\n", start)) {
      give(inParts(withoutOverwritten(begun.slice(start, newline))), true);
      start = newline + 1;
    }
    begun = inParts(withoutOverwritten(begun.slice(start)));
  };

  /** The rest, once the beginning was given out. */
  const inParts = (text: string): string => {
    let rest = text;
    while (rest.length > longest) {
      const cut = cutBefore(rest, longest);
      give(rest.slice(0, cut), false);
      rest = rest.slice(cut);
    }
    return rest;
  };

  return {
    write: (chunk) => take(typeof chunk === "string" ? chunk : decoder.write(chunk)),
    end: () => {
      take(decoder.end());
      if (begun !== "" || isInParts) give(withoutOverwritten(begun), true);
      begun = "";
    },
  };
}

/** What a terminal would still show: what comes after the last `\r`. Those at the end overwrite nothing (yet). */
function withoutOverwritten(text: string): string {
  let end = text.length;
  while (text[end - 1] === "\r") end--;
  return end === 0 ? text : text.slice(text.lastIndexOf("\r", end - 1) + 1);
}

/** Not through a surrogate pair, nor through what may be an escape sequence. */
function cutBefore(text: string, longest: number): number {
  const sequence = text.lastIndexOf("\x1b", longest - 1);
  const cut = sequence > Math.max(0, longest - LONGEST_SEQUENCE) ? sequence : longest;
  return /[\ud800-\udbff]/.test(text[cut - 1] ?? "") ? cut - 1 : cut;
}

const LONGEST_SEQUENCE = 1024;
