import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { errorCode } from "./system-failure.ts";

/**
 * Makes a folder with those above it. `mkdir` itself says "no such file" where the truth is that the file system is
 * read-only: what the lowest of the missing folders meets with is thrown here.
 */
export async function makeFolders(path: string, mode?: number): Promise<void> {
  try {
    await mkdir(path, { recursive: true, ...(mode !== undefined && { mode }) });
  } catch (error) {
    if (errorCode(error) !== "ENOENT" || dirname(path) === path) throw error;
    await makeFolders(dirname(path), mode);
    await mkdir(path, mode).catch((truth) => {
      if (errorCode(truth) !== "EEXIST") throw truth;
    });
  }
}
