import { appendFileSync, writeFileSync } from "node:fs";
import { failureOf } from "../../sdk/local-host/system-failure.ts";
import type { Renderer } from "./renderer.ts";

/**
 * PACKER_LOG (or INGOT_LOG): every event, one line each, to stderr. PACKER_LOG_PATH (INGOT_LOG_PATH): to that file,
 * which is emptied first. Undefined where neither is set. Throws a Failure where the file cannot be written.
 */
export function logRenderer(environment: Readonly<Record<string, string | undefined>>): Renderer | undefined {
  const path = environment.INGOT_LOG_PATH || environment.PACKER_LOG_PATH;
  const wanted = environment.INGOT_LOG ?? environment.PACKER_LOG;
  if (!path && (!wanted || wanted === "0")) return undefined;
  let broken = false;
  if (path) {
    try {
      writeFileSync(path, "", { mode: 0o600 });
    } catch (error) {
      throw failureOf(error, "write the log", path);
    }
  }
  const write = (line: string) => {
    if (broken) return;
    if (!path) {
      process.stderr.write(line);
      return;
    }
    try {
      appendFileSync(path, line);
    } catch (error) {
      // The run is worth more than its log, and the journal has the same.
      broken = true;
      process.stderr.write(`The log ends here: ${(failureOf(error, "write the log", path) as Error).message}\n`);
    }
  };
  return {
    event({ time, type, build, ...rest }) {
      const stamp = new Date(time).toISOString().slice(0, 19).replaceAll("-", "/").replace("T", " ");
      write(`${stamp} [${type}]${build ? ` ${build}` : ""} ${JSON.stringify(rest)}\n`);
    },
    close() {},
  };
}
