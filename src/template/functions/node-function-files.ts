import { readdirSync, readFileSync, statSync } from "node:fs";
import type { FunctionFiles } from "./function-world.ts";

/** The files of this machine. */
export const nodeFunctionFiles: FunctionFiles = {
  read: (path) => readFileSync(path),
  kind(path) {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat) return undefined;
    if (stat.isFile()) return "file";
    return stat.isDirectory() ? "folder" : "other";
  },
  list: (path) => readdirSync(path).sort(),
};
