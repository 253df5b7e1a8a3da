import { randomBytes } from "node:crypto";
import { basename } from "node:path";
import type { Provisioning } from "../../../sdk/component.ts";
import { Failure } from "../../../sdk/failure.ts";
import { uploadStream } from "../../../sdk/upload-stream.ts";

/** Copies one file or folder of this machine into the guest. Links are followed for a file. */
export async function upload(source: string, destination: string, provisioning: Provisioning): Promise<void> {
  const { host, communicator, signal } = provisioning;
  provisioning.say(`Uploading ${source} => ${destination}`);
  const stat = await host.files.stat(source);
  if (stat === undefined) throw new Failure(`Cannot upload ${source}: there is no such file in ${host.cwd}`);
  const progress = provisioning.progress(source, stat.kind === "folder" ? undefined : stat.size);
  const onProgress = (bytes: number): void => progress.update(bytes);
  try {
    if (stat.kind === "folder") {
      return await communicator.uploadFolder(
        host.files.resolve(source) + slashOf(source),
        destination,
        { onProgress },
        signal,
      );
    }
    const path = inFolder(destination, basename(source));
    const options = { size: stat.size, mode: stat.mode & 0o7777, onProgress };
    await uploadStream(communicator, host.files.reader(source), path, options, signal);
  } finally {
    progress.done();
  }
}

/** Writes text into a file of the guest that only its owner may read, as Packer does. */
export async function uploadContent(content: string, destination: string, provisioning: Provisioning): Promise<void> {
  const bytes = Buffer.from(content);
  const path = inFolder(destination, `content-${randomBytes(4).toString("hex")}`);
  provisioning.say(`Uploading content => ${path}`);
  await provisioning.communicator.upload(bytes, path, { size: bytes.length, mode: 0o600 }, provisioning.signal);
}

/** `destination/` is a folder that takes the name in. */
function inFolder(destination: string, name: string): string {
  return destination.endsWith("/") ? `${destination}${name}` : destination;
}

/** Resolving a path takes the slash off that says "what is in it". */
function slashOf(path: string): string {
  return path.endsWith("/") ? "/" : "";
}
