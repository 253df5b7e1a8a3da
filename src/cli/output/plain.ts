import { buildColors } from "./colors.ts";
import { messagesOfRun } from "./messages.ts";
import type { Renderer, Write } from "./renderer.ts";

/** Line after line, as Packer prints it: for pipes, files and CI logs. */
export function plainRenderer(write: Write, options: { color: boolean; timestamps: boolean }): Renderer {
  const messages = messagesOfRun();
  const colored = buildColors();
  return {
    event(event) {
      if (event.type === "run-started" && options.color && event.builds.length > 0) {
        for (const build of event.builds)
          write(`${colored(build, "say", `${build}: output will be in this color.`)}\n`);
        write("\n");
      }
      for (const message of messages(event)) {
        if (message.kind === "machine") continue;
        const stamp = options.timestamps && message.kind !== "extra" ? `${stampOf(event.time)}: ` : "";
        const text = `${stamp}${message.text}`;
        const painted = options.color && message.kind !== "extra" ? colored(message.build, message.kind, text) : text;
        write(`${painted}\n`);
      }
    },
    close() {},
  };
}

/** RFC 3339 in UTC, whole seconds. */
function stampOf(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
