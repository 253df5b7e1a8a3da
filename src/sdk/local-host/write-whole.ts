import { randomBytes } from "node:crypto";
import { open, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { makeFolders } from "./make-folders.ts";

/**
 * Writes a file whole or not at all: beside it, made durable, renamed over it. A link stays and its target is
 * replaced; what is no plain file (a device, a pipe) is written to as it is. The mode of a file that exists is kept.
 */
export async function writeWhole(path: string, content: string | Uint8Array, mode: number | undefined): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const existing = await stat(target).catch(() => undefined);
  if (existing && !existing.isFile() && !existing.isDirectory()) return await writeFile(target, content);
  const folder = dirname(target);
  await makeFolders(folder);
  // 200 bytes of the name at most: the addition must not make it longer than a file system takes (255).
  const stem = Buffer.from(basename(target)).subarray(0, 200).toString("utf8").replaceAll("\uFFFD", "");
  const beside = join(folder, `.${stem}.ingot-${randomBytes(6).toString("hex")}`);
  try {
    const file = await open(beside, "wx", mode ?? 0o666);
    try {
      if (mode === undefined && existing) await file.chmod(existing.mode & 0o7777);
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, target);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => {});
    throw error;
  }
}
