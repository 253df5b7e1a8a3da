import { StringDecoder } from "node:string_decoder";

/** What a plugin writes to its stderr: cut into lines, the last of them remembered. */
export interface LogLines {
  add(chunk: Uint8Array): void;
  /** Passes on what was left without an end of line. */
  end(): void;
  /** The last lines, oldest first. */
  readonly last: readonly string[];
}

/** Longer ones are cut: a plugin that floods must not fill the memory. In characters. */
const LONGEST_LINE = 8192;
const REMEMBERED = 100;

/** `onLine` gets each line without its end and without blanks before it. */
export function logLines(onLine: (line: string) => void): LogLines {
  const decoder = new StringDecoder("utf8");
  const last: string[] = [];
  let rest = "";
  let cutting = false;

  const line = (text: string): void => {
    const whole = cutting ? `${text} […]` : text.trimEnd();
    cutting = false;
    last.push(whole);
    if (last.length > REMEMBERED) last.shift();
    onLine(whole);
  };
  const take = (text: string): void => {
    const parts = text.split("\n");
    for (const [index, part] of parts.entries()) {
      if (rest.length + part.length > LONGEST_LINE) cutting = true;
      rest = (rest + part).slice(0, LONGEST_LINE);
      if (index === parts.length - 1) continue;
      line(rest);
      rest = "";
    }
  };
  return {
    last,
    add: (chunk) => take(decoder.write(Buffer.from(chunk))),
    end: () => {
      take(decoder.end());
      if (rest !== "") line(rest);
      rest = "";
    },
  };
}
