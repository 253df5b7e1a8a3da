import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { errorCode } from "./system-failure.ts";

/**
 * Makes a folder with those above it, and throws what the lowest of the missing ones met with. Node's own `recursive`
 * says "no such file" where the file system is read-only, and never returns where none can be made (in /proc).
 */
export async function makeFolders(path: string, mode?: number): Promise<void> {
  try {
    await mkdir(path, mode);
  } catch (error) {
    if (errorCode(error) === "ENOENT" && dirname(path) !== path && !(await exists(dirname(path)))) {
      await makeFolders(dirname(path), mode);
      await makeFolders(path, mode);
    } else if (!(await isFolder(path))) throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}
