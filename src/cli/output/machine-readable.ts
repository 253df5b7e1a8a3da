import { messagesOfRun } from "./messages.ts";
import type { Renderer, Write } from "./renderer.ts";

/** `-machine-readable`: UNIXSECONDS,TARGET,TYPE,DATA… exactly as Packer writes it. */
export function machineReadableRenderer(write: Write): Renderer {
  const messages = messagesOfRun();
  return {
    event(event) {
      for (const message of messages(event)) {
        if (message.kind === "extra") continue;
        write(
          message.kind === "machine"
            ? machineLine(event.time, message.target, message.type, message.data)
            : machineLine(event.time, "", "ui", [message.kind, message.text]),
        );
      }
    },
    close() {},
  };
}

/** One line; only data fields are escaped, and a backslash is not. */
export function machineLine(time: number, target: string, type: string, data: readonly string[]): string {
  const fields = data.map((field) =>
    field.replaceAll(",", "%!(PACKER_COMMA)").replaceAll("\r", "\\r").replaceAll("\n", "\\n"),
  );
  return `${[Math.floor(time / 1000), target, type, ...fields].join(",")}\n`;
}
