import { posix } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Provisioning } from "../../../sdk/component.ts";
import { Failure } from "../../../sdk/failure.ts";
import { replaceFile } from "../../../sdk/replace-file.ts";
import { matchesInGuest } from "./matches-in-guest.ts";

/**
 * Copies out of the guest: a file, a folder that ends with `/` (what is in it), or all that a pattern with `*`, `?` or
 * `[` matches. Folders that the destination needs are made.
 */
export async function download(source: string, destination: string, provisioning: Provisioning): Promise<void> {
  const { communicator, host, signal } = provisioning;
  provisioning.say(`Downloading ${source} => ${destination}`);
  if (/[*?[]/.test(source)) return await downloadMatches(source, destination, provisioning);
  if (!source.endsWith("/")) return await downloadFile(source, targetOf(source, destination), provisioning);
  await host.files.makeFolder(destination);
  const progress = provisioning.progress(source);
  try {
    const onProgress = (bytes: number): void => progress.update(bytes);
    await communicator.downloadFolder(source, host.files.resolve(destination), { onProgress }, signal);
  } finally {
    progress.done();
  }
}

async function downloadMatches(pattern: string, destination: string, provisioning: Provisioning): Promise<void> {
  const { communicator, host, signal } = provisioning;
  const matches = await matchesInGuest(pattern, communicator, signal);
  if (matches.length === 0) throw new Failure(`Nothing in the machine matches ${pattern}`);
  await host.files.makeFolder(destination);
  for (const { path, folder } of matches) {
    if (folder) await communicator.downloadFolder(path, host.files.resolve(destination), {}, signal);
    else await downloadFile(path, targetOf(path, `${destination}/`), provisioning);
  }
}

async function downloadFile(source: string, target: string, provisioning: Provisioning): Promise<void> {
  const { communicator, signal } = provisioning;
  const progress = provisioning.progress(source);
  let bytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      progress.update(bytes);
      done(null, chunk);
    },
  });
  try {
    await replaceFile(target, provisioning, async (output) => {
      const written = pipeline(counted, output, { signal });
      await bothOrNeither(communicator.download(source, counted, signal), written, counted);
    });
  } finally {
    progress.done();
  }
}

/** A fault of the one must not leave the other waiting; that of the download is the one to tell. */
async function bothOrNeither(downloaded: Promise<void>, written: Promise<void>, between: Transform): Promise<void> {
  const [download, write] = await Promise.allSettled([
    downloaded.catch((fault) => {
      between.destroy();
      throw fault;
    }),
    written,
  ]);
  if (download.status === "rejected") throw download.reason;
  if (write.status === "rejected") throw write.reason;
}

function targetOf(source: string, destination: string): string {
  return destination.endsWith("/") ? `${destination}${posix.basename(source)}` : destination;
}
