import { openSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { ReadStream } from "node:tty";
import type { Interaction } from "../../sdk/component.ts";
import { Failure } from "../../sdk/failure.ts";

/**
 * Questions to the person at the terminal. They are asked on the terminal itself, not on stdin, which may be a
 * template. One question at a time: parallel builds wait for each other.
 */
export function terminalInteraction(show: (text: string) => void): Interaction {
  const terminal = openTerminal();
  let queue: Promise<unknown> = Promise.resolve();

  function ask(question: string, signal: AbortSignal): Promise<string> {
    const asked = queue.then(async () => {
      if (!terminal) throw new Failure("There is no terminal to ask at", { hint: "Run it in a terminal." });
      signal.throwIfAborted();
      const lines = createInterface({ input: terminal.open() });
      try {
        show(question);
        return await new Promise<string>((resolve, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason), { once: true });
          lines.once("line", resolve);
          lines.once("close", () => reject(new Failure("The terminal was closed while it was asked")));
        });
      } finally {
        lines.close();
      }
    });
    // The next question waits for this one to end, however it ends.
    queue = asked.catch(() => undefined);
    return asked;
  }

  return {
    available: terminal !== undefined,
    async pause(message, signal) {
      await ask(message, signal);
    },
    async choose(question, choices, signal) {
      const menu = choices.map(({ key, text }) => `[${key}] ${text}`).join("\n");
      for (;;) {
        const answer = (await ask(`${question}\n${menu}`, signal)).trim().toLowerCase();
        if (choices.some(({ key }) => key === answer)) return answer;
        show(`Please answer one of: ${choices.map(({ key }) => key).join(", ")}`);
      }
    },
  };
}

/** The controlling terminal, which a process in the background or in CI has not. */
function openTerminal(): { open: () => NodeJS.ReadableStream } | undefined {
  if (process.stdin.isTTY) return { open: () => process.stdin };
  try {
    const descriptor = openSync(process.platform === "win32" ? "CONIN$" : "/dev/tty", "r");
    return { open: () => new ReadStream(descriptor) };
  } catch {
    return undefined;
  }
}
