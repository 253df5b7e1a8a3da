import { once } from "node:events";
import type { Writable } from "node:stream";
import { Failure } from "./failure.ts";
import type { Host } from "./host.ts";
import { type Owner, pathBeside } from "./temporary-path.ts";

export interface ReplaceOptions<T> {
  readonly mode?: number;
  /** Called with what `write` gave, right before the file is at its place. */
  readonly beforeItAppears?: (result: T) => Promise<void>;
}

/**
 * Has `write` fill a file, and end it, and puts it in the place of `target` once it is whole; after a fault the old one
 * is still there. What is no plain file (a device, a pipe) is written to as it is. Makes parent folders.
 */
export async function replaceFile<T>(
  target: string,
  work: Owner & { readonly host: Host },
  write: (output: Writable) => Promise<T>,
  options: ReplaceOptions<T> = {},
): Promise<T> {
  const { files } = work.host;
  const mode = options.mode === undefined ? {} : { mode: options.mode };
  if ((await files.stat(target))?.kind === "other") return await writeAndClose(files.writer(target, mode), write);
  const beside = await pathBeside(work.host, work, target);
  try {
    const result = await writeAndClose(files.writer(beside.path, mode), write);
    await options.beforeItAppears?.(result);
    await files.rename(beside.path, target);
    await beside.renamed();
    return result;
  } catch (fault) {
    await beside.remove();
    throw namedAfter(target, beside.path, fault);
  }
}

/** The user knows the file by the name that it was to get. */
function namedAfter(target: string, beside: string, fault: unknown): unknown {
  if (!(fault instanceof Failure) || !fault.message.includes(beside)) return fault;
  const { hint, permanent } = fault;
  // Without the cause: the message tells it, and it has the other name.
  const message = fault.message.replace(`rename ${beside} to`, "write").replaceAll(beside, target);
  return new Failure(message, { hint, permanent });
}

/** Only once it is closed nothing can make the file any more: it may still be opening when `write` has given up. */
async function writeAndClose<T>(output: Writable, write: (output: Writable) => Promise<T>): Promise<T> {
  const closed = output.closed ? Promise.resolve() : once(output, "close");
  closed.catch(() => {});
  // Its faults come out below; those that come later are of no interest.
  output.on("error", () => {});
  try {
    return await write(output);
  } catch (fault) {
    // Where the file broke before it was written to, that is the reason, and not that it is closed.
    throw output.errored ?? fault;
  } finally {
    if (!output.writableFinished) output.destroy();
    await closed.catch(() => {});
  }
}
