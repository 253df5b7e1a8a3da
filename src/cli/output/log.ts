import { appendFileSync, writeFileSync } from "node:fs";
import type { Renderer } from "./renderer.ts";

/**
 * PACKER_LOG (or INGOT_LOG): every event, one line each, to stderr. PACKER_LOG_PATH (INGOT_LOG_PATH): to that file,
 * which is emptied first. Undefined where neither is set.
 */
export function logRenderer(environment: Readonly<Record<string, string | undefined>>): Renderer | undefined {
  const path = environment.INGOT_LOG_PATH || environment.PACKER_LOG_PATH;
  const wanted = environment.INGOT_LOG ?? environment.PACKER_LOG;
  if (path) writeFileSync(path, "", { mode: 0o600 });
  else if (!wanted || wanted === "0") return undefined;
  const write = (line: string) => (path ? appendFileSync(path, line) : process.stderr.write(line));
  return {
    event({ time, type, build, ...rest }) {
      const stamp = new Date(time).toISOString().slice(0, 19).replaceAll("-", "/").replace("T", " ");
      write(`${stamp} [${type}]${build ? ` ${build}` : ""} ${JSON.stringify(rest)}\n`);
    },
    close() {},
  };
}
