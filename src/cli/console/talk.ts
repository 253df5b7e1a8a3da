import { createInterface } from "node:readline";
import type { ConsoleHistory } from "./history.ts";

export interface Terminal {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

/** Asks a person line after line, with history and completion, until `enter` says "exit" or the terminal is closed. */
export async function talk(
  { input, output }: Terminal,
  history: ConsoleHistory,
  complete: (line: string) => [string[], string],
  enter: (line: string) => "exit" | "failed" | "done",
): Promise<void> {
  const lines = createInterface({
    input,
    output,
    terminal: true,
    prompt: "> ",
    history: [...history.lines],
    historySize: 500,
    completer: complete,
  });
  lines.on("SIGINT", () => {
    if (lines.line === "") return lines.close();
    // As in a shell: the line is given up.
    output.write("^C\n");
    lines.write(null, { ctrl: true, name: "u" });
    lines.prompt();
  });
  try {
    lines.prompt();
    for await (const line of lines) {
      history.add(line);
      if (enter(line) === "exit") break;
      lines.prompt();
    }
  } finally {
    lines.close();
    await history.save();
  }
}
