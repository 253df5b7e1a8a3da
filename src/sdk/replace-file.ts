import type { Host } from "./host.ts";
import { type Owner, pathBeside } from "./temporary-path.ts";

/**
 * Has `write` make a file and puts it in the place of `target` once it is whole; after a fault the old one is still
 * there. What is no plain file (a device, a pipe) is written to as it is. Folders are made by who writes.
 */
export async function replaceFile<T>(
  target: string,
  work: Owner & { readonly host: Host },
  write: (path: string) => Promise<T>,
): Promise<T> {
  const { files } = work.host;
  if ((await files.stat(target))?.kind === "other") return await write(target);
  const beside = await pathBeside(work.host, work, target);
  try {
    const result = await write(beside.path);
    await files.rename(beside.path, target);
    await beside.renamed();
    return result;
  } catch (fault) {
    await beside.remove();
    throw fault;
  }
}
