import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type TemporaryPath, temporaryPath } from "../../temporary-path.ts";
import type { LocalWork, ShellLocalConfig } from "./run-scripts.ts";

/** Makes a file of the commands that only its owner may read and run: what they hold may be secret. */
export async function writeInlineScript(
  lines: readonly string[],
  config: Pick<ShellLocalConfig, "inline_shebang" | "tempfile_extension">,
  work: LocalWork,
): Promise<TemporaryPath> {
  const windows = work.host.platform === "win32";
  const script = await temporaryPath(work.host, work, config.tempfile_extension ?? (windows ? ".cmd" : ""));
  const text = windows ? lines.join("\r\n") : [`#!${config.inline_shebang}`, ...lines].join("\n");
  const content = Readable.from([Buffer.from(text + (windows ? "\r\n" : "\n"))]);
  await pipeline(content, work.host.files.writer(script.path, { mode: 0o700 }), { signal: work.signal });
  return script;
}
